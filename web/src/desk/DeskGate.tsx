import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { Desk } from './Desk';
import { Loading } from './states';
import type { Agent } from './wire';

const Login = lazy(() => import('./Login'));

/** The login until somebody is signed in, then the desk. */
export function DeskGate() {
  const [agent, setAgent] = useState<Agent | null | 'unknown'>('unknown');
  const signedOut = useCallback(() => setAgent(null), []);

  useEffect(() => {
    document.title = zh.desk.App.title;
    deskApi.me().then(setAgent, () => setAgent(null));
  }, []);

  if (agent === 'unknown') return <Loading />;
  return agent === null ? <Suspense fallback={<Loading />}><Login onSignedIn={setAgent} /></Suspense> : <Desk agent={agent} onSignedOut={signedOut} />;
}
