import { Alert, Button, Collapse, Form, Input } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { Failed, Loading } from '../states';
import { useFaults } from '../useFaults';
import { useLoaded } from '../useLoaded';
import type { AnswerPage, AnswerPieces, Said } from '../wireKnowledge';
import { Changes } from './Changes';
import { todayInChina } from './days';
import { SaidView } from './SaidView';
import { useListChanged } from './useListChanged';

const words = deskKnowledge.Knowledge;
const PIECES = ['short', 'long', 'head'] as const;

interface Given extends AnswerPieces {
  effective_from: string;
  reason: string;
}

/** One answer: its text in pieces, what the customer sees, and who changed it. */
export function AnswerDetail({ name }: { name: string }) {
  const listChanged = useListChanged();
  const { value: page, failure, reload, put } = useLoaded(name, () => knowledgeApi.answer(name));
  if (!page) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const saved = (next: AnswerPage) => {
    put(next);
    listChanged();
  };
  // Saved or taken back, the text is another one: the form begins anew with it.
  return <Editor key={page.changes.map((change) => `${change.name}${change.taken_back_at}`).join()} page={page} onSaved={saved} onTakenBack={() => { reload(); listChanged(); }} />;
}

function Editor({ page, onSaved, onTakenBack }: { page: AnswerPage; onSaved: (page: AnswerPage) => void; onTakenBack: () => void }) {
  const { go, say } = useDesk();
  const [isBusy, setBusy] = useState<'preview' | 'save' | null>(null);
  const [said, setSaid] = useState<Said | null>(page.preview);
  const [isStale, setStale] = useState(false);
  const [isHeadOpen, setHeadOpen] = useState(false);
  const [form] = Form.useForm<Given>();
  const showFaults = useFaults<Given>(form, [...PIECES, 'effective_from']);

  const through = async (what: 'preview' | 'save', act: () => Promise<void>) => {
    setBusy(what);
    form.setFields(PIECES.map((piece) => ({ name: piece, errors: [] })));
    try {
      await act();
    } catch (error) {
      if (error instanceof Error && 'fields' in error && 'head' in (error.fields as object)) setHeadOpen(true);
      showFaults(error);
    } finally {
      setBusy(null);
    }
  };
  const preview = () =>
    through('preview', async () => {
      const { reason: _reason, ...draft } = form.getFieldsValue(true) as Given;
      setSaid(await knowledgeApi.preview(page.name, draft));
      setStale(false);
    });
  const save = (given: Given) =>
    through('save', async () => {
      const next = await knowledgeApi.setAnswer(page.name, { ...(form.getFieldsValue(true) as Given), ...given });
      say(given.effective_from > todayInChina() ? words.savedLater(given.effective_from) : words.saved);
      onSaved(next);
    });
  const needed = [{ required: true, whitespace: true, message: words.needed }];
  return (
    <article className="desk-detail desk-answer" data-testid="answer-detail">
      <header className="desk-screen-head">
        <h2>
          <Button className="desk-only-phone" type="text" aria-label={zh.desk.App.back} onClick={() => go({ screen: 'knowledge', query: { tab: 'answers' } })}>‹</Button>
          {titleIn(page.head) ?? page.name}
        </h2>
        <code className="desk-soft">{page.name}</code>
      </header>
      <div className="desk-answer-columns">
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void save(given)} onValuesChange={() => setStale(true)}
          initialValues={{ head: page.head, short: page.short, long: page.long, effective_from: todayInChina(), reason: '' }}>
          <p className="desk-soft desk-gap">{words.factHelp}</p>
          <Form.Item name="short" label={words.short} extra={words.shortHint} rules={needed}>
            <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={10000} data-testid="answer-short" />
          </Form.Item>
          <Form.Item name="long" label={words.long} extra={words.longHint}>
            <Input.TextArea autoSize={{ minRows: 3, maxRows: 20 }} maxLength={20000} data-testid="answer-long" />
          </Form.Item>
          <Collapse className="desk-gap" activeKey={isHeadOpen ? ['head'] : []} onChange={(open) => setHeadOpen(open.length > 0)}
            items={[{
              key: 'head', label: words.head, forceRender: true,
              children: <Form.Item name="head" noStyle={false} className="desk-bare"><Input.TextArea autoSize={{ minRows: 6, maxRows: 24 }} aria-label={words.head} className="desk-code" /></Form.Item>,
            }]} />
          <div className="desk-two">
            <Form.Item name="effective_from" label={words.from} rules={needed}><Input type="date" /></Form.Item>
            <Form.Item name="reason" label={words.reason} rules={needed}><Input maxLength={500} placeholder={words.reasonHint} data-testid="answer-reason" /></Form.Item>
          </div>
          <div className="desk-composer-row">
            <Button onClick={() => void preview()} loading={isBusy === 'preview'} data-testid="answer-preview">{words.previewNow}</Button>
            <Button type="primary" htmlType="submit" loading={isBusy === 'save'} className="desk-send" data-testid="save-answer">{words.saveAnswer}</Button>
          </div>
        </Form>
        <aside className="desk-said" aria-label={words.preview} data-testid="answer-said">
          <h3>{words.preview}</h3>
          {isStale ? <Alert type="info" message={words.previewOld} className="desk-gap" /> : null}
          {said ? <SaidView said={said} /> : <p className="desk-soft">{words.previewNone}</p>}
        </aside>
      </div>
      <Changes changes={page.changes} onTakenBack={onTakenBack} />
    </article>
  );
}

function titleIn(head: string): string | null {
  return /^title:\s*(.+)$/m.exec(head)?.[1]?.trim() ?? null;
}
