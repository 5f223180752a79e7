import { createRoot } from 'react-dom/client';
import { zh } from '../locales/zh';
import { ChatPage } from './ChatPage';
import './chat.less';
import { readableColour } from './colour';
import { Conversation } from './conversation';
import { connectHost, hostOrigin } from './hostBridge';
import { socketLink } from './link';
import { newId } from './newId';
import { sendFile } from './sendFile';
import { openSession, ownKeeper } from './session';
import { shrink } from './shrink';
import { openKeep } from './storage';

/** The only wiring of the chat page. */
function start(root: HTMLElement): void {
  const wishes = new URLSearchParams(window.location.search);
  const keep = openKeep();
  const origin = hostOrigin(window);
  const host = origin === null ? null : connectHost(window, origin);
  const conversation = new Conversation({
    keeper: host?.keeper ?? ownKeeper(keep),
    keep,
    openSession,
    openLink: socketLink,
    newId,
    sendFile,
    shrink,
  });
  const title = wishes.get('title')?.slice(0, 20) || zh.ChatPage.title;
  const colour = readableColour(wishes.get('color'));
  if (colour) document.documentElement.style.setProperty('--fx-brand', colour);
  document.title = title;
  createRoot(root).render(<ChatPage conversation={conversation} host={host} title={title} />);
}

const root = document.getElementById('root');
if (root) start(root);
