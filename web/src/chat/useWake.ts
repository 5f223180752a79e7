import { useEffect } from 'react';

/** Calls when the device is back: from sleep, from another tab or app, or to the network. */
export function useWake(onWake: () => void): void {
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') onWake();
    };
    document.addEventListener('visibilitychange', onVisible);
    window.addEventListener('online', onWake);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      window.removeEventListener('online', onWake);
    };
  }, [onWake]);
}
