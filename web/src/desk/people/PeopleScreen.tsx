import { Badge, Button, Table, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { useDesk } from '../deskContext';
import { Failed, Loading } from '../states';
import { useLoaded } from '../useLoaded';
import type { Colleague, Presence } from '../wire';
import { AccountDialog } from './AccountDialog';

const words = zh.desk.People;
const DOTS: Record<Presence, 'success' | 'warning' | 'default'> = { online: 'success', away: 'warning', offline: 'default' };
const LOOK_AGAIN_MS = 10_000;

/** Who is there and how busy; accounts, skills and capacity. */
export default function PeopleScreen() {
  const { agent } = useDesk();
  const [editing, setEditing] = useState<Colleague | 'new' | null>(null);
  const { value: people, failure, reload } = useLoaded('people', deskApi.agents);
  useEffect(() => {
    const timer = setInterval(reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
  if (!people) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const online = people.filter(({ presence }) => presence === 'online').length;
  return (
    <div className="desk-page">
      <header className="desk-screen-head">
        <h2>{words.title} <small className="desk-soft">{words.online(online)}</small></h2>
        {agent.role === 'admin' ? <Button type="primary" onClick={() => setEditing('new')} data-testid="add-account">{words.add}</Button> : null}
      </header>
      <section className="desk-card">
        <Table<Colleague> rowKey="id" size="middle" pagination={false} dataSource={people} scroll={{ x: 'max-content' }} columns={[
          { title: words.name, dataIndex: 'display_name', render: (name: string, one) => <><b>{name}</b> <span className="desk-soft">{one.name}</span></> },
          { title: words.role, dataIndex: 'role', render: (role: string) => words.roles[role] ?? role },
          { title: words.presence, dataIndex: 'presence', render: (presence: Presence, one) => one.is_enabled ? <Badge status={DOTS[presence]} text={zh.desk.Presence[presence]} /> : <Tag>{words.disabled}</Tag> },
          { title: words.load, key: 'load', render: (_, one) => <Load one={one} /> },
          { title: words.skills, dataIndex: 'skills', render: (skills: string[]) => skills.map((skill) => <Tag key={skill}>{words.skillNames[skill] ?? skill}</Tag>) },
          { title: words.edit, key: 'edit', render: (_, one) => <Button size="small" onClick={() => setEditing(one)} data-testid={`edit-${one.name}`}>{words.edit}</Button> },
        ]} />
      </section>
      {editing !== null ? <AccountDialog account={editing === 'new' ? null : editing} onDone={() => { setEditing(null); reload(); }} onCancel={() => setEditing(null)} /> : null}
    </div>
  );
}

function Load({ one }: { one: Colleague }) {
  return (
    <span className="desk-load">
      <meter min={0} max={one.capacity} value={Math.min(one.load, one.capacity)} aria-label={words.load} /> {words.loadOf(one.load, one.capacity)}
    </span>
  );
}
