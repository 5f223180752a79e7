import { Form, Input, Modal } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import type { DialogProps } from './dialog';

const words = zh.desk.Actions;

export function HandBackDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const [form] = Form.useForm<{ sentence?: string; note?: string }>();
  const submit = ({ sentence, note }: { sentence?: string; note?: string }) => {
    const [told, kept] = [sentence?.trim(), note?.trim()];
    return run(() => deskApi.handBack(ticket.id, { ...(told ? { sentence: told } : {}), ...(kept ? { note: kept } : {}) }));
  };
  return (
    <Modal open title={words.handBackTitle} okText={words.handBackOk} cancelText={words.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'hand-back-confirm' }} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={(given) => void submit(given)}>
        <Form.Item name="sentence" label={words.handBackSentence}>
          <Input.TextArea rows={2} maxLength={500} data-testid="hand-back-sentence" />
        </Form.Item>
        <Form.Item name="note" label={words.handBackNote}>
          <Input.TextArea rows={2} maxLength={2000} data-testid="hand-back-note" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
