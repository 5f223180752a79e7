import { Form, Modal } from 'antd';
import { zh } from '../../locales/zh';
import { ChoiceInput } from '../ChoiceInput';

const words = zh.desk.Panel;

interface Props {
  label: string;
  isBusy: boolean;
  onReveal: (why: string) => void;
  onCancel: () => void;
}

/** Why somebody wants to see it: the answer is kept in the audit. */
export default function RevealDialog({ label, isBusy, onReveal, onCancel }: Props) {
  const [form] = Form.useForm<{ why: string }>();
  return (
    <Modal open title={words.showTitle(label)} okText={words.show} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'reveal-confirm' }} onCancel={onCancel} onOk={() => form.submit()}>
      <p className="desk-soft">{words.showText}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ why }) => onReveal(why.trim())}>
        <Form.Item name="why" label={words.why} rules={[{ required: true, whitespace: true, min: 2, message: zh.desk.Actions.choose }]}>
          <ChoiceInput maxLength={200} choices={words.whys} data-testid="reveal-why" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
