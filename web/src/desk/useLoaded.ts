import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<Value> {
  value: Value | null;
  failure: unknown;
  isLoading: boolean;
  reload: () => void;
  put: (value: Value) => void;
}

/** What a screen shows, read anew when `key` changes; an answer that was overtaken is dropped. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value: Value | null; failure: unknown; isLoading: boolean }>({
    key, value: null, failure: null, isLoading: true,
  });
  const [asked, setAsked] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    let isCurrent = true;
    setState((now) => ({ key, value: now.key === key ? now.value : null, failure: null, isLoading: true }));
    loader.current().then(
      (value) => isCurrent && setState({ key, value, failure: null, isLoading: false }),
      (failure: unknown) => isCurrent && setState((now) => ({ ...now, failure, isLoading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, asked]);

  const reload = useCallback(() => setAsked((count) => count + 1), []);
  const put = useCallback((value: Value) => setState((now) => ({ ...now, value })), []);
  return { ...state, reload, put };
}
