import { Form, Input, Modal, Select } from 'antd';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { useDesk } from '../deskContext';
import { colleagueOptions, SKILLS } from '../people';
import { useLoaded } from '../useLoaded';
import type { Skill } from '../wire';
import type { DialogProps } from './dialog';

const words = zh.desk.Actions;

/** To whoever has the skill, or to one colleague, with what they need to know. */
export function PassOnDialog({ ticket, isBusy, run, onCancel }: DialogProps) {
  const { agent } = useDesk();
  const [form] = Form.useForm<{ to: string; note: string }>();
  const colleagues = useLoaded('agents', deskApi.agents);
  const skills = SKILLS.map((skill) => ({ value: `skill:${skill}`, label: words.passSkill(zh.desk.People.skillNames[skill] ?? skill) }));
  const people = colleagueOptions(colleagues.value ?? [], agent.id).map((option) => ({ ...option, value: `agent:${option.value}` }));
  const submit = ({ to, note }: { to: string; note: string }) => {
    const [kind, name = ''] = to.split(':');
    const order = { note: note.trim() };
    return run(() => deskApi.passOn(ticket.id, kind === 'skill' ? { ...order, skill: name as Skill } : { ...order, to: name }));
  };
  return (
    <Modal open title={words.passOnTitle} okText={words.passOn} cancelText={words.cancel} confirmLoading={isBusy} onCancel={onCancel}
      okButtonProps={{ 'data-testid': 'pass-on-confirm' }} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void submit(given)}>
        <Form.Item name="to" label={words.passTo} rules={[{ required: true, message: words.choose }]}>
          <Select showSearch optionFilterProp="label" placeholder={words.choose} loading={colleagues.isLoading} data-testid="pass-on-to"
            options={[{ label: zh.desk.People.title, options: people }, { label: zh.desk.People.skills, options: skills }]} />
        </Form.Item>
        <Form.Item name="note" label={words.passNote} rules={[{ required: true, whitespace: true, message: words.noteNeeded }]}>
          <Input.TextArea rows={3} maxLength={2000} data-testid="pass-on-note" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
