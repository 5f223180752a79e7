import { Button, Input, Popconfirm, Tag } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { screensApi } from '../apiScreens';
import { matching } from '../canned';
import { useDesk } from '../deskContext';
import { Failed, Loading, Nothing } from '../states';
import { useLoaded } from '../useLoaded';
import type { CannedReply } from '../wire';
import { ReplyDialog } from './ReplyDialog';

const words = zh.desk.Replies;

/** Replies kept for reuse: one's own, and those of everybody. */
export default function RepliesScreen() {
  const { isSupervisor, onError } = useDesk();
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const [search, setSearch] = useState('');
  const { value: replies, failure, reload } = useLoaded('replies', deskApi.replies);
  if (!replies) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const drop = (id: string) => screensApi.dropReply(id).then(reload, onError);
  return (
    <div className="desk-page is-narrow">
      <header className="desk-screen-head">
        <h2>{words.title}</h2>
        <span className="desk-filters">
          <Input allowClear placeholder={words.search} aria-label={words.search} value={search} onChange={(event) => setSearch(event.target.value)} />
          <Button type="primary" onClick={() => setEditing('new')} data-testid="add-reply">{words.add}</Button>
        </span>
      </header>
      <p className="desk-soft">{words.variables}</p>
      {replies.length === 0 ? <Nothing text={words.empty} hint={words.emptyHint} /> : null}
      <ul className="desk-plain">
        {matching(replies, search).map((reply) => (
          <li key={reply.id} className="desk-card desk-reply" data-testid="reply">
            <header>
              <b>/{reply.shortcut}</b>
              <Tag color={reply.is_shared ? 'green' : 'default'}>{reply.is_shared ? words.shared : words.own}</Tag>
              {isSupervisor || !reply.is_shared ? (
                <span>
                  <Button size="small" onClick={() => setEditing(reply)}>{words.edit}</Button>
                  <Popconfirm title={words.removeTitle} okText={words.remove} cancelText={zh.desk.Actions.cancel} onConfirm={() => drop(reply.id)}>
                    <Button size="small" danger>{words.remove}</Button>
                  </Popconfirm>
                </span>
              ) : null}
            </header>
            <p>{reply.text}</p>
          </li>
        ))}
      </ul>
      {editing !== null ? <ReplyDialog reply={editing === 'new' ? null : editing} onDone={() => { setEditing(null); reload(); }} onCancel={() => setEditing(null)} /> : null}
    </div>
  );
}
