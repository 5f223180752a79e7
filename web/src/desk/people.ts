import { zh } from '../locales/zh';
import type { Colleague, Presence, Skill } from './wire';

const words = zh.desk;

export const SKILLS: readonly Skill[] = ['before_loan', 'application', 'after_loan', 'complaint'];
const NEARNESS: Record<Presence, number> = { online: 0, away: 1, offline: 2 };

/** Who could take a customer: those who are there first, the least busy first; `except` is left out. */
export function colleagueOptions(colleagues: readonly Colleague[], except: string | null): { value: string; label: string }[] {
  return colleagues
    .filter(({ id, is_enabled }) => is_enabled && id !== except)
    .sort((a, b) => NEARNESS[a.presence] - NEARNESS[b.presence] || a.load - b.load)
    .map((one) => ({ value: one.id, label: `${one.display_name} · ${words.Presence[one.presence]} · ${words.People.loadOf(one.load, one.capacity)}` }));
}
