import { zh } from '../locales/zh';
import type { Option, QuickRepliesPart } from '../wire';
import { PlainText } from './PlainText';

interface Props {
  part: QuickRepliesPart;
  /** Absent where the conversation is only read, as on the desk. */
  onChoose?: ((option: Option) => void) | undefined;
  /** The conversation moved on: what was offered then is not an answer to what is asked now. */
  isPast: boolean;
}

export function QuickReplyButtons({ part, onChoose, isPast }: Props) {
  return (
    <div className="fx-quick" role="group" aria-label={part.prompt ?? zh.QuickReplies.label}>
      {part.prompt ? (
        <p className="fx-quick-prompt">
          <PlainText text={part.prompt} />
        </p>
      ) : null}
      <div className="fx-quick-options">
        {part.options.map((option) => (
          <button
            key={option.payload + option.title}
            type="button"
            className="fx-quick-option"
            data-testid="quick-reply"
            disabled={isPast || !onChoose}
            onClick={() => onChoose?.(option)}
          >
            {option.title}
          </button>
        ))}
      </div>
    </div>
  );
}
