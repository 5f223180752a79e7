import { zh } from '../../locales/zh';
import { NoteView } from '../NoteView';
import type { Note } from '../wire';

/** What colleagues wrote at this customer's other conversations. */
export function EarlierNotes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <section className="desk-section">
      <h3>{zh.desk.Panel.earlierNotes}</h3>
      {notes.map((note) => <NoteView key={note.id} note={note} />)}
    </section>
  );
}
