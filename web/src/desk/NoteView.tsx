import { zh } from '../locales/zh';
import type { Note } from './wire';
import { timeAt } from './serverClock';

const words = zh.desk.Transcript;

/** A word among colleagues; it says of itself that the customer does not see it. */
export function NoteView({ note }: { note: Note }) {
  return (
    <aside className={`desk-note is-${note.kind}`} data-testid="note" data-kind={note.kind}>
      <header className="desk-who">
        <b>{words[note.kind]}</b> · {words.invisible} · {note.author_name} <time dateTime={note.at}>{timeAt(note.at)}</time>
      </header>
      <p>{note.text}</p>
    </aside>
  );
}
