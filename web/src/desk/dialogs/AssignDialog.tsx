import { Form, Modal, Select } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { colleagueOptions } from '../people';
import { useLoaded } from '../useLoaded';
import type { DialogProps } from './dialog';

const words = zh.desk.Actions;

export function AssignDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const [form] = Form.useForm<{ to: string }>();
  const colleagues = useLoaded('agents', deskApi.agents);
  return (
    <Modal open title={words.assignTitle} okText={words.assign} cancelText={words.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'assign-confirm' }} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ to }) => void run(() => deskApi.assign(ticket.id, to))}>
        <Form.Item name="to" label={words.passTo} rules={[{ required: true, message: words.choose }]}>
          <Select showSearch optionFilterProp="label" placeholder={words.choose} loading={colleagues.isLoading} data-testid="assign-to"
            options={colleagueOptions(colleagues.value ?? [], null)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
