import { useStickToEnd } from '../chat/useStickToEnd';
import { zh } from '../locales/zh';
import { ReplyPartView } from '../parts/ReplyPartView';
import { NoteView } from './NoteView';
import { Understood } from './Understood';
import type { DeskMessage, Note, Transcript, Understanding } from './wire';
import { timeAt } from './serverClock';

const words = zh.desk.Transcript;

interface Props {
  transcript: Transcript;
  notes: readonly Note[];
  isTyping: boolean;
}

/** What was said, by whom and when, under each turn of the customer what the bot made of it, and notes where they were written. */
export function TranscriptView({ transcript, notes, isTyping }: Props) {
  const { messages, turns } = transcript;
  const own = notes.filter(({ conversation_id }) => conversation_id === transcript.conversation.id);
  const lastKey = [messages.at(-1)?.id, own.at(-1)?.id, isTyping].join(' ');
  const { scroller, content, onScroll, hasUnseen, toEnd } = useStickToEnd(lastKey, messages.at(-1)?.sender === 'agent');
  const byTurn = new Map(turns.map((turn) => [turn.id, turn.understood]));
  return (
    <div className="desk-transcript-holder">
      <div className="desk-transcript" ref={scroller} onScroll={onScroll} data-testid="transcript" role="log" aria-live="polite"
        aria-label={words.label} tabIndex={0}>
        <div ref={content} className="desk-transcript-inner">
          {inOrder(messages, own).map((row) =>
            row.kind === 'note'
              ? <NoteView key={row.note.id} note={row.note} />
              : <DeskMessageView key={row.message.id} message={row.message} understood={understoodOf(messages, row.at, byTurn)} />,
          )}
          {isTyping ? <p className="desk-typing" data-testid="customer-typing">{words.customerTyping}</p> : null}
        </div>
      </div>
      {hasUnseen ? <button type="button" className="desk-unseen" onClick={toEnd}>{zh.MessageList.newMessages} ↓</button> : null}
    </div>
  );
}

type Row = { kind: 'message'; message: DeskMessage; at: number } | { kind: 'note'; note: Note };

/** Messages keep the order of their numbers; a note stands before the first message that came after it. */
export function inOrder(messages: readonly DeskMessage[], notes: readonly Note[]): Row[] {
  const rows: Row[] = [];
  const left = [...notes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  messages.forEach((message, at) => {
    while (left[0] && Date.parse(left[0].at) < Date.parse(message.at)) rows.push({ kind: 'note', note: left.shift()! });
    rows.push({ kind: 'message', message, at });
  });
  return [...rows, ...left.map((note): Row => ({ kind: 'note', note }))];
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
        {message.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'quick_replies' ? part.prompt : '')).join(' ')} <time dateTime={message.at}>{timeAt(message.at)}</time>
      </div>
    );
  }
  return (
    <article className={`fx-message fx-from-${message.sender}`} {...marks}>
      <header className="desk-who">
        {speakerOf(message)} <time dateTime={message.at}>{timeAt(message.at)}</time>
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
