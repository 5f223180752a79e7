import type { Keep } from './storage';

/** How the customer wants the chat to be. */
export interface Wishes {
  isLarge: boolean;
  hasSound: boolean;
  theme: Theme;
}

/** `auto` follows the device. */
export type Theme = 'light' | 'dark' | 'auto';

const KEY = 'fangxin.wishes';
const THEMES: readonly string[] = ['light', 'dark', 'auto'];

/** What the host page asks for, until the customer says otherwise. */
export function wishesOfPage(address: URLSearchParams): Wishes {
  const theme = address.get('theme');
  return { isLarge: address.get('type') === 'large', hasSound: false, theme: isTheme(theme) ? theme : 'light' };
}

/** The wishes in a stored text; what is missing or no wish is left out. */
export function parseWishes(stored: string | null): Partial<Wishes> {
  try {
    const { isLarge, hasSound, theme } = (JSON.parse(stored ?? 'null') ?? {}) as Record<keyof Wishes, unknown>;
    return {
      ...(typeof isLarge === 'boolean' && { isLarge }),
      ...(typeof hasSound === 'boolean' && { hasSound }),
      ...(isTheme(theme) && { theme }),
    };
  } catch {
    return {};
  }
}

function isTheme(value: unknown): value is Theme {
  return typeof value === 'string' && THEMES.includes(value);
}

/** The present wishes and what the customer chose, which alone is kept. */
export class WishBook {
  private chosen: Partial<Wishes>;
  private wishes: Wishes;
  private readonly listeners = new Set<() => void>();

  /** `alsoKeep` gives the choices to the host page, whose storage outlives a frame's. */
  constructor(
    private readonly asked: Wishes,
    private readonly keep: Keep,
    private readonly alsoKeep: (choices: string) => void = () => undefined,
  ) {
    this.chosen = parseWishes(keep.get(KEY));
    this.wishes = { ...asked, ...this.chosen };
  }

  readonly read = (): Wishes => this.wishes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly choose = (choice: Partial<Wishes>): void => {
    this.take(choice);
    const text = JSON.stringify(this.chosen);
    this.keep.set(KEY, text);
    this.alsoKeep(text);
  };

  /** Choices that were kept elsewhere. */
  take(choice: Partial<Wishes>): void {
    this.chosen = { ...this.chosen, ...choice };
    this.wishes = { ...this.asked, ...this.chosen };
    this.listeners.forEach((listener) => listener());
  }
}

/** The style sheet reads the marks that this sets on the root element. */
export function showWishes(book: WishBook, root: HTMLElement, isDarkDevice: MediaQueryList): void {
  const show = () => {
    const { isLarge, theme } = book.read();
    root.dataset.type = isLarge ? 'large' : 'normal';
    root.dataset.theme = theme === 'auto' ? (isDarkDevice.matches ? 'dark' : 'light') : theme;
  };
  book.subscribe(show);
  isDarkDevice.addEventListener('change', show);
  show();
}
