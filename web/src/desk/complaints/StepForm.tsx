import { Button, Form, Input, Radio, Rate } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { screensApi } from '../apiScreens';
import { useDesk } from '../deskContext';
import type { Complaint, Step } from '../wireScreens';
import { stepsOf } from './steps';

const words = zh.desk.Complaints;

interface Given {
  step: Step;
  note: string;
  satisfaction?: number;
}

/** What was done about it, in the bank's own words. */
export function StepForm({ complaint, onTaken }: { complaint: Complaint; onTaken: (complaint: Complaint) => void }) {
  const { onError } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Given>();
  const step = Form.useWatch('step', form);
  const steps = stepsOf(complaint.state);
  if (steps.length === 0) return <p className="desk-soft">{words.ended}</p>;

  const take = async ({ step: taken, note, satisfaction }: Given) => {
    setBusy(true);
    try {
      const score = taken === 'call_back' && satisfaction ? { satisfaction } : {};
      onTaken(await screensApi.takeStep(complaint.complaint_no, { step: taken, note: note.trim(), ...score }));
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ step: steps[0] }} className="desk-step" onFinish={(given) => void take(given)}>
      <Form.Item name="step" label={words.step}>
        <Radio.Group optionType="button" options={steps.map((value) => ({ value, label: words.steps[value] ?? value }))} />
      </Form.Item>
      {step === 'call_back' ? (
        <Form.Item name="satisfaction" label={words.satisfaction} rules={[{ required: true, message: zh.desk.Actions.choose }]}><Rate /></Form.Item>
      ) : null}
      <Form.Item name="note" label={words.note} rules={[{ required: true, whitespace: true, message: words.needed }]}>
        <Input.TextArea rows={2} maxLength={2000} data-testid="step-note" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={isBusy} data-testid="take-step">{words.take}</Button>
    </Form>
  );
}
