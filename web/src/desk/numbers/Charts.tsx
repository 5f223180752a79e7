import { Table } from 'antd';
import { zh } from '../../locales/zh';
import { LazyChart } from '../charts/LazyChart';
import { barsByName, lines, ranking } from '../charts/options';
import type { Numbers } from '../wireScreens';
import type { Ask } from './NumbersScreen';

const words = zh.desk.Numbers;
const MOST_TOPICS = 12;
const SCORES = ['1', '2', '3', '4', '5'];

const heightOf = (rows: number) => Math.max(120, rows * 30 + 20);

export function Charts({ numbers, ask }: { numbers: Numbers; ask: Ask }) {
  const days = numbers.by_day.map(({ day }) => day.slice(5));
  const reasons = Object.entries(numbers.reasons).sort(([, a], [, b]) => b - a);
  const topics = numbers.topics.slice(0, MOST_TOPICS);
  return (
    <div className="desk-charts">
      <section className="desk-card is-wide">
        <h3>{words.days}</h3>
        <LazyChart label={words.days} height={240} option={lines(days, [
          { name: words.conversations, data: numbers.by_day.map((day) => day.conversations) },
          { name: words.solved_by_bot, data: numbers.by_day.map((day) => day.solved_by_bot) },
          { name: words.handed_over, data: numbers.by_day.map((day) => day.handed_over) },
        ])} />
      </section>
      <section className="desk-card">
        <h3>{words.reasons}</h3>
        {reasons.length === 0 ? <p className="desk-soft">{words.none}</p> : (
          <LazyChart label={words.reasons} height={heightOf(reasons.length)} onPick={({ dataIndex }) => { const reason = reasons[dataIndex]?.[0]; if (reason) ask('handed_over', { reason }); }}
            option={ranking(reasons.map(([reason, value]) => ({ name: words.reasonNames[reason] ?? reason, value })))} />
        )}
      </section>
      <section className="desk-card">
        <h3>{words.topics}</h3>
        {topics.length === 0 ? <p className="desk-soft">{words.none}</p> : (
          <LazyChart label={words.topics} height={heightOf(topics.length)} onPick={({ dataIndex }) => { const topic = topics[dataIndex]?.topic; if (topic) ask('conversations', { topic }); }}
            option={ranking(topics.map(({ topic, title, count }) => ({ name: zh.desk.topics[topic] ?? title, value: count })))} />
        )}
      </section>
      <section className="desk-card">
        <h3>{words.scores}</h3>
        <LazyChart label={words.scores} height={180} onPick={({ dataIndex }) => { const score = SCORES[dataIndex]; if (score) ask('scores', { score }); }}
          option={barsByName(SCORES.map(words.score), [{ name: words.scores, data: SCORES.map((score) => numbers.by_score[score] ?? 0) }], false)} />
      </section>
      <section className="desk-card">
        <h3>{words.load}</h3>
        <Table rowKey="agent_id" size="small" pagination={false} dataSource={numbers.load} scroll={{ x: 'max-content' }} columns={[
          { title: words.agent, dataIndex: 'name' },
          { title: words.tickets, dataIndex: 'tickets', align: 'right' },
          { title: words.hours, dataIndex: 'hours', align: 'right', render: (hours: number) => hours.toFixed(1) },
          { title: words.mean, dataIndex: 'scores', align: 'right', render: meanOf },
        ]} />
      </section>
    </div>
  );
}

function meanOf(scores: readonly number[]): string {
  return scores.length === 0 ? words.none : (scores.reduce((sum, score) => sum + score, 0) / scores.length).toFixed(1);
}
