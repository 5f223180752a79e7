import { memo } from 'react';
import { timeOfDay } from '../clock';
import { PlainText } from '../parts/PlainText';
import { ReplyPartView } from '../parts/ReplyPartView';
import type { Option } from '../wire';
import type { ListRow } from './rows';
import { speakerOf } from './speaker';
import { Thumbs } from './Thumbs';

interface Props {
  row: Extract<ListRow, { kind: 'message' }>;
  opinion: boolean | undefined;
  onChoose: (option: Option) => void;
  onRate: (seq: number, isHelpful: boolean) => void;
}

/** One message with all its parts. */
export const MessageRow = memo(
  function MessageRow({ row, opinion, onChoose, onRate }: Props) {
    const { message } = row;
    const marks = { 'data-testid': 'message', 'data-sender': message.sender, 'data-seq': message.seq };
    return (
      <>
        {row.showsTime ? <time className="fx-time" dateTime={message.at}>{timeOfDay(message.at)}</time> : null}
        {message.sender === 'system' ? (
          <div className="fx-system" {...marks}>
            {message.parts.map((part, index) => part.kind === 'text' ? <PlainText key={index} text={part.text} /> : <ReplyPartView key={index} part={part} onChoose={onChoose} isPast={row.isPast} />)}
          </div>
        ) : (
          <div className={`fx-message fx-from-${message.sender}`} {...marks}>
            <span className={message.sender === 'agent' ? 'fx-author' : 'fx-unseen-label'}>{speakerOf(message)}</span>
            {message.parts.map((part, index) => (
              <ReplyPartView key={index} part={part} onChoose={onChoose} isPast={row.isPast} />
            ))}
            {row.isAnswer ? <Thumbs opinion={opinion} onRate={(isHelpful) => onRate(message.seq, isHelpful)} /> : null}
          </div>
        )}
      </>
    );
  },
  // Rows are rebuilt on every change of the state; a message itself never changes.
  (before, after) =>
    before.row.message === after.row.message &&
    before.row.isPast === after.row.isPast &&
    before.row.isAnswer === after.row.isAnswer &&
    before.row.showsTime === after.row.showsTime &&
    before.opinion === after.opinion &&
    before.onRate === after.onRate &&
    before.onChoose === after.onChoose,
);
