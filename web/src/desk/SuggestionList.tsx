import { Button } from 'antd';
import { zh } from '../locales/zh';
import type { ReplyPart } from '../wire';
import { deskApi } from './api';
import { Failed, Loading } from './states';
import { percent } from './Understood';
import { useLoaded } from './useLoaded';

const words = zh.desk.Composer;

/** Below this it is no suggestion but what was left over. */
const LEAST = 0.02;

interface Props {
  conversationId: string;
  onTake: (text: string) => void;
  onSend: (text: string) => void;
  onClose: () => void;
}

/** What the bot would answer, up to three, to be sent or changed first. */
export function SuggestionList({ conversationId, onTake, onSend, onClose }: Props) {
  const { value, failure, isLoading, reload } = useLoaded(conversationId, () => deskApi.suggestion(conversationId));
  const answers = (value?.answers ?? []).filter(({ confidence }) => confidence >= LEAST);
  return (
    <section className="desk-suggestions" aria-label={words.suggestTitle} data-testid="suggestions">
      <header>
        <b>{words.suggestTitle}</b>
        <Button size="small" type="text" onClick={onClose}>{words.closeSuggest}</Button>
      </header>
      {isLoading ? <Loading /> : null}
      {failure ? <Failed error={failure} onRetry={reload} /> : null}
      {value && answers.length === 0 ? <p className="desk-soft">{words.suggestNone}</p> : null}
      {answers.map((answer, index) => (
        <article key={index} data-testid="suggestion">
          <h3>{answer.title} <span>{percent(answer.confidence)}</span></h3>
          <p>{textOf(answer.parts)}</p>
          <Button size="small" onClick={() => onTake(textOf(answer.parts))} data-testid="suggestion-edit">{words.edit}</Button>
          <Button size="small" type="link" onClick={() => onSend(textOf(answer.parts))} data-testid="suggestion-send">{words.sendNow}</Button>
        </article>
      ))}
    </section>
  );
}

/** The words of an answer; its detail stays with the bot. */
export function textOf(parts: readonly ReplyPart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}
