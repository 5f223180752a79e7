import { Form, Modal, Radio } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { ChoiceInput } from '../ChoiceInput';
import type { DialogProps } from './dialog';

const words = zh.desk.Actions;
const MINUTES = [10, 30, 60, 240];

export function HoldDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const [form] = Form.useForm<{ minutes: number; reason: string }>();
  return (
    <Modal open title={words.holdTitle} okText={words.hold} cancelText={words.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'hold-confirm' }} onOk={() => form.submit()}>
      <p className="desk-soft">{words.holdText}</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ minutes: 30 }}
        onFinish={({ minutes, reason }) => void run(() => deskApi.hold(ticket.id, minutes, reason.trim()))}>
        <Form.Item name="minutes" label={words.holdMinutes}>
          <Radio.Group optionType="button" options={MINUTES.map((value) => ({ value, label: words.minutes(value) }))} />
        </Form.Item>
        <Form.Item name="reason" label={words.holdReason} rules={[{ required: true, whitespace: true, message: words.noteNeeded }]}>
          <ChoiceInput maxLength={200} choices={words.holdReasons} data-testid="hold-reason" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
