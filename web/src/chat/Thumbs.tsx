import { zh } from '../locales/zh';

interface Props {
  /** Undefined as long as the customer gave none. */
  opinion: boolean | undefined;
  onRate: (isHelpful: boolean) => void;
}

/** Whether an answer was of use. */
export function Thumbs({ opinion, onRate }: Props) {
  return (
    <div className="fx-thumbs" role="group" aria-label={zh.Thumbs.label}>
      <Thumb isUp isPressed={opinion === true} onPress={() => onRate(true)} />
      <Thumb isUp={false} isPressed={opinion === false} onPress={() => onRate(false)} />
      <span role="status">{opinion === undefined ? '' : opinion ? zh.Thumbs.thanks : zh.Thumbs.sorry}</span>
    </div>
  );
}

function Thumb({ isUp, isPressed, onPress }: { isUp: boolean; isPressed: boolean; onPress: () => void }) {
  const words = isUp ? zh.Thumbs.up : zh.Thumbs.down;
  return (
    <button type="button" className={isUp ? 'fx-thumb' : 'fx-thumb fx-thumb-down'} aria-pressed={isPressed} aria-label={words} title={words}
      data-testid={isUp ? 'thumb-up' : 'thumb-down'} onClick={onPress}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M7 10.5v9H4v-9zm0 0 4.2-7a2 2 0 0 1 2.6 2.4l-1 3.6h5.4a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7" />
      </svg>
    </button>
  );
}
