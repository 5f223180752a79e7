import { Form, Input, InputNumber, Modal, Select, Switch } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { screensApi, type AccountChange } from '../apiScreens';
import { useDesk } from '../deskContext';
import type { Colleague, Role } from '../wire';
import { changesOf, type AccountFields } from './changes';
import { hoursOf, textOf } from './hours';

const words = zh.desk.People;
const options = (titles: Record<string, string>) => Object.entries(titles).map(([value, label]) => ({ value, label }));

interface Props {
  /** Null: a new one. */
  account: Colleague | null;
  onDone: () => void;
  onCancel: () => void;
}

/** Skills and capacity are a supervisor's business, the rest an admin's: who may not change something does not see it. */
export function AccountDialog({ account, onDone, onCancel }: Props) {
  const { agent, onError, say } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<AccountFields>();
  const isAdmin = agent.role === 'admin';

  const save = async (given: AccountFields) => {
    setBusy(true);
    try {
      let known = account;
      if (known === null) {
        const { name = '', display_name = '', password = '', role = 'agent' as Role } = given;
        known = (await screensApi.addAccount({ name, display_name, password, role })).agent;
        delete given.password;
      }
      const change: AccountChange = changesOf({ ...known, is_enabled: known.is_enabled ?? true }, given);
      if (Object.keys(change).length > 0) await screensApi.changeAccount(known.id, change);
      const hours = hoursOf(given.hours ?? '');
      if (hours !== 'wrong' && textOf(hours) !== textOf(known.hours)) await screensApi.setHours(known.id, hours);
      say(words.saved);
      onDone();
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  return (
    <Modal open title={account ? account.display_name : words.add} okText={words.save} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'account-save' }} onCancel={onCancel} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={account ? { ...account, hours: textOf(account.hours) } : { role: 'agent', skills: Object.keys(words.skillNames), capacity: 5, is_enabled: true }}
        onFinish={(given) => void save(given)}>
        {account === null ? (
          <Form.Item name="name" label={words.login} rules={[{ required: true, pattern: /^[a-z0-9_.-]{2,50}$/, message: words.loginRule }]}><Input autoComplete="off" data-testid="account-name" /></Form.Item>
        ) : null}
        {isAdmin ? (
          <>
            <Form.Item name="display_name" label={words.name} rules={[{ required: true, whitespace: true, max: 30, message: zh.desk.Complaints.needed }]}><Input data-testid="account-display" /></Form.Item>
            <Form.Item name="role" label={words.role}><Select options={options(words.roles)} /></Form.Item>
            <Form.Item name="password" label={account ? words.newPassword : words.password} rules={[{ required: account === null, min: 8, message: words.passwordRule }]}>
              <Input.Password autoComplete="new-password" data-testid="account-password" />
            </Form.Item>
          </>
        ) : null}
        <Form.Item name="skills" label={words.skills}><Select mode="multiple" options={options(words.skillNames)} data-testid="account-skills" /></Form.Item>
        <Form.Item name="capacity" label={words.capacity}><InputNumber min={1} max={50} precision={0} data-testid="account-capacity" /></Form.Item>
        <Form.Item name="hours" label={words.workHours} extra={words.workHoursHint}
          rules={[{ validator: (_, text?: string) => (hoursOf(text ?? '') === 'wrong' ? Promise.reject(new Error(words.workHoursRule)) : Promise.resolve()) }]}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 7 }} placeholder={words.workHoursExample} data-testid="account-hours" />
        </Form.Item>
        {isAdmin && account ? <Form.Item name="is_enabled" label={words.enabled} valuePropName="checked"><Switch /></Form.Item> : null}
      </Form>
    </Modal>
  );
}
