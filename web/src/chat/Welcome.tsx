import { Bubble } from '../chatui';
import { zh } from '../locales/zh';

/** The first words, and a few questions to start with as long as nothing was said. */
export function Welcome({ onSuggest }: { onSuggest: ((text: string) => void) | undefined }) {
  return (
    <div className="fx-message fx-from-bot fx-welcome">
      <Bubble type="text">{zh.Welcome.greeting}</Bubble>
      {onSuggest ? (
        <div className="fx-quick" role="group" aria-label={zh.Welcome.hint}>
          <p className="fx-quick-prompt">{zh.Welcome.hint}</p>
          <div className="fx-quick-options">
            {zh.Welcome.suggestions.map((text) => (
              <button key={text} type="button" className="fx-quick-option" data-testid="suggestion" onClick={() => onSuggest(text)}>
                {text}
              </button>
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}
