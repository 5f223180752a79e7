import { Segmented, Select } from 'antd';
import { zh } from '../../locales/zh';
import { screensApi } from '../apiScreens';
import { useDesk } from '../deskContext';
import { serverNow } from '../serverClock';
import { Failed, Loading, Nothing } from '../states';
import { useLoaded } from '../useLoaded';
import type { ListName } from '../wireScreens';
import { CasesDrawer } from './CasesDrawer';
import { Charts } from './Charts';
import { lastDays } from './period';
import { Tiles } from './Tiles';

const words = zh.desk.Numbers;
const PERIODS = [1, 7, 30, 90];
const USUAL = 7;

/** What is asked for, kept in the address: the way back from a transcript leads to the same list. */
export type Ask = (list: ListName, only?: { reason?: string; topic?: string; score?: string }) => void;

export default function NumbersScreen() {
  const { route, go } = useDesk();
  const { list, ...asked } = route.query;
  const count = PERIODS.find((days) => String(days) === asked.days) ?? USUAL;
  const days = lastDays(count, serverNow(), asked.channel ?? null);
  const { value, failure, reload } = useLoaded(`${count} ${days.last} ${days.channel}`, () => screensApi.numbers(days));
  const choose = (query: Record<string, string>) => go({ screen: 'numbers', query });
  const period = { days: String(count), ...(days.channel ? { channel: days.channel } : {}) };
  const ask: Ask = (name, only = {}) => choose({ ...period, list: name, ...only });
  return (
    <div className="desk-page">
      <header className="desk-screen-head">
        <h2>{words.title}</h2>
        <span className="desk-filters">
          <Segmented value={count} aria-label={words.period} options={PERIODS.map((number) => ({ value: number, label: words.periods[number] }))}
            onChange={(number) => choose({ ...period, days: String(number) })} />
          <Select value={days.channel ?? ''} aria-label={words.channel} popupMatchSelectWidth={false}
            onChange={(channel: string) => choose({ days: String(count), ...(channel ? { channel } : {}) })}
            options={[{ value: '', label: words.allChannels }, ...Object.entries(zh.desk.Transcript.channels).map(([name, label]) => ({ value: name, label }))]} />
          <a href={screensApi.csvOf(days)} download data-testid="csv">{words.csv}</a>
        </span>
      </header>
      {!value ? (failure ? <Failed error={failure} onRetry={reload} /> : <Loading />) : null}
      {value ? <Tiles numbers={value} ask={ask} /> : null}
      {value && value.conversations === 0 ? <Nothing text={words.empty} hint={words.emptyHint} /> : null}
      {value && value.conversations > 0 ? <Charts numbers={value} ask={ask} /> : null}
      {list ? <CasesDrawer list={list as ListName} only={{ ...(asked.reason ? { reason: asked.reason } : {}), ...(asked.topic ? { topic: asked.topic } : {}) }} days={days} onClose={() => choose(period)} /> : null}
    </div>
  );
}
