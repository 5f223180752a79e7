import { Button, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { useFaults } from '../useFaults';
import type { FactPage, NewValue } from '../wireKnowledge';
import { todayInChina } from './days';

const words = deskKnowledge.Knowledge;

type Given = Omit<NewValue, 'region'>;

/** Another value from a day on. */
export function FactForm({ fact, onSaved, onCancel }: { fact: FactPage; onSaved: (page: FactPage) => void; onCancel: () => void }) {
  const { say } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Given>();
  const showFaults = useFaults<Given>(form, ['value', 'effective_from', 'source', 'status', 'review_by']);
  const save = async ({ review_by: reviewBy, status, ...given }: Given) => {
    setBusy(true);
    try {
      const optional = { ...(reviewBy ? { review_by: reviewBy } : {}), ...(status ? { status } : {}) };
      const page = await knowledgeApi.setFact(fact.key, { ...given, ...optional, region: fact.region });
      say(given.effective_from > todayInChina() ? words.savedLater(given.effective_from) : words.saved);
      onSaved(page);
    } catch (error) {
      showFaults(error);
      setBusy(false);
    }
  };
  const needed = [{ required: true, whitespace: true, message: words.needed }];
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="desk-step" onFinish={(given) => void save(given)} data-testid="fact-form"
      initialValues={{ value: fact.written, effective_from: todayInChina(), source: fact.source, status: fact.status, review_by: fact.review_by ?? '' }}>
      <Form.Item name="value" label={words.newValue} rules={needed} extra={hintOf(fact)}>
        {fact.unit === 'flag'
          ? <Radio.Group optionType="button" options={[{ value: 'true', label: words.yes }, { value: 'false', label: words.no }]} />
          : fact.unit === 'text' || fact.shape === 'list'
            ? <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={2000} data-testid="fact-new-value" />
            : <Input maxLength={200} suffix={words.units[fact.unit]} data-testid="fact-new-value" />}
      </Form.Item>
      <div className="desk-two">
        <Form.Item name="effective_from" label={words.from} rules={needed}><Input type="date" data-testid="fact-from" /></Form.Item>
        <Form.Item name="review_by" label={words.reviewBy}><Input type="date" /></Form.Item>
      </div>
      {fact.is_of_the_bank ? null : (
        <Form.Item name="status" label={words.status}>
          <Select options={(['A', 'B', 'U'] as const).map((value) => ({ value, label: words.statuses[value] }))} />
        </Form.Item>
      )}
      <Form.Item name="source" label={words.source} rules={needed}><Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} maxLength={500} data-testid="fact-source" /></Form.Item>
      <Form.Item name="reason" label={words.reason} rules={needed}><Input maxLength={500} placeholder={words.reasonHint} data-testid="fact-reason" /></Form.Item>
      <div className="desk-composer-row">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={isBusy} className="desk-send" data-testid="save-fact">{words.save}</Button>
      </div>
    </Form>
  );
}

function hintOf({ unit, shape }: FactPage): string {
  return words.hints[unit] ?? words.hints[shape] ?? '';
}
