import { Alert, Button, Drawer, Form, Input, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { FigureCard } from '../../parts/FigureCard';
import type { CardPart } from '../../wire';
import { DeskError, deskApi, wordsOf, type Calculation } from '../api';
import { useFaults } from '../useFaults';
import { FIELDS, inputsOf, messageOf, serviceKind, type CalculatorKind, type Field, type Given } from './kinds';

const words = zh.desk.Calculators;

interface Props {
  canSend: boolean;
  onSend: (calculation: Calculation) => void;
  onTake: (text: string) => void;
  onClose: () => void;
}

interface Counted {
  calculation: Calculation;
  card: CardPart;
}

/** The service's own calculations, for the conversation at hand. */
export default function Calculators({ canSend, onSend, onTake, onClose }: Props) {
  const [kind, setKind] = useState<CalculatorKind>('payment');
  const [counted, setCounted] = useState<Counted | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Given>();

  const showFaults = useFaults<Given>(form, FIELDS[kind]);
  const count = async (given: Given) => {
    setBusy(true);
    setRefusal(null);
    try {
      const calculation = { kind: serviceKind(kind, given), inputs: inputsOf(kind, given) };
      setCounted({ calculation, card: await deskApi.card(calculation) });
    } catch (error) {
      setCounted(null);
      if (error instanceof DeskError && FIELDS[kind].some((name) => name in error.fields)) showFaults(error);
      else setRefusal(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (next: CalculatorKind) => {
    setKind(next);
    setCounted(null);
    setRefusal(null);
  };
  const sending = counted ? (
    <>
      <div className="desk-composer-row is-bare">
        <Button onClick={() => onTake(messageOf(counted.card))} disabled={!canSend} data-testid="calculator-take">{words.take}</Button>
        <Button type="primary" onClick={() => onSend(counted.calculation)} disabled={!canSend} className="desk-send" data-testid="calculator-send">{words.send}</Button>
      </div>
      {canSend ? null : <p className="desk-soft">{words.notHolder}</p>}
    </>
  ) : null;
  return (
    <Drawer open title={words.title} onClose={onClose} width={Math.min(420, window.innerWidth)} footer={sending} data-testid="calculator">
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
          <FigureCard part={counted.card} />
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
