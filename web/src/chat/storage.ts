/** The few calls of `localStorage` we use. */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** The page's own storage, or memory: a private window or a third-party iframe may refuse it by throwing. */
export function openKeep(): Keep {
  const memory = new Map<string, string>();
  const guarded = <T>(attempt: () => T, otherwise: () => T): T => {
    try {
      return attempt();
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) => guarded(() => window.localStorage.getItem(key), () => null) ?? memory.get(key) ?? null,
    set: (key, value) => {
      memory.set(key, value);
      guarded(() => window.localStorage.setItem(key, value), () => undefined);
    },
    remove: (key) => {
      memory.delete(key);
      guarded(() => window.localStorage.removeItem(key), () => undefined);
    },
  };
}
