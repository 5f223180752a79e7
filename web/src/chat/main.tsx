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
import { keepToVisibleHeight } from './visibleHeight';
import { parseWishes, showWishes, WishBook, wishesOfPage } from './wishes';

/** The only wiring of the chat page. */
function start(root: HTMLElement): void {
  const asked = new URLSearchParams(window.location.search);
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
  const wishes = new WishBook(wishesOfPage(asked), keep, host?.keepWishes);
  showWishes(wishes, document.documentElement, window.matchMedia('(prefers-color-scheme: dark)'));
  void host?.wishes().then((kept) => wishes.take(parseWishes(kept)));
  keepToVisibleHeight(window.visualViewport, document.documentElement);
  const title = asked.get('title')?.slice(0, 20) || zh.ChatPage.title;
  const subtitle = asked.get('subtitle')?.slice(0, 30) ?? zh.ChatPage.subtitle;
  const colour = readableColour(asked.get('color'));
  if (colour) document.documentElement.style.setProperty('--fx-brand', colour);
  document.title = title;
  createRoot(root).render(<ChatPage conversation={conversation} host={host} title={title} subtitle={subtitle} wishes={wishes} />);
}

const root = document.getElementById('root');
if (root) start(root);
