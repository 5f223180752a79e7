import type { Session } from '../wire';
import { words } from './locale';
import type { FromFrame, FromHost } from './protocol';
import { css } from './style';

const SESSION = 'fangxin.session';
const WISHES = 'fangxin.wishes';
const IDENTITY_MS = 3000;
const isPhone = () => matchMedia('(max-width:600px)').matches;

/** A button at the corner of the bank's page that opens the chat page in an iframe. */
export function startWidget(script: HTMLScriptElement): void {
  const service = new URL(script.src, location.href).origin;
  const { title = words.title, color = '', position, identityUrl, subtitle, theme, type } = script.dataset;
  let frame: HTMLIFrameElement | null = null;
  let isOpen = false;

  // A shadow root: neither the bank's style sheets nor ours reach across.
  const holder = document.createElement('div');
  const shadow = holder.attachShadow({ mode: 'open' });
  dress(shadow);
  const panel = document.createElement('div');
  panel.className = 'panel';
  panel.hidden = true;
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', title);
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.testid = 'widget-button';
  button.setAttribute('aria-expanded', 'false');
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.dataset.testid = 'widget-badge';
  badge.hidden = true;
  button.append(house(), badge);
  shadow.append(panel, button);
  holder.className = 'fangxin-widget';
  if (/^#[0-9a-f]{6}$/i.test(color)) holder.style.setProperty('--brand', color);
  if (position === 'left') panel.classList.add('left'), button.classList.add('left');

  const tell = (message: FromHost) => frame?.contentWindow?.postMessage(message, service);

  const greet = () => {
    const session = load();
    const wishes = recall(WISHES);
    if (!identityUrl) return tell({ fangxin: 'hello', session, wishes });
    void signedIdentity(identityUrl).then((identity) =>
      tell({ fangxin: 'hello', session, wishes, ...(identity && { identity }) }),
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
      frame.allow = 'clipboard-write;autoplay';
      frame.dataset.testid = 'widget-frame';
      const asked = new URLSearchParams({ host: location.origin });
      for (const [name, value] of Object.entries({ title, subtitle, color, theme, type })) if (value) asked.set(name, value);
      frame.src = `${service}/chat?${asked}`;
      panel.append(frame);
    }
    isOpen = open;
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    // The page behind a full-screen chat must not scroll away under the finger.
    document.documentElement.style.overflow = open && isPhone() ? 'hidden' : '';
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
        return keep(SESSION, JSON.stringify(message.session));
      case 'wishes':
        return keep(WISHES, message.wishes);
      case 'unread':
        return label(isOpen ? 0 : message.count);
      case 'close':
        return show(false);
    }
  });

  // A phone's keyboard lies over the page: the chat keeps to what is left to see of it.
  const view = window.visualViewport;
  const fit = () => {
    const isCovered = view && isPhone() && view.scale === 1 && innerHeight - view.height > 60;
    panel.style.height = isCovered ? `${view.height}px` : '';
    panel.style.top = panel.style.height && `${view?.offsetTop}px`;
  };
  view?.addEventListener('resize', fit);
  view?.addEventListener('scroll', fit);

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
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // nothing to do
  }
}

function load(): Session | null {
  try {
    return JSON.parse(recall(SESSION) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

/** A constructed style sheet needs no leave of the page's Content-Security-Policy; browsers without it get an element. */
function dress(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = css;
    shadow.append(style);
  }
}

/** Made piece by piece: a page with Trusted Types forbids markup from text. */
function house(): SVGElement {
  const part = (name: string, marks: Record<string, string>) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [mark, value] of Object.entries(marks)) element.setAttribute(mark, value);
    return element;
  };
  const picture = part('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  picture.append(part('path', { d: 'M4 11.5 12 5l8 6.5M6.5 10v8.5h11V10M10 14h4' }));
  return picture;
}
