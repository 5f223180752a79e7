// The desk's half of the double: tickets, the agent's routes, live events.
import { randomUUID } from 'node:crypto';
import { answerTo, understoodAs } from './answers.mjs';

const AGENT = { name: 'demo', display_name: '林小安', role: 'agent' };
const COOKIE = 'double_desk=demo';
const refusal = (code, message) => ({ error: { code, message } });

export function openDesk({ namespace, conversations, say, setMode }) {
  const tickets = [];
  namespace.use((socket, next) => next(socket.handshake.headers.cookie?.includes(COOKIE) ? undefined : new Error('unauthorized')));
  namespace.on('connection', (socket) => {
    socket.on('watch', (_target, ack) => ack({ ok: true }));
  });
  const tell = (event, body) => namespace.emit(event, body);
  const system = (conversation, text) => say(conversation, 'system', [{ kind: 'text', text, detail: null }]);

  function shown(ticket) {
    const end = ticket.claimed_at ?? ticket.closed_at ?? new Date().toISOString();
    const words = conversations.get(ticket.conversation_id).messages.at(-1)?.parts.find((part) => part.kind === 'text');
    return { ...ticket, waiting_seconds: (Date.parse(end) - Date.parse(ticket.created_at)) / 1000, last_message: words?.text ?? '' };
  }

  function change(ticket, part) {
    Object.assign(ticket, part);
    tell('ticket', shown(ticket));
    return shown(ticket);
  }

  function openTicket(conversation, summary) {
    const now = Date.now();
    const ticket = {
      id: randomUUID(), conversation_id: conversation.id, channel: 'web', reason: 'asked', reason_label: '客户要求转人工', skill: 'after_loan',
      skill_label: '贷后服务', priority: 'normal', summary: `客户说：${summary}`, status: 'waiting', agent_name: null,
      created_at: new Date(now).toISOString(), claimed_at: null, closed_at: null, first_reply_due_at: new Date(now + 120_000).toISOString(),
    };
    const ahead = tickets.filter(({ status }) => status === 'waiting').length;
    tickets.push(ticket);
    setMode(conversation, { mode: 'queued', agent_name: null, ahead });
    change(ticket, {});
  }

  function end(ticket, words) {
    const conversation = conversations.get(ticket.conversation_id);
    system(conversation, words);
    setMode(conversation, { mode: 'bot', agent_name: null, ahead: null });
    return change(ticket, { status: 'closed', closed_at: new Date().toISOString() });
  }

  const isShown = {
    waiting: ({ status }) => status === 'waiting',
    mine: ({ status, agent_name }) => status === 'active' && agent_name === AGENT.display_name,
    all: () => true,
    closed: ({ status }) => status === 'closed',
  };

  async function answer(request, pathname, json) {
    const [, , , room, id, verb] = pathname.split('/');
    const body = request.method === 'POST' ? JSON.parse((await readAll(request)) || '{}') : {};
    if (room === 'login') {
      return body.name === 'demo' && body.password === 'demo'
        ? json(200, { agent: AGENT }, { 'Set-Cookie': `${COOKIE}; HttpOnly; SameSite=Strict; Path=/` })
        : json(401, refusal('bad_login', '工号或密码不对'));
    }
    if (!request.headers.cookie?.includes(COOKIE)) return json(401, refusal('unauthorized', '请先登录'));
    if (room === 'me') return json(200, { agent: AGENT });
    if (room === 'logout') return json(200, {}, { 'Set-Cookie': `${COOKIE}; Max-Age=0; Path=/` });
    const ticket = tickets.find((known) => known.id === id);
    if (room === 'tickets' && !id) {
      const view = new URL(request.url, 'http://localhost').searchParams.get('view');
      return json(200, { tickets: tickets.filter(isShown[view] ?? isShown.all).map(shown) });
    }
    if (room === 'tickets' && verb === 'claim') {
      if (ticket.status !== 'waiting') return json(409, refusal('already_taken', '这位客户已被其他同事领取'));
      const conversation = conversations.get(ticket.conversation_id);
      setMode(conversation, { mode: 'human', agent_name: AGENT.display_name, ahead: null });
      system(conversation, `客服 ${AGENT.display_name} 为您服务`);
      return json(200, change(ticket, { status: 'active', agent_name: AGENT.display_name, claimed_at: new Date().toISOString() }));
    }
    if (room === 'tickets' && verb === 'hand-back') return json(200, end(ticket, '小房继续为您服务'));
    if (room === 'tickets' && verb === 'close') return json(200, end(ticket, '本次人工服务已结束'));
    const conversation = conversations.get(id);
    if (room === 'conversations' && conversation) {
      if (verb === 'messages') {
        if (conversation.mode.mode !== 'human') return json(409, refusal('not_holder', '您没有在接待这位客户，请先领取'));
        return json(200, say(conversation, 'agent', [{ kind: 'text', text: body.text, detail: null }], { author_name: AGENT.display_name, client_id: body.client_id }));
      }
      if (verb === 'suggestion') return json(200, { understood: [understoodAs('')], parts: answerTo('提前还款要违约金吗').slice(0, 1) });
      return json(200, {
        conversation: { id, channel: 'web', mode: conversation.mode.mode, created_at: conversation.created_at },
        messages: conversation.messages, turns: conversation.turns, tickets: tickets.filter((known) => known.conversation_id === id).map(shown),
      });
    }
    return json(404, refusal('not_found', '没有找到'));
  }

  function leaveQueue(conversation) {
    const ticket = tickets.find((known) => known.conversation_id === conversation.id && known.status === 'waiting');
    if (ticket) end(ticket, '已取消排队，小房继续为您服务');
  }

  return { answer, tell, openTicket, leaveQueue };
}

async function readAll(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
