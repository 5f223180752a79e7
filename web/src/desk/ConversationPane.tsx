import { Alert, Empty, Spin, Tag } from 'antd';
import { zh } from '../locales/zh';
import { DeskComposer } from './DeskComposer';
import { TicketActions } from './TicketActions';
import { isMine } from './ticketBook';
import { TranscriptView } from './TranscriptView';
import type { Agent, DeskMessage, Ticket, Transcript } from './wire';

const words = zh.desk.Transcript;

interface Props {
  ticket: Ticket | null;
  transcript: Transcript | null;
  agent: Agent;
  onChanged: (ticket: Ticket) => void;
  onSent: (message: DeskMessage) => void;
  onError: (error: unknown) => void;
  onNothing: () => void;
}

export function ConversationPane({ ticket, transcript, agent, onChanged, onSent, onError, onNothing }: Props) {
  if (ticket === null) {
    return <section className="desk-conversation desk-conversation-empty"><Empty description={words.empty} /></section>;
  }
  const mode = transcript?.conversation.mode;
  return (
    <section className="desk-conversation">
      <header className="desk-conversation-head">
        <div>
          <h2>{ticket.reason_label}</h2>
          {mode ? <Tag color={mode === 'human' ? 'green' : mode === 'queued' ? 'gold' : 'default'}>{words.modes[mode]}</Tag> : null}
        </div>
        <div className="desk-actions">
          <TicketActions key={ticket.id} ticket={ticket} agent={agent} onChanged={onChanged} onError={onError} />
        </div>
      </header>
      {transcript ? <TranscriptView key={transcript.conversation.id} transcript={transcript} /> : <Spin className="desk-spin" />}
      {isMine(ticket, agent) ? (
        <DeskComposer key={ticket.id} conversationId={ticket.conversation_id} onSent={onSent} onError={onError} onNothing={onNothing} />
      ) : (
        <Alert type="info" banner showIcon={false} message={whyNoComposer(ticket)} />
      )}
    </section>
  );
}

function whyNoComposer(ticket: Ticket): string {
  switch (ticket.status) {
    case 'waiting':
      return words.claimFirst;
    case 'active':
      return words.heldByOther(ticket.agent_name ?? words.agent);
    case 'closed':
      return words.closedNow;
    default:
      return ticket.status satisfies never;
  }
}
