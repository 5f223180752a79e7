import { Form, Input, Modal, Select } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { ChoiceInput } from '../ChoiceInput';
import type { DialogProps } from './dialog';

const words = zh.desk.Actions;
const MOST_TAGS = 10;

interface Given {
  resolution?: string;
  tags?: string[];
  note?: string;
}

export function CloseDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const [form] = Form.useForm<Given>();
  const submit = ({ resolution, tags, note }: Given) => {
    const [result, kept] = [resolution?.trim(), note?.trim()];
    return run(() => deskApi.close(ticket.id, { tags: tags ?? [], ...(result ? { resolution: result } : {}), ...(kept ? { note: kept } : {}) }));
  };
  return (
    <Modal open title={words.closeTitle} okText={words.closeOk} cancelText={words.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'close-confirm', danger: true }} onOk={() => form.submit()}>
      <p className="desk-soft">{words.closeText}</p>
      <Form form={form} layout="vertical" initialValues={{ resolution: words.resolutions[0] }} onFinish={(given) => void submit(given)}>
        <Form.Item name="resolution" label={words.resolution}>
          <ChoiceInput maxLength={200} choices={words.resolutions} data-testid="close-resolution" />
        </Form.Item>
        <Form.Item name="tags" label={words.tags}>
          <Select mode="tags" maxCount={MOST_TAGS} options={words.tagChoices.map((value) => ({ value }))} data-testid="close-tags" />
        </Form.Item>
        <Form.Item name="note" label={words.closeNote}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
