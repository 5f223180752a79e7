import { timeOfDay } from '../clock';
import { useStickToEnd } from '../chat/useStickToEnd';
import { zh } from '../locales/zh';
import { ReplyPartView } from '../parts/ReplyPartView';
import { Understood } from './Understood';
import type { DeskMessage, Transcript, Understanding } from './wire';

const words = zh.desk.Transcript;

/** What was said, by whom and when, and under each turn of the customer what the bot made of it. */
export function TranscriptView({ transcript }: { transcript: Transcript }) {
  const { messages, turns } = transcript;
  const { scroller, content, onScroll, hasUnseen, toEnd } = useStickToEnd(messages.at(-1)?.id, messages.at(-1)?.sender === 'agent');
  const byTurn = new Map(turns.map((turn) => [turn.id, turn.understood]));
  return (
    <div className="desk-transcript-holder">
      <div className="desk-transcript" ref={scroller} onScroll={onScroll} data-testid="transcript" role="log" aria-live="polite"
        aria-label={words.label} tabIndex={0}>
        <div ref={content} className="desk-transcript-inner">
          {messages.map((message, index) => (
            <DeskMessageView key={message.id} message={message} understood={understoodOf(messages, index, byTurn)} />
          ))}
        </div>
      </div>
      {hasUnseen ? <button type="button" className="desk-unseen" onClick={toEnd}>{zh.MessageList.newMessages} ↓</button> : null}
    </div>
  );
}

/** A turn may hold several messages of a customer; what was understood stands under the last of them. */
function understoodOf(messages: readonly DeskMessage[], at: number, byTurn: ReadonlyMap<string, Understanding[]>): Understanding[] {
  const message = messages[at];
  if (!message?.turn_id || message.sender !== 'customer') return [];
  const isLastOfTurn = !messages.slice(at + 1).some(({ sender, turn_id }) => sender === 'customer' && turn_id === message.turn_id);
  return isLastOfTurn ? (byTurn.get(message.turn_id) ?? []) : [];
}

function DeskMessageView({ message, understood }: { message: DeskMessage; understood: Understanding[] }) {
  const marks = { 'data-testid': 'desk-message', 'data-sender': message.sender, 'data-seq': message.seq };
  if (message.sender === 'system') {
    return (
      <div className="desk-system" {...marks}>
        {message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' ')} <time dateTime={message.at}>{timeOfDay(message.at)}</time>
      </div>
    );
  }
  return (
    <article className={`fx-message fx-from-${message.sender}`} {...marks}>
      <header className="desk-who">
        {speakerOf(message)} <time dateTime={message.at}>{timeOfDay(message.at)}</time>
      </header>
      {message.parts.map((part, index) => (
        <ReplyPartView key={index} part={part} isPast />
      ))}
      {understood.map((one, index) => (
        <Understood key={index} understood={one} />
      ))}
    </article>
  );
}

function speakerOf(message: DeskMessage): string {
  return message.author_name ?? words[message.sender];
}
