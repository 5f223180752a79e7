import { Form, Modal } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { ChoiceInput } from '../ChoiceInput';
import type { DialogProps } from './dialog';

const words = zh.desk.Help;

/** Asks a supervisor in, with a line of why. */
export function HelpDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const [form] = Form.useForm<{ why: string }>();
  return (
    <Modal open title={words.askTitle} okText={words.ask} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'help-confirm' }} onOk={() => form.submit()}>
      <p className="desk-soft">{words.askText}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ why }) => void run(() => deskApi.askHelp(ticket.id, why.trim()))}>
        <Form.Item name="why" label={words.why} rules={[{ required: true, whitespace: true, message: zh.desk.Actions.noteNeeded }]}>
          <ChoiceInput maxLength={200} choices={words.whys} data-testid="help-why" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
