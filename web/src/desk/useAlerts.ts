import { useEffect, useRef, useState } from 'react';
import { zh } from '../locales/zh';
import { loadChoice, notify, ring, saveChoice, type AlertChoice } from './alerts';
import { isHelpWanted, isOfferedTo } from './ticketBook';
import type { DeskLine } from './useDeskSocket';
import type { Agent, ClockRing, DeskMessage, Ticket } from './wire';

const words = zh.desk.Alerts;

export interface Alerts {
  choice: AlertChoice;
  choose: (choice: AlertChoice) => void;
}

interface Wiring {
  line: DeskLine | null;
  agent: Agent;
  openConversation: string | null;
  mine: ReadonlySet<string>;
  onOpen: (conversationId: string) => void;
  onRing: (text: string, isBreach: boolean) => void;
}

/** Tells the agent of an offer, of a supervisor wanted, of a customer's words elsewhere, and of promises that come near their end. */
export function useAlerts({ line, agent, openConversation, mine, onOpen, onRing }: Wiring): Alerts {
  const [choice, setChoice] = useState(loadChoice);
  const now = useRef({ choice, openConversation, mine, onOpen, onRing, agent });
  now.current = { choice, openConversation, mine, onOpen, onRing, agent };
  const socket = line?.socket ?? null;

  useEffect(() => {
    if (!socket) return;
    const offered = new Set<string>();
    const tell = (title: string, body: string, isUrgent: boolean, conversationId: string) => {
      if (now.current.choice.sound) ring(isUrgent);
      if (now.current.choice.popup && document.hidden) notify(title, body, () => now.current.onOpen(conversationId));
    };
    const onTicket = (ticket: Ticket) => {
      const isNew = isOfferedTo(ticket, now.current.agent) && !offered.has(`${ticket.id} ${ticket.offer_expires_at}`);
      if (!isNew) return;
      offered.add(`${ticket.id} ${ticket.offer_expires_at}`);
      tell(words.offered, ticket.last_message || ticket.reason_label, true, ticket.conversation_id);
    };
    const onMessage = ({ conversation_id, message }: { conversation_id: string; message: DeskMessage }) => {
      if (message.sender !== 'customer' || !now.current.mine.has(conversation_id)) return;
      if (conversation_id === now.current.openConversation && !document.hidden) return;
      const text = message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' ');
      tell(words.message, text, false, conversation_id);
    };
    const onClock = (clock: ClockRing) => {
      const what = words.subjects[clock.subject] ?? '';
      now.current.onRing((clock.is_breach ? words.breach : words.warning)(what), clock.is_breach);
    };
    const onHelp = (ticket: Ticket) => {
      if (!isHelpWanted(ticket, now.current.agent)) return;
      const title = words.help(ticket.agent_name ?? '');
      tell(title, ticket.help?.why ?? '', true, ticket.conversation_id);
      now.current.onRing([title, ticket.help?.why].filter(Boolean).join('：'), false);
    };
    socket.on('ticket', onTicket);
    socket.on('help', onHelp);
    socket.on('message', onMessage);
    socket.on('clock', onClock);
    return () => {
      socket.off('ticket', onTicket);
      socket.off('help', onHelp);
      socket.off('message', onMessage);
      socket.off('clock', onClock);
    };
  }, [socket]);

  const choose = (next: AlertChoice) => {
    setChoice(next);
    saveChoice(next);
  };
  return { choice, choose };
}
