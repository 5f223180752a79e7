import { Tag } from 'antd';
import { zh } from '../locales/zh';
import type { Band, Entity, Feeling, Guess, Understanding } from './wire';

const words = zh.desk.Understood;
const COLOURS: Record<Band, string> = { answer: 'green', ask: 'gold', decline: 'red' };

/** What the bot made of a customer's words: one line, and more of it when it is opened. */
export function Understood({ understood }: { understood: Understanding }) {
  const { band, feeling, entities, ranking } = understood;
  return (
    <details className="desk-understood" data-testid="understood" data-band={band}>
      <summary>
        <span>{words.title}</span>
        <b>{titleOf(understood)}</b>
        <span>{percent(understood.confidence)}</span>
        <Tag color={COLOURS[band]}>{words.bands[band]}</Tag>
        {feelingOf(feeling) ? <Tag color="volcano">{feelingOf(feeling)}</Tag> : null}
      </summary>
      <div className="desk-understood-body">
        <h3>{words.best}</h3>
        <ol>
          {ranking.slice(0, 3).map((guess, index) => (
            <li key={index}>
              <span>{titleOf(guess)}</span>
              <meter min={0} max={1} value={guess.confidence} aria-label={titleOf(guess)} />
              <span>{percent(guess.confidence)}</span>
            </li>
          ))}
        </ol>
        <h3>{words.entities}</h3>
        {entities.length === 0 ? <p>{words.noEntities}</p> : null}
        <ul>
          {entities.map((entity, index) => (
            <li key={index}>
              <span>{entityLabel(entity)}</span>
              <b>{valueText(entity.value)}</b>
              <q>{entity.text}</q>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}

function titleOf(guess: Pick<Guess, 'intent' | 'topic'>): string {
  return zh.desk.topics[guess.intent] ?? zh.desk.topics[guess.topic] ?? guess.intent;
}

/** 「担心」 or 「很担心」; nothing for a calm customer. */
function feelingOf(feeling: Feeling | null): string | null {
  if (!feeling?.label || feeling.label === 'calm') return null;
  const [mild, strong] = words.feelings[feeling.label];
  return (feeling.strength > 1 ? strong : mild) ?? null;
}

export function percent(confidence: number): string {
  return `${Math.round(confidence * 100)}%`;
}

function entityLabel(entity: Entity): string {
  const name = zh.desk.entities[entity.type] ?? entity.type;
  const role = entity.role ? (zh.desk.roles[entity.role] ?? entity.role) : null;
  return role ? `${name}（${role}）` : name;
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(' ~ ');
  if (typeof value === 'number') return value.toLocaleString('zh-CN');
  if (typeof value === 'string') return zh.desk.values[value] ?? value;
  return JSON.stringify(value);
}
