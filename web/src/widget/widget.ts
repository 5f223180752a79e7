import type { Session } from '../wire';
import { words } from './locale';
import type { FromFrame, FromHost } from './protocol';
import { css } from './style';

const KEY = 'fangxin.session';
const IDENTITY_MS = 3000;

/** A button at the corner of the bank's page that opens the chat page in an iframe. */
export function startWidget(script: HTMLScriptElement): void {
  const service = new URL(script.src, location.href).origin;
  const { title = words.title, color = '', position = 'right', identityUrl } = script.dataset;
  let frame: HTMLIFrameElement | null = null;
  let isOpen = false;

  // A shadow root: neither the bank's style sheets nor ours reach across.
  const holder = document.createElement('div');
  const shadow = holder.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = css;
  const panel = document.createElement('div');
  panel.className = 'panel';
  panel.hidden = true;
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', title);
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.testid = 'widget-button';
  button.setAttribute('aria-expanded', 'false');
  button.innerHTML =
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 11.5 12 5l8 6.5M6.5 10v8.5h11V10M10 14h4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>';
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.dataset.testid = 'widget-badge';
  badge.hidden = true;
  button.append(badge);
  shadow.append(style, panel, button);
  holder.className = 'fangxin-widget';
  if (/^#[0-9a-f]{6}$/i.test(color)) holder.style.setProperty('--brand', color);
  if (position === 'left') panel.classList.add('left'), button.classList.add('left');

  const tell = (message: FromHost) => frame?.contentWindow?.postMessage(message, service);

  const greet = () => {
    const session = load();
    if (!identityUrl) return tell({ fangxin: 'hello', session });
    void signedIdentity(identityUrl).then((identity) =>
      tell({ fangxin: 'hello', session, ...(identity && { identity }) }),
    );
  };

  const label = (unread: number) => {
    badge.hidden = unread === 0;
    badge.textContent = unread > 9 ? '9+' : String(unread);
    button.setAttribute('aria-label', isOpen ? words.close : unread ? words.openUnread(title, unread) : words.open(title));
  };

  const show = (open: boolean) => {
    if (open && !frame) {
      frame = document.createElement('iframe');
      frame.title = title;
      frame.allow = 'clipboard-write';
      frame.dataset.testid = 'widget-frame';
      const wishes = new URLSearchParams({ host: location.origin, title, ...(color && { color }) });
      frame.src = `${service}/chat?${wishes.toString()}`;
      panel.append(frame);
    }
    isOpen = open;
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    // The page behind a full-screen chat must not scroll away under the finger.
    document.documentElement.style.overflow = open && matchMedia('(max-width:600px)').matches ? 'hidden' : '';
    holder.classList.toggle('open', open);
    button.classList.toggle('open', open);
    label(0);
    tell({ fangxin: 'visible', visible: open });
    (open ? frame : button)?.focus();
  };

  button.addEventListener('click', () => show(!isOpen));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isOpen && !event.isComposing) show(false);
  });
  addEventListener('message', (event: MessageEvent<FromFrame | null>) => {
    if (!frame || event.origin !== service || event.source !== frame.contentWindow) return;
    const message = event.data;
    switch (message?.fangxin) {
      case 'ready':
        return greet();
      case 'session':
        return save(message.session);
      case 'unread':
        return label(isOpen ? 0 : message.count);
      case 'close':
        return show(false);
    }
  });

  label(0);
  document.body.append(holder);
}

/** Asked for when the chat opens, since it holds for minutes only; null for a visitor who is not signed in. */
async function signedIdentity(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { credentials: 'same-origin', signal: AbortSignal.timeout(IDENTITY_MS) });
    return response.ok ? (await response.text()).trim() || null : null;
  } catch {
    return null;
  }
}

// A page that forbids storage still gets a chat; it only starts anew on the next page.
function load(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

function save(session: Session): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // nothing to do
  }
}
