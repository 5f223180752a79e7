import { Form, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { screensApi } from '../apiScreens';
import { useDesk } from '../deskContext';
import { colleagueOptions } from '../people';
import { useLoaded } from '../useLoaded';
import type { Complaint, Grade } from '../wireScreens';

const words = zh.desk.Complaints;

interface Props {
  complaint: Complaint;
  onDone: (complaint: Complaint) => void;
  onCancel: () => void;
}

export function OwnerDialog({ complaint, onDone, onCancel }: Props) {
  const { onError } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const colleagues = useLoaded('agents', deskApi.agents);
  const [form] = Form.useForm<{ owner: string; grade: Grade }>();
  const own = async ({ owner, grade }: { owner: string; grade: Grade }) => {
    setBusy(true);
    try {
      onDone(await screensApi.own(complaint.complaint_no, owner, grade));
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  return (
    <Modal open title={words.setOwner} okText={zh.desk.Actions.ok} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'owner-confirm' }} onCancel={onCancel} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ grade: complaint.grade }} onFinish={(given) => void own(given)}>
        <Form.Item name="grade" label={words.grade}>
          <Radio.Group optionType="button" options={Object.entries(words.grades).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Form.Item name="owner" label={words.owner} rules={[{ required: true, message: zh.desk.Actions.choose }]}>
          <Select showSearch optionFilterProp="label" loading={colleagues.isLoading} options={colleagueOptions(colleagues.value ?? [], null)} data-testid="owner-to" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
