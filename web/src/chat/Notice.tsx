import { zh } from '../locales/zh';

/** Something that the customer should know and can put away. */
export function Notice({ words, onClose }: { words: string; onClose: () => void }) {
  return (
    <div className="fx-notice" data-testid="notice" role="alert">
      <span>{words}</span>
      <button type="button" onClick={onClose}>
        {zh.Notice.close}
      </button>
    </div>
  );
}
