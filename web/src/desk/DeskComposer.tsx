import { Button, Input } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { isSendKey } from '../keyboard';
import { newId } from '../chat/newId';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import type { DeskMessage } from './wire';

const words = zh.desk.Actions;

interface Props {
  conversationId: string;
  onSent: (message: DeskMessage) => void;
  onError: (error: unknown) => void;
  onNothing: () => void;
}

export function DeskComposer({ conversationId, onSent, onError, onNothing }: Props) {
  const [text, setText] = useState('');
  // Kept until it is through: the same words sent again after a failure are recognised as the same message.
  const [draftId, setDraftId] = useState(newId);
  const [isSending, setSending] = useState(false);
  const [isAsking, setAsking] = useState(false);

  const edit = (next: string) => {
    setText(next);
    setDraftId(newId());
  };
  const send = async () => {
    const trimmed = text.trim();
    if (trimmed === '' || isSending) return;
    setSending(true);
    try {
      onSent(await deskApi.reply(conversationId, { client_id: draftId, text: trimmed }));
      edit('');
    } catch (error) {
      onError(error);
    } finally {
      setSending(false);
    }
  };
  const suggest = async () => {
    setAsking(true);
    try {
      const { parts } = await deskApi.suggestion(conversationId);
      const lines = (parts ?? []).flatMap((part) => (part.kind === 'text' ? [part.text] : []));
      if (lines.length > 0) edit(lines.join('\n'));
      else onNothing();
    } catch (error) {
      onError(error);
    } finally {
      setAsking(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="desk-composer">
      <Input.TextArea value={text} onChange={(event) => edit(event.target.value)} onKeyDown={onKeyDown} autoSize={{ minRows: 3, maxRows: 8 }}
        placeholder={words.composerHint} aria-label={words.composer} readOnly={isSending} data-testid="desk-input" />
      <div className="desk-composer-row">
        <Button onClick={() => void suggest()} loading={isAsking} data-testid="suggest">{words.suggest}</Button>
        <Button type="primary" onClick={() => void send()} loading={isSending} disabled={text.trim() === ''} data-testid="desk-send">
          {words.send}
        </Button>
      </div>
    </div>
  );
}
