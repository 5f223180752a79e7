import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { useDesk } from './deskContext';
import type { Dialog } from './dialogs/TicketDialog';
import { isHelper, isMine, isOfferedTo, isQueued } from './ticketBook';
import { useShortcuts } from './useShortcuts';
import type { Ticket } from './wire';

const words = zh.desk.Actions;

const TicketDialog = lazy(() => import('./dialogs/TicketDialog'));

/** What this agent may do with the ticket now. */
export function TicketActions({ ticket, onRefused }: { ticket: Ticket; onRefused: (error: unknown) => void }) {
  const { agent, isSupervisor, onChanged } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const mine = isMine(ticket, agent);
  const offered = isOfferedTo(ticket, agent);
  const canClaim = ticket.status === 'waiting' || offered;

  const run = async (action: () => Promise<Ticket>) => {
    if (isBusy) return;
    setBusy(true);
    try {
      onChanged(await action());
      setDialog(null);
    } catch (error) {
      onRefused(error);
    } finally {
      setBusy(false);
    }
  };
  const claim = () => void run(() => deskApi.claim(ticket.id));
  const refuse = () => void run(() => deskApi.refuse(ticket.id));
  const resume = () => void run(() => deskApi.resume(ticket.id));
  const leaveHelp = () => void run(() => deskApi.leaveHelp(ticket.id));
  const canJoin = isSupervisor && !mine && ticket.help?.supervisor_id === null;
  const isOnHold = ticket.status === 'on_hold';
  useShortcuts({
    KeyA: canClaim ? claim : null,
    KeyR: offered ? refuse : null,
    KeyH: mine ? () => (isOnHold ? resume() : setDialog('hold')) : null,
    KeyT: mine ? () => setDialog('pass') : null,
    KeyB: mine ? () => setDialog('back') : null,
    KeyC: mine ? () => setDialog('close') : null,
  });
  const { make } = zh.desk.Promises;
  const others = [
    ...(mine || isHelper(ticket, agent) ? [
      { key: 'promise-call', label: make.promised_call_back, onClick: () => setDialog('callBack') },
      { key: 'promise-plan', label: make.written_plan, onClick: () => setDialog('plan') },
    ] : []),
    ...(isSupervisor && !mine && ticket.status !== 'closed' ? [{ key: 'take-over', label: words.takeOver, onClick: () => void run(() => deskApi.takeOver(ticket.id)) }] : []),
    ...(isSupervisor && ticket.status !== 'closed' ? [{ key: 'assign', label: words.assign, onClick: () => setDialog('assign') }] : []),
  ];
  return (
    <div className="desk-actions">
      {canClaim ? <Button type="primary" loading={isBusy} data-testid="claim" onClick={claim}>{offered ? words.accept : words.claim}</Button> : null}
      {offered ? <Button disabled={isBusy} data-testid="refuse" onClick={refuse}>{words.refuse}</Button> : null}
      {mine ? (
        <>
          {isOnHold
            ? <Button type="primary" disabled={isBusy} data-testid="resume" onClick={resume}>{words.resume}</Button>
            : <Button disabled={isBusy} data-testid="hold" onClick={() => setDialog('hold')}>{words.hold}</Button>}
          <Button disabled={isBusy} data-testid="pass-on" onClick={() => setDialog('pass')}>{words.passOn}</Button>
          {ticket.help
            ? <Button disabled={isBusy} data-testid="end-help" onClick={leaveHelp}>{zh.desk.Help.end}</Button>
            : <Button disabled={isBusy} data-testid="ask-help" onClick={() => setDialog('help')}>{zh.desk.Help.ask}</Button>}
          <Button disabled={isBusy} data-testid="hand-back" onClick={() => setDialog('back')}>{words.handBack}</Button>
          <Button danger disabled={isBusy} data-testid="close-ticket" onClick={() => setDialog('close')}>{words.close}</Button>
        </>
      ) : null}
      {canJoin ? <Button type="primary" disabled={isBusy} data-testid="join-help" onClick={() => void run(() => deskApi.joinHelp(ticket.id))}>{zh.desk.Help.join}</Button> : null}
      {isHelper(ticket, agent) ? <Button disabled={isBusy} data-testid="leave-help" onClick={leaveHelp}>{zh.desk.Help.leave}</Button> : null}
      {others.length > 0 ? (
        mine || isQueued(ticket)
          ? <Dropdown menu={{ items: others.map(({ key, label, onClick }) => ({ key, label, onClick })) }} trigger={['click']}><Button data-testid="more">{words.more}</Button></Dropdown>
          : others.map(({ key, label, onClick }) => <Button key={key} disabled={isBusy} data-testid={key} onClick={onClick}>{label}</Button>)
      ) : null}
      <Suspense fallback={null}>{dialog ? <TicketDialog dialog={dialog} ticket={ticket} isBusy={isBusy} run={run} onCancel={() => setDialog(null)} /> : null}</Suspense>
    </div>
  );
}
