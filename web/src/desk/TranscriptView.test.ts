import { expect, it } from 'vitest';
import { message } from '../testing/messages';
import { inOrder } from './TranscriptView';
import type { Note } from './wire';

const note = (id: string, at: string): Note => ({ id, conversation_id: 'c', kind: 'note', author_name: '林晓', text: '', at });

it('a note stands where it was written, the last ones at the end', () => {
  const messages = [{ ...message(1), at: '2026-11-24T02:00:00Z' }, { ...message(2), at: '2026-11-24T02:05:00Z' }];
  const rows = inOrder(messages, [note('b', '2026-11-24T02:06:00Z'), note('a', '2026-11-24T02:01:00Z')]);
  expect(rows.map((row) => (row.kind === 'note' ? row.note.id : row.message.seq))).toEqual([1, 'a', 2, 'b']);
});
