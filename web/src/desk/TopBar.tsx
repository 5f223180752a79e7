import { Button, Popover, Switch } from 'antd';
import { useEffect, useRef } from 'react';
import { zh } from '../locales/zh';
import { AccountMenu } from './account/AccountMenu';
import { mayNotify } from './alerts';
import { DeskError, deskApi } from './api';
import { useDesk } from './deskContext';
import { PresenceSwitch } from './PresenceSwitch';
import { forgetRevealed } from './revealed';
import type { Alerts } from './useAlerts';
import { hashOf, type Screen } from './useHashRoute';

const words = zh.desk.App;
const FOR_ALL: readonly Screen[] = ['queue', 'requests', 'complaints', 'replies'];
const FOR_SUPERVISORS: readonly Screen[] = ['queue', 'requests', 'complaints', 'report', 'numbers', 'knowledge', 'unanswered', 'people', 'replies'];

interface Props {
  alerts: Alerts;
  onSignedOut: () => void;
  onHelp: () => void;
}

export function TopBar({ alerts, onSignedOut, onHelp }: Props) {
  const { agent, isSupervisor, line, route, onError } = useDesk();
  const current = route.screen === 'conversation' ? 'queue' : route.screen;
  const screens = isSupervisor ? FOR_SUPERVISORS : FOR_ALL;
  // On a phone the names stand in one row that scrolls: the open one is in sight.
  const menu = useRef<HTMLElement>(null);
  useEffect(() => {
    menu.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  const signOut = () =>
    deskApi.logout().then(() => {
      forgetRevealed();
      onSignedOut();
    }, onError);
  return (
    <header className="desk-top">
      <h1 className="desk-brand">{words.title}</h1>
      <nav aria-label={words.menu} ref={menu}>
        {screens.map((screen) => (
          <a key={screen} href={hashOf({ screen })} aria-current={screen === current ? 'page' : undefined} data-testid={`to-${screen}`}>{words.screens[screen]}</a>
        ))}
      </nav>
      {line?.isOnline === false && line.generation > 0 ? <span className="desk-offline" role="status" data-testid="offline">{words.offline}</span> : null}
      <span className="desk-top-right">
        <PresenceSwitch />
        <Popover trigger="click" placement="bottomRight" content={<AlertSwitches alerts={alerts} />}>
          <Button size="small" data-testid="alerts">{zh.desk.Alerts.title}</Button>
        </Popover>
        <Button size="small" className="desk-help" onClick={onHelp} aria-label={words.help} data-testid="help">?</Button>
        <AccountMenu agent={agent} onSignOut={() => void signOut()} />
      </span>
    </header>
  );
}

function AlertSwitches({ alerts: { choice, choose } }: { alerts: Alerts }) {
  const { onError } = useDesk();
  const wantPopup = async (popup: boolean) => {
    if (popup && !(await mayNotify())) return onError(new DeskError(0, 'no_popups', zh.desk.Alerts.denied));
    choose({ ...choice, popup });
  };
  return (
    <div className="desk-alerts">
      <label><span>{zh.desk.Alerts.sound}</span><Switch size="small" checked={choice.sound} onChange={(sound) => choose({ ...choice, sound })} aria-label={zh.desk.Alerts.sound} /></label>
      <label><span>{zh.desk.Alerts.popup}</span><Switch size="small" checked={choice.popup} onChange={(popup) => void wantPopup(popup)} aria-label={zh.desk.Alerts.popup} /></label>
    </div>
  );
}
