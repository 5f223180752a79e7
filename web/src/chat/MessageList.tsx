import { Typing } from '../chatui';
import { zh } from '../locales/zh';
import { Fallback } from '../parts/Fallback';
import type { Option } from '../wire';
import type { ChatState } from './chatState';
import { MessageRow } from './MessageRow';
import { OutgoingRow } from './OutgoingRow';
import { listRows } from './rows';
import { UploadRow } from './UploadRow';
import { useStickToEnd } from './useStickToEnd';
import { Welcome } from './Welcome';

interface Props {
  state: ChatState;
  onChoose: (option: Option) => void;
  onRate: (seq: number, isHelpful: boolean) => void;
  onSuggest: (text: string) => void;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
  onRetryUpload: (clientId: string) => void;
  onDiscardUpload: (clientId: string) => void;
}

export function MessageList({ state, onChoose, onRate, onSuggest, onRetry, onDiscard, onRetryUpload, onDiscardUpload }: Props) {
  const rows = listRows(state.log.messages, state.entries);
  const lastUpload = state.uploads.at(-1)?.clientId;
  const lastKey = state.typing ? 'typing' : (lastUpload ?? rows.at(-1)?.key);
  const { scroller, content, onScroll, hasUnseen, toEnd } = useStickToEnd(lastKey, lastUpload !== undefined || rows.at(-1)?.kind === 'outgoing');
  // Not while the log is still coming: the buttons would flash up and vanish.
  const isAtStart = rows.length === 0 && state.uploads.length === 0 && (state.isLoaded || state.link !== 'connecting');
  return (
    <div className="fx-list-holder">
      <div className="fx-list" ref={scroller} onScroll={onScroll} tabIndex={0} aria-label={zh.MessageList.label}
        role="log" aria-live="polite" aria-relevant="additions" aria-busy={!state.isLoaded}>
        <div ref={content} className="fx-list-inner">
          <Welcome onSuggest={isAtStart ? onSuggest : undefined} />
          {rows.map((row) =>
            row.kind === 'message' ? (
              <Fallback key={row.key} instead={<p className="fx-system">{zh.MessageList.broken}</p>}>
                <MessageRow row={row} opinion={state.opinions[row.message.seq]} onChoose={onChoose} onRate={onRate} />
              </Fallback>
            ) : (
              <OutgoingRow key={row.key} entry={row.entry} text={row.text} onRetry={onRetry} onDiscard={onDiscard} />
            ),
          )}
          {state.uploads.map((upload) => (
            <UploadRow key={upload.clientId} upload={upload} onRetry={onRetryUpload} onDiscard={onDiscardUpload} />
          ))}
          {state.typing ? (
            <div className="fx-message fx-from-bot" data-testid="typing">
              <Typing text={zh.MessageList.typing[state.typing]} />
            </div>
          ) : null}
        </div>
      </div>
      {hasUnseen ? (
        <button type="button" className="fx-unseen" onClick={toEnd}>
          {zh.MessageList.newMessages} ↓
        </button>
      ) : null}
    </div>
  );
}
