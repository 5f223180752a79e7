import { Spin } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { Desk } from './Desk';
import { Login } from './Login';
import type { Agent } from './wire';

/** The login until somebody is signed in, then the desk. */
export function DeskGate() {
  const [agent, setAgent] = useState<Agent | null | 'unknown'>('unknown');
  const signedOut = useCallback(() => setAgent(null), []);

  useEffect(() => {
    document.title = zh.desk.App.title;
    deskApi.me().then(setAgent, () => setAgent(null));
  }, []);

  if (agent === 'unknown') return <Spin className="desk-spin" />;
  return agent === null ? <Login onSignedIn={setAgent} /> : <Desk agent={agent} onSignedOut={signedOut} />;
}
