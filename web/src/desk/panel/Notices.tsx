import { Tag } from 'antd';
import { zh } from '../../locales/zh';
import { timeAt } from '../serverClock';
import type { PanelNotice } from '../wireScreens';

const words = zh.desk.Notices;
const COLOURS: Record<string, string> = { told: 'green', untold: 'red', waiting: 'blue' };

/** What the customer was told of the bank's own accord, with what was tried; folded. */
export function Notices({ notices }: { notices: readonly PanelNotice[] }) {
  if (notices.length === 0) return null;
  return (
    <section className="desk-section" data-testid="panel-notices">
      <details>
        <summary>{words.title(notices.length)}</summary>
        {notices.map((one, index) => (
          <article key={`${index} ${one.created_at}`} className="desk-record" data-testid="panel-notice">
            <header><b>{one.title}</b><Tag color={COLOURS[one.state] ?? 'default'}>{words.states[one.state] ?? one.state}</Tag></header>
            <p>{[timeAt(one.due_at), one.reason].filter(Boolean).join(' · ')}</p>
            {one.attempts.length === 0 ? <p>{words.none}</p> : null}
            {one.attempts.map((attempt, at) => <p key={`${at} ${attempt.at}`}>{attemptText(attempt)}</p>)}
          </article>
        ))}
      </details>
    </section>
  );
}

/** `微信 · 模板消息 · 失败（blocked）· 14:05` */
export function attemptText({ channel, manner, state, reason, at }: PanelNotice['attempts'][number]): string {
  const outcome = `${words.attemptStates[state] ?? state}${reason ? `（${reason}）` : ''}`;
  return [zh.desk.Transcript.channels[channel] ?? channel, words.manners[manner] ?? manner, outcome, timeAt(at)].filter(Boolean).join(' · ');
}
