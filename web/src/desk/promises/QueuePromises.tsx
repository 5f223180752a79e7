import { Button } from 'antd';
import { zh } from '../../locales/zh';
import { useDesk } from '../deskContext';
import { useNow } from '../useNow';
import { PromiseList } from './PromiseList';
import { isOverdue } from './standing';

const words = zh.desk.Promises;

/** Everything that is yet to be kept, above the queue; it unfolds when something is overdue. */
export function QueuePromises() {
  const { promises: { promises, failure, reload } } = useDesk();
  const now = useNow();
  if (promises === null) {
    return failure ? <p className="desk-promises desk-soft">{words.title}：{zh.desk.App.failed} <Button type="link" size="small" onClick={reload}>{zh.desk.App.retry}</Button></p> : null;
  }
  if (promises.length === 0) return null;
  const overdue = promises.filter((one) => isOverdue(one, now)).length;
  return (
    <details className="desk-promises" open={overdue > 0} data-testid="queue-promises">
      <summary>{words.title} <span className={`desk-due ${overdue > 0 ? 'is-breach' : 'is-calm'}`}>{words.count(promises.length, overdue)}</span></summary>
      <div className="desk-promises-list"><PromiseList promises={promises} isBeside={false} /></div>
    </details>
  );
}
