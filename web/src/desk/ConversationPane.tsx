import { Alert, Button, Tag } from 'antd';
import { zh } from '../locales/zh';
import { DeskError, deskApi } from './api';
import { DeskComposer } from './DeskComposer';
import { useDesk } from './deskContext';
import { Failed, Loading, Nothing } from './states';
import { TicketActions } from './TicketActions';
import { isHelper, isMine, isOfferedTo } from './ticketBook';
import { DueText } from './TicketItem';
import { dueOf } from './due';
import { TranscriptView } from './TranscriptView';
import { useNow } from './useNow';
import type { Ticket } from './wire';
import { timeAt } from './serverClock';

const words = zh.desk.Transcript;
const COLOURS = { bot: 'default', queued: 'gold', human: 'green', closed: 'default' } as const;

interface Props {
  conversationId: string | null;
  /** The conversation's open ticket, or the one that was chosen from the list. */
  ticket: Ticket | null;
  onBack: () => void;
  onPanel: () => void;
}

export function ConversationPane({ conversationId, ticket, onBack, onPanel }: Props) {
  const { agent, desk, open, onChanged, onError } = useDesk();
  const now = useNow();
  if (conversationId === null) return <section className="desk-conversation desk-conversation-empty"><Nothing text={words.empty} /></section>;
  const { transcript } = open;
  const mode = transcript?.conversation.mode;
  const refused = (error: unknown) => {
    onError(error);
    // Somebody else was quicker, or the ticket is no longer ours: show how it stands.
    if (error instanceof DeskError && error.status === 409) {
      desk.reload();
      void open.reload();
    }
  };
  const due = ticket ? dueOf(ticket, now, desk.warned.has(ticket.id)) : null;
  const canWrite = ticket !== null && (isMine(ticket, agent) || isHelper(ticket, agent));
  return (
    <section className="desk-conversation">
      <header className="desk-conversation-head">
        <div className="desk-conversation-title">
          <Button className="desk-only-phone" type="text" aria-label={zh.desk.App.back} onClick={onBack} data-testid="back">‹</Button>
          <h2>{ticket?.reason_label ?? zh.desk.App.screens.conversation}</h2>
          {mode ? <Tag color={COLOURS[mode]} data-testid="desk-mode">{words.modes[mode]}</Tag> : null}
          {due ? <DueText due={due} /> : null}
          <Button className="desk-panel-button" size="small" onClick={onPanel} data-testid="open-panel">{zh.desk.Panel.open}</Button>
        </div>
        {ticket && ticket.status !== 'closed' ? <TicketActions key={ticket.id} ticket={ticket} onRefused={refused} /> : null}
        {mode === 'bot' && (ticket === null || ticket.status === 'closed') ? (
          <Button type="primary" data-testid="step-in" onClick={() => void deskApi.stepIn(conversationId).then(onChanged, refused)}>{zh.desk.Actions.stepIn}</Button>
        ) : null}
      </header>
      {transcript ? <TranscriptView key={conversationId} transcript={transcript} notes={open.notes} isTyping={open.isTyping} /> : null}
      {!transcript && open.failure ? <Failed error={open.failure} onRetry={() => void open.reload()} /> : null}
      {!transcript && !open.failure ? <Loading /> : null}
      {transcript ? (
        <>
          {ticket?.help ? <Alert type="info" banner showIcon={false} message={zh.desk.Help.standing(ticket.help.supervisor_name, ticket.help.why)} data-testid="help-standing" /> : null}
          <Standing ticket={ticket} isMine={canWrite} isOffered={ticket !== null && isOfferedTo(ticket, agent)} mode={mode} />
          <DeskComposer key={conversationId} conversationId={conversationId} canReply={canWrite} onRefused={refused} />
        </>
      ) : null}
    </section>
  );
}

function Standing({ ticket, isMine: mine, isOffered, mode }: { ticket: Ticket | null; isMine: boolean; isOffered: boolean; mode: string | undefined }) {
  const text = standingOf(ticket, mine, isOffered, mode);
  return text === null ? null : <Alert type={mine ? 'warning' : 'info'} banner showIcon={false} message={text} />;
}

function standingOf(ticket: Ticket | null, mine: boolean, isOffered: boolean, mode: string | undefined): string | null {
  if (ticket === null || ticket.status === 'closed') return mode === 'bot' ? words.botServes : words.closedNow;
  switch (ticket.status) {
    case 'waiting':
      return words.claimFirst;
    case 'offered':
      return isOffered ? words.offeredFirst : zh.desk.TicketList.offeredTo(ticket.agent_name ?? '');
    case 'active':
      return mine ? null : words.heldByOther(ticket.agent_name ?? words.agent);
    case 'on_hold':
      return words.onHold(ticket.hold_until ? timeAt(ticket.hold_until) : '', ticket.hold_reason ?? '');
    default:
      return ticket.status satisfies never;
  }
}
