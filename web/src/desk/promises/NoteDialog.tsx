import { Form, Modal } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { ChoiceInput } from '../ChoiceInput';
import { useDesk } from '../deskContext';

const words = zh.desk.Promises;

interface Props {
  title: string;
  text?: string;
  label: string;
  choices: string[];
  ok: string;
  done: string;
  write: (note: string) => Promise<unknown>;
  onClose: () => void;
}

/** A line that is kept with a promise, when it is made and when it is kept. */
export default function NoteDialog({ title, text, label, choices, ok, done, write, onClose }: Props) {
  const { onError, say, promises } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<{ note: string }>();
  const finish = async ({ note }: { note: string }) => {
    setBusy(true);
    try {
      await write(note.trim());
      say(done);
      onClose();
    } catch (error) {
      onError(error);
      setBusy(false);
    }
    promises.reload();
  };
  return (
    <Modal open title={title} okText={ok} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy} onCancel={onClose}
      okButtonProps={{ 'data-testid': 'promise-confirm' }} onOk={() => form.submit()}>
      {text ? <p className="desk-soft">{text}</p> : null}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void finish(given)}>
        <Form.Item name="note" label={label} rules={[{ required: true, whitespace: true, message: words.needed }]}>
          <ChoiceInput maxLength={500} choices={choices} data-testid="promise-note" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
