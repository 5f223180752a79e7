import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { AGENT, ticket } from '../testing/tickets';
import * as alerts from './alerts';
import { useAlerts } from './useAlerts';
import type { DeskLine } from './useDeskSocket';
import type { Agent, Ticket } from './wire';

/** A line whose events are given by hand. */
function line() {
  const heard = new Map<string, (event: Ticket) => void>();
  const socket = { on: (name: string, hear: (event: Ticket) => void) => heard.set(name, hear), off: () => undefined };
  return { line: { socket, isOnline: true, generation: 1 } as unknown as DeskLine, say: (name: string, event: Ticket) => heard.get(name)?.(event) };
}

it('rings for a supervisor who is wanted, not for who asked', () => {
  const ring = vi.spyOn(alerts, 'ring').mockImplementation(() => undefined);
  const onRing = vi.fn();
  const { line: desk, say } = line();
  const supervisor: Agent = { ...AGENT, id: 's1', role: 'supervisor' };
  renderHook(() => useAlerts({ line: desk, agent: supervisor, openConversation: null, mine: new Set(), onOpen: () => undefined, onRing }));
  const help = { why: '需要特批', asked_at: '2026-11-20T09:00:00Z', supervisor_id: null, supervisor_name: null };
  say('help', ticket('1', { status: 'active', agent_id: 's1', agent_name: '周', help }));
  expect(ring).not.toHaveBeenCalled();
  say('help', ticket('2', { status: 'active', agent_id: 'a2', agent_name: '林晓', help }));
  expect(ring).toHaveBeenCalledWith(true);
  expect(onRing).toHaveBeenCalledWith('林晓请主管：需要特批', false);
});
