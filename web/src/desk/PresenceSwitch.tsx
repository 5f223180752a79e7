import { Switch, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { useDesk } from './deskContext';

const words = zh.desk.Presence;
const LOOK_AGAIN_MS = 20_000;

/** Whether this agent takes new customers. The service may change it: who lets an offer pass is put away. */
export function PresenceSwitch() {
  const { agent, desk, line, onError } = useDesk();
  const [isOnline, setOnline] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const generation = line?.generation ?? 0;
  const offers = [...desk.book.values()].filter(({ status, agent_id }) => status === 'offered' && agent_id === agent.id).length;

  useEffect(() => {
    let isCurrent = true;
    const look = () =>
      deskApi.agents().then(
        (agents) => isCurrent && setOnline(agents.find(({ id }) => id === agent.id)?.presence !== 'away'),
        () => undefined,
      );
    void look();
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [agent.id, generation, offers]);

  const change = async (next: boolean) => {
    setBusy(true);
    try {
      await deskApi.presence(next ? 'online' : 'away');
      setOnline(next);
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Tooltip title={words.hint}>
      <Switch checked={isOnline} loading={isBusy} onChange={(next) => void change(next)} checkedChildren={words.online} unCheckedChildren={words.away}
        aria-label={words.label} data-testid="presence" className="desk-presence" />
    </Tooltip>
  );
}
