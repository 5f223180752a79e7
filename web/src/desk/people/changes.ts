import type { AccountChange } from '../apiScreens';
import type { Agent, Role, Skill } from '../wire';

export interface AccountFields {
  name?: string;
  display_name?: string;
  role?: Role;
  skills?: Skill[];
  capacity?: number;
  is_enabled?: boolean;
  password?: string;
  /** As typed, see `hours.ts`. */
  hours?: string;
}

/** Only what is different is sent: what an admin alone may set must not stand in a supervisor's order. */
export function changesOf(known: Agent & { is_enabled: boolean }, given: AccountFields): AccountChange {
  const change: AccountChange = {};
  if (given.display_name && given.display_name !== known.display_name) change.display_name = given.display_name;
  if (given.role && given.role !== known.role) change.role = given.role;
  if (given.skills && [...given.skills].sort().join() !== [...known.skills].sort().join()) change.skills = given.skills;
  if (given.capacity && given.capacity !== known.capacity) change.capacity = given.capacity;
  if (given.is_enabled !== undefined && given.is_enabled !== known.is_enabled) change.is_enabled = given.is_enabled;
  if (given.password) change.password = given.password;
  return change;
}
