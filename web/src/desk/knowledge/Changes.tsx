import { Button, Popconfirm, Timeline } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { timeAt } from '../serverClock';
import type { KnowledgeChange } from '../wireKnowledge';

const words = deskKnowledge.Knowledge;

/** Who changed it, when and why; each change can be taken back. */
export function Changes({ changes, onTakenBack }: { changes: readonly KnowledgeChange[]; onTakenBack: () => void }) {
  const { onError, say } = useDesk();
  const [busy, setBusy] = useState<string | null>(null);
  const takeBack = async (name: string) => {
    setBusy(name);
    try {
      await knowledgeApi.takeBack(name);
      say(words.takenBack);
      onTakenBack();
    } catch (error) {
      onError(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <section data-testid="changes">
      <h3>{words.history}</h3>
      {changes.length === 0 ? <p className="desk-soft">{words.noHistory}</p> : null}
      <Timeline className="desk-gap-top" items={changes.map((change) => ({
        key: change.name,
        color: change.taken_back_at ? 'gray' : 'green',
        children: (
          <div className={change.taken_back_at ? 'desk-gone' : undefined}>
            <b>{change.value ?? words.newText}</b> · {words.holdsFrom(change.effective_from)}
            {change.reason ? <p>{change.reason}</p> : null}
            <p className="desk-soft">{words.madeBy(change.author, timeAt(change.made_at))}</p>
            {change.taken_back_at
              ? <p className="desk-soft">{words.takenBackBy(change.taken_back_by ?? '', timeAt(change.taken_back_at))}</p>
              : (
                <Popconfirm title={words.takeBackTitle} description={words.takeBackText} okText={words.takeBack} cancelText={zh.desk.Actions.cancel}
                  okButtonProps={{ 'data-testid': 'take-back-confirm' }} onConfirm={() => void takeBack(change.name)}>
                  <Button size="small" loading={busy === change.name} data-testid="take-back">{words.takeBack}</Button>
                </Popconfirm>
              )}
          </div>
        ),
      }))} />
    </section>
  );
}
