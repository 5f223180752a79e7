// A development double of the service for the chat page: the same routes and events, answers from a short list,
// everything in memory. Nobody serves at its desk; who asks for a person waits and may leave the queue.
// It understands nothing; it lets the pages be worked on and looked at. `npm run dev:double`, then open the address.
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import { answerTo } from './answers.mjs';

const PORT = Number(process.env.PORT ?? 8300);
const DIST = join(import.meta.dirname, '..', 'dist');
const PAGES = { '/': 'index.html', '/chat': 'chat.html' };
const WITH_BOT = { mode: 'bot', agent_name: null, ahead: null };
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json',
};

const tokens = new Map();

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const json = (status, body, headers = {}) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  if (pathname === '/channels/web/session' && request.method === 'POST') {
    const conversation = {
      id: randomUUID(), channel: 'web', created_at: new Date().toISOString(), messages: [], seq: 0, mode: WITH_BOT,
    };
    const token = randomUUID();
    tokens.set(token, conversation);
    return json(200, { token, conversation_id: conversation.id });
  }
  const path = join(DIST, normalize(PAGES[pathname] ?? pathname));
  if (!path.startsWith(DIST) || !existsSync(path) || !extname(path)) return json(404, { error: { code: 'not_found', message: '没有这个页面' } });
  response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
});

const io = new Server(server, { path: '/socket.io' });
const chat = io.of('/chat');

chat.use((socket, next) => {
  socket.data.conversation = tokens.get(socket.handshake.auth.token);
  next(socket.data.conversation ? undefined : new Error('unauthorized'));
});

chat.on('connection', (socket) => {
  const { conversation } = socket.data;
  socket.join(conversation.id);
  socket.emit('history', { messages: after(conversation, socket.handshake.auth.since), ...conversation.mode, has_more: false });
  socket.on('opinion', (_opinion, ack) => ack({ ok: true }));
  socket.on('since', ({ since }, ack) => ack({ messages: after(conversation, since), ...conversation.mode }));
  socket.on('send', async (outgoing, ack) => {
    const known = conversation.messages.find((message) => message.client_id === outgoing.client_id);
    if (known) return ack({ ok: true, seq: known.seq });
    const words = outgoing.text ?? outgoing.title;
    if (words.includes('发送失败')) return ack({ ok: false, error: { code: 'refused', message: '服务繁忙，请稍后再试' } });
    const said = say(conversation, 'customer', [{ kind: 'text', text: words, detail: null }], { client_id: outgoing.client_id });
    ack({ ok: true, seq: said.seq });
    if (outgoing.payload === '/leave_queue') return setMode(conversation, WITH_BOT);
    const parts = answerTo(outgoing.payload ?? words);
    chat.to(conversation.id).emit('typing', { who: 'bot', on: true });
    await new Promise((resolve) => setTimeout(resolve, 500));
    say(conversation, 'bot', parts);
    if (parts.some((part) => part.kind === 'handoff')) setMode(conversation, { mode: 'queued', agent_name: null, ahead: 0 });
  });
});

function after(conversation, since) {
  return conversation.messages.filter((message) => message.seq > (since ?? 0));
}

function say(conversation, sender, parts, more = {}) {
  const message = {
    seq: ++conversation.seq, id: randomUUID(), sender, author_name: null, client_id: null, at: new Date().toISOString(), ...more,
    parts: parts.filter((part) => part.kind !== 'handoff'),
  };
  conversation.messages.push(message);
  chat.to(conversation.id).emit('message', message);
  return message;
}

function setMode(conversation, mode) {
  conversation.mode = mode;
  chat.to(conversation.id).emit('mode', mode);
}

server.listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`));
