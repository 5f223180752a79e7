import { Button, Descriptions, Form, Input, Radio, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { timeAt } from '../serverClock';
import { Failed, Loading } from '../states';
import { hashOf } from '../useHashRoute';
import { useLoaded } from '../useLoaded';
import type { RequestPage, RequestStep } from '../wireKnowledge';
import { RequestDues } from './RequestsScreen';
import { stepsOf } from './standing';

const words = deskKnowledge.Requests;

export function RequestDetail({ no, onBack, onChanged }: { no: string; onBack: () => void; onChanged: () => void }) {
  const { value: request, failure, reload, put } = useLoaded(no, () => knowledgeApi.request(no));
  if (!request) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  return (
    <article className="desk-detail" data-testid="request-detail">
      <header className="desk-screen-head">
        <h2><Button className="desk-only-phone" type="text" aria-label={zh.desk.App.back} onClick={onBack}>‹</Button>{request.kind_title}</h2>
        <a href={hashOf({ screen: 'conversation', id: request.conversation_id })}>{words.transcript}</a>
      </header>
      <p className="desk-detail-tags">
        <Tag color="green" data-testid="request-now">{words.stateNames[request.state]}</Tag>
        <Tag>{request.request_no}</Tag>
        {request.is_valued ? <Tag color="purple">{words.valued}</Tag> : null}
      </p>
      <RequestDues request={request} />
      <h3>{words.what}</h3>
      <Descriptions className="desk-gap-top" size="small" bordered column={{ xs: 1, sm: 1, md: 2, lg: 2, xl: 2, xxl: 2 }} items={[
        ...request.rows.map(({ label, value }) => ({ key: label, label, children: value })),
        ...(request.application_no ? [{ key: 'application', label: words.application, children: request.application_no }] : []),
        { key: 'created', label: words.created, children: timeAt(request.created_at) },
        ...(request.ended_at ? [{ key: 'ended', label: words.ended, children: timeAt(request.ended_at) }] : []),
      ]} />
      <StepForm key={request.state} request={request} onTaken={(next) => { put(next); onChanged(); }} onRefused={reload} />
      {request.events.length > 0 ? <h3>{words.history}</h3> : null}
      <Timeline className="desk-gap-top" items={request.events.map((event, index) => ({
        key: index,
        children: <><b>{words.events[event.state] ?? event.state}</b> · {event.actor || words.customer} · {timeAt(event.at)}{event.note ? <p>{event.note}</p> : null}</>,
      }))} />
    </article>
  );
}

interface StepProps {
  request: RequestPage;
  onTaken: (request: RequestPage) => void;
  /** Somebody else was quicker: show how it stands. */
  onRefused: () => void;
}

function StepForm({ request, onTaken, onRefused }: StepProps) {
  const { onError, say } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<{ step: RequestStep; note: string }>();
  const steps = stepsOf(request.state);
  const step = Form.useWatch('step', form) ?? steps[0];
  if (!step) return <p className="desk-soft desk-gap">{words.readOnly}</p>;
  const take = async (given: { step: RequestStep; note?: string }) => {
    setBusy(true);
    try {
      const next = await knowledgeApi.takeStep(request.request_no, given.step, given.note?.trim() ?? '');
      say(words.taken);
      onTaken(next);
    } catch (error) {
      onError(error);
      onRefused();
      setBusy(false);
    }
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ step: steps[0], note: '' }} className="desk-step" onFinish={(given) => void take(given)}>
      <Form.Item name="step" label={words.step}>
        <Radio.Group optionType="button" options={steps.map((value) => ({ value, label: words.steps[value] ?? value }))} />
      </Form.Item>
      <Form.Item name="note" label={step === 'refuse' ? words.noteNeeded : words.note} extra={words.told}
        rules={[{ required: step === 'refuse', whitespace: true, message: words.refuseNeeded }]}>
        <Input.TextArea rows={2} maxLength={500} placeholder={words.noteHint[step]} data-testid="request-note" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={isBusy} danger={step === 'refuse'} data-testid="take-request-step">{words.take}</Button>
    </Form>
  );
}
