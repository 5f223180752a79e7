import { zh } from '../locales/zh';
import type { CannedReply } from './wire';

interface Props {
  replies: readonly CannedReply[];
  chosen: number;
  onTake: (reply: CannedReply) => void;
}

/** Replies to choose from while one types; the cursor stays in the input. */
export function CannedList({ replies, chosen, onTake }: Props) {
  if (replies.length === 0) return <div className="desk-canned desk-soft" data-testid="canned-list">{zh.desk.Composer.cannedNone}</div>;
  return (
    <ul className="desk-canned" role="listbox" aria-label={zh.desk.Composer.canned} data-testid="canned-list">
      {replies.map((reply, index) => (
        <li key={reply.id} role="option" aria-selected={index === chosen} className={index === chosen ? 'is-chosen' : undefined}
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(reply);
          }}>
          <b>/{reply.shortcut}</b>
          <span>{reply.text}</span>
        </li>
      ))}
    </ul>
  );
}
