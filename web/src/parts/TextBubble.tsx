import { Bubble } from '../chatui';
import { useId, useState } from 'react';
import { zh } from '../locales/zh';
import type { TextPart } from '../wire';
import { PlainText } from './PlainText';

/** What was said, and the long form behind 「展开」. */
export function TextBubble({ part }: { part: TextPart }) {
  const [isOpen, setOpen] = useState(false);
  const detailId = useId();
  return (
    <Bubble type="text">
      <PlainText text={part.text} />
      {part.detail ? (
        <>
          {isOpen ? (
            <div className="fx-detail" id={detailId}>
              <PlainText text={part.detail} />
            </div>
          ) : null}
          <button
            type="button"
            className="fx-expand"
            data-testid="expand"
            aria-expanded={isOpen}
            aria-controls={isOpen ? detailId : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? zh.Text.collapse : zh.Text.expand}
          </button>
        </>
      ) : null}
    </Bubble>
  );
}
