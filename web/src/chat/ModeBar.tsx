import { zh } from '../locales/zh';
import type { ModeState } from '../wire';

const HANDOFF = '/human_agent';
const LEAVE_QUEUE = '/leave_queue';

interface Props {
  state: ModeState;
  onPress: (payload: string, title: string) => void;
}

/** Who speaks with the customer now, and the way to a person, which is always in reach. */
export function ModeBar({ state, onPress }: Props) {
  const isQueued = state.mode === 'queued';
  return (
    <div className={`fx-mode fx-mode-${state.mode}`} data-testid="mode-bar" data-mode={state.mode}>
      <span className="fx-mode-dot" aria-hidden="true" />
      <span className="fx-mode-text" role="status">
        {wordsFor(state)}
      </span>
      {isQueued ? (
        <button type="button" className="fx-mode-button" data-testid="leave-queue" onClick={() => onPress(LEAVE_QUEUE, zh.ModeBar.leave)}>
          {zh.ModeBar.leave}
        </button>
      ) : null}
      {state.mode === 'bot' || state.mode === 'closed' ? (
        <button type="button" className="fx-mode-button" data-testid="handoff-button" onClick={() => onPress(HANDOFF, zh.ModeBar.handoff)}>
          {zh.ModeBar.handoff}
        </button>
      ) : null}
    </div>
  );
}

function wordsFor({ mode, agent_name, ahead }: ModeState): string {
  switch (mode) {
    case 'bot':
      return zh.ModeBar.bot;
    case 'queued':
      return ahead === null ? zh.ModeBar.queued : `${zh.ModeBar.queued}，${zh.ModeBar.ahead(ahead)}`;
    case 'human':
      return zh.ModeBar.human(agent_name ?? zh.ModeBar.agent);
    case 'closed':
      return zh.ModeBar.closed;
    default:
      return mode satisfies never;
  }
}
