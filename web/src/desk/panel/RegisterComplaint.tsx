import { Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { screensApi, type NewComplaint } from '../apiScreens';
import { useDesk } from '../deskContext';

const words = zh.desk.Panel;
const options = (titles: Record<string, string>) => Object.entries(titles).map(([value, label]) => ({ value, label }));

/** A complaint that the agent heard. */
export default function RegisterComplaint({ conversationId, onDone, onCancel }: { conversationId: string; onDone: () => void; onCancel: () => void }) {
  const { onError, say } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Omit<NewComplaint, 'conversation_id'>>();
  const register = async (given: Omit<NewComplaint, 'conversation_id'>) => {
    setBusy(true);
    try {
      const { complaint_no } = await screensApi.register({ ...given, text: given.text.trim(), conversation_id: conversationId });
      say(words.registered(complaint_no));
      onDone();
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  return (
    <Modal open title={words.registerTitle} okText={words.register} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'register-confirm' }} onCancel={onCancel} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ grade: 'ordinary' }} onFinish={(given) => void register(given)}>
        <Form.Item name="cause" label={words.cause} rules={[{ required: true, message: zh.desk.Actions.choose }]}>
          <Select options={options(zh.desk.Complaints.causes)} data-testid="complaint-cause" />
        </Form.Item>
        <Form.Item name="grade" label={words.grade}>
          <Radio.Group optionType="button" options={options(zh.desk.Complaints.grades)} />
        </Form.Item>
        <Form.Item name="text" label={words.story} rules={[{ required: true, whitespace: true, message: zh.desk.Complaints.needed }]}>
          <Input.TextArea rows={4} maxLength={4000} data-testid="complaint-text" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
