import { Alert, Button, Descriptions, Drawer, Form, Input, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi, wordsOf } from '../api';
import { FIELDS, inputsOf, linesOf, messageOf, serviceKind, type CalculatorKind, type Field, type Given, type Line } from './kinds';

const words = zh.desk.Calculators;

interface Props {
  canSend: boolean;
  onSend: (text: string) => void;
  onTake: (text: string) => void;
  onClose: () => void;
}

interface Counted {
  lines: Line[];
  assumptions: string[];
  message: string;
}

/** The service's own calculations, for the conversation at hand. */
export default function Calculators({ canSend, onSend, onTake, onClose }: Props) {
  const [kind, setKind] = useState<CalculatorKind>('payment');
  const [counted, setCounted] = useState<Counted | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Given>();

  const count = async (given: Given) => {
    setBusy(true);
    setRefusal(null);
    try {
      const name = serviceKind(kind, given);
      const result = await deskApi.calculate(name, inputsOf(kind, given));
      const lines = linesOf(name, result);
      const assumptions = Array.isArray(result.assumptions) ? result.assumptions.map(String) : [];
      setCounted({ lines, assumptions, message: messageOf(kind, given, lines) });
    } catch (error) {
      setCounted(null);
      setRefusal(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (next: CalculatorKind) => {
    setKind(next);
    setCounted(null);
    setRefusal(null);
  };
  return (
    <Drawer open title={words.title} onClose={onClose} width={Math.min(420, window.innerWidth)} data-testid="calculator">
      <Segmented<CalculatorKind> block value={kind} onChange={choose} className="desk-gap"
        options={(Object.keys(words.kinds) as CalculatorKind[]).map((value) => ({ value, label: words.kinds[value] }))} />
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ method: 'level', option: 'shorten_keep_payment' }}
        onFinish={(given) => void count({ ...form.getFieldsValue(true), ...given })} onValuesChange={() => setCounted(null)}>
        {FIELDS[kind].map((name) => (
          <Form.Item key={name} name={name} label={words.fields[name]} rules={[{ required: true, message: words.needed }]}>
            {control(name)}
          </Form.Item>
        ))}
        <Button type="primary" htmlType="submit" block loading={isBusy} data-testid="count">{words.count}</Button>
      </Form>
      {refusal ? <Alert type="warning" showIcon message={refusal} className="desk-gap-top" role="alert" /> : null}
      {counted ? (
        <div className="desk-gap-top" data-testid="calculated">
          <Descriptions size="small" bordered column={1} items={counted.lines.map(({ label, value }) => ({ key: label, label, children: value }))} />
          {counted.assumptions.map((line) => <p key={line} className="desk-soft">{line}</p>)}
          <div className="desk-composer-row">
            <Button onClick={() => onTake(counted.message)} disabled={!canSend} data-testid="calculator-take">{words.take}</Button>
            <Button type="primary" onClick={() => onSend(counted.message)} disabled={!canSend} data-testid="calculator-send">{words.send}</Button>
          </div>
          {canSend ? null : <p className="desk-soft">{words.notHolder}</p>}
        </div>
      ) : null}
    </Drawer>
  );
}

function control(name: Field) {
  switch (name) {
    case 'method':
    case 'option': {
      const titles = name === 'method' ? words.methods : words.options;
      return <Select options={Object.entries(titles).map(([value, label]) => ({ value, label }))} />;
    }
    case 'term_months':
    case 'paid_periods':
      return <InputNumber min={name === 'term_months' ? 1 : 0} max={480} precision={0} className="desk-wide" data-testid={`calc-${name}`} />;
    default:
      return <Input inputMode="decimal" maxLength={20} data-testid={`calc-${name}`} />;
  }
}
