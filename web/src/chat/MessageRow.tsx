import { memo } from 'react';
import { timeOfDay } from '../clock';
import { zh } from '../locales/zh';
import { PlainText } from '../parts/PlainText';
import { ReplyPartView } from '../parts/ReplyPartView';
import type { Message, Option } from '../wire';
import type { ListRow } from './rows';

interface Props {
  row: Extract<ListRow, { kind: 'message' }>;
  onChoose: (option: Option) => void;
}

/** One message with all its parts. */
export const MessageRow = memo(
  function MessageRow({ row, onChoose }: Props) {
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
          </div>
        )}
      </>
    );
  },
  // Rows are rebuilt on every change of the state; a message itself never changes.
  (before, after) =>
    before.row.message === after.row.message &&
    before.row.isPast === after.row.isPast &&
    before.row.showsTime === after.row.showsTime &&
    before.onChoose === after.onChoose,
);

function speakerOf(message: Message): string {
  switch (message.sender) {
    case 'customer':
      return zh.MessageList.you;
    case 'bot':
      return zh.MessageList.bot;
    case 'agent':
      return message.author_name ?? zh.MessageList.agent;
    case 'system':
      return '';
    default:
      return message.sender satisfies never;
  }
}
