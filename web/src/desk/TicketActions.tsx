import { Button, Input, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { isMine } from './ticketBook';
import type { Agent, Ticket } from './wire';

const words = zh.desk.Actions;

interface Props {
  ticket: Ticket;
  agent: Agent;
  onChanged: (ticket: Ticket) => void;
  onError: (error: unknown) => void;
}

/** What this agent may do with the ticket now. */
export function TicketActions({ ticket, agent, onChanged, onError }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [isHandingBack, setHandingBack] = useState(false);
  const [note, setNote] = useState('');

  const run = async (action: () => Promise<Ticket>) => {
    setBusy(true);
    try {
      onChanged(await action());
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
      setHandingBack(false);
      setNote('');
    }
  };
  if (ticket.status === 'waiting') {
    return (
      <Button type="primary" loading={isBusy} data-testid="claim" onClick={() => void run(() => deskApi.claim(ticket.id))}>
        {words.claim}
      </Button>
    );
  }
  if (!isMine(ticket, agent)) return null;
  return (
    <>
      <Button data-testid="hand-back" disabled={isBusy} onClick={() => setHandingBack(true)}>
        {words.handBack}
      </Button>
      <Popconfirm title={words.closeTitle} description={words.closeText} okText={words.closeOk} cancelText={words.cancel}
        okButtonProps={{ 'data-testid': 'close-confirm' }} onConfirm={() => run(() => deskApi.close(ticket.id))}>
        <Button danger disabled={isBusy} data-testid="close-ticket">
          {words.close}
        </Button>
      </Popconfirm>
      <Modal open={isHandingBack} title={words.handBackTitle} okText={words.handBackOk} cancelText={words.cancel} confirmLoading={isBusy}
        okButtonProps={{ 'data-testid': 'hand-back-confirm' }} onCancel={() => setHandingBack(false)}
        onOk={() => void run(() => deskApi.handBack(ticket.id, note.trim()))}>
        <Input.TextArea value={note} onChange={(event) => setNote(event.target.value)} rows={3} placeholder={words.handBackNote} aria-label={words.handBackNote} data-testid="hand-back-note" />
      </Modal>
    </>
  );
}
