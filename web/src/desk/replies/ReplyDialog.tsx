import { Form, Input, Modal, Switch } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { screensApi, type ReplyText } from '../apiScreens';
import { useDesk } from '../deskContext';
import type { CannedReply } from '../wire';

const words = zh.desk.Replies;

interface Props {
  reply: CannedReply | null;
  onDone: () => void;
  onCancel: () => void;
}

export function ReplyDialog({ reply, onDone, onCancel }: Props) {
  const { isSupervisor, onError } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<ReplyText>();
  const save = async ({ shortcut, text, is_shared = false }: ReplyText) => {
    setBusy(true);
    try {
      const given = { shortcut: shortcut.trim(), text: text.trim(), is_shared };
      await (reply ? screensApi.changeReply(reply.id, given) : screensApi.addReply(given));
      onDone();
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  return (
    <Modal open title={reply ? words.edit : words.add} okText={words.save} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'reply-save' }} onCancel={onCancel} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={reply ?? { is_shared: false }} onFinish={(given) => void save(given)}>
        <Form.Item name="shortcut" label={words.shortcut} rules={[{ required: true, whitespace: true, pattern: /^\S+$/, message: zh.desk.Calculators.needed }]}>
          <Input prefix="/" maxLength={30} data-testid="reply-shortcut" />
        </Form.Item>
        <Form.Item name="text" label={words.text} extra={words.variables} rules={[{ required: true, whitespace: true, message: zh.desk.Calculators.needed }]}>
          <Input.TextArea rows={4} maxLength={2000} data-testid="reply-text" />
        </Form.Item>
        {isSupervisor ? <Form.Item name="is_shared" label={words.shared} valuePropName="checked"><Switch data-testid="reply-shared" /></Form.Item> : null}
      </Form>
    </Modal>
  );
}
