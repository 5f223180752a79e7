import { duration } from '../../clock';
import { zh } from '../../locales/zh';
import type { ListName, Numbers, Spread } from '../wireScreens';
import type { Ask } from './NumbersScreen';
import { share } from './period';

const words = zh.desk.Numbers;

/** The counts; each opens the list it was counted from. */
export function Tiles({ numbers, ask }: { numbers: Numbers; ask: Ask }) {
  const { conversations } = numbers;
  const of = (part: number) => {
    const percent = share(part, conversations);
    return percent ? words.share(percent) : '';
  };
  const tiles: [ListName, number, string][] = [
    ['conversations', conversations, ''],
    ['solved_by_bot', numbers.solved_by_bot, of(numbers.solved_by_bot)],
    ['handed_over', numbers.handed_over, of(numbers.handed_over)],
    ['breaches', numbers.breaches, ''],
    ['declined', numbers.declined, ''],
    ['satisfied', numbers.satisfied, ''],
    ['unsatisfied', numbers.unsatisfied, ''],
  ];
  return (
    <div className="desk-tiles">
      {tiles.map(([name, value, note]) => (
        <button key={name} type="button" className="desk-tile" onClick={() => ask(name)} data-testid={`number-${name}`}>
          <span>{words[name]}</span>
          <b>{value}</b>
          <small>{note}</small>
        </button>
      ))}
      <div className="desk-tile is-plain"><span>{words.satisfaction}</span><b>{numbers.satisfaction?.toFixed(2) ?? words.none}</b><small /></div>
      <SpreadTile title={words.waits} spread={numbers.waits} onOpen={() => ask('waits')} />
      <SpreadTile title={words.first_replies} spread={numbers.first_replies} onOpen={() => ask('first_replies')} />
    </div>
  );
}

function SpreadTile({ title, spread, onOpen }: { title: string; spread: Spread; onOpen: () => void }) {
  return (
    <button type="button" className="desk-tile" onClick={onOpen}>
      <span>{title} · {words.median}</span>
      <b>{spread.median === null ? words.none : duration(spread.median)}</b>
      <small>{spread.p90 === null ? '' : `${words.p90} ${words.within(duration(spread.p90))}`}</small>
    </button>
  );
}
