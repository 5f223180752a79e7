import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { zh } from '../../locales/zh';
import type { Agent } from '../wire';

const SecondFactorDialog = lazy(() => import('./SecondFactorDialog'));

/** One's own account: the second factor, and the way out. */
export function AccountMenu({ agent, onSignOut }: { agent: Agent; onSignOut: () => void }) {
  const [isOn, setOn] = useState(agent.has_second_factor ?? false);
  const [isOpen, setOpen] = useState(false);
  const items = [
    { key: 'totp', label: isOn ? zh.desk.Account.turnOff : zh.desk.Account.turnOn, onClick: () => setOpen(true) },
    { key: 'out', label: zh.desk.App.signOut, onClick: onSignOut },
  ];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button size="small" data-testid="account">{agent.display_name}</Button>
      </Dropdown>
      <Suspense fallback={null}>
        {isOpen ? <SecondFactorDialog isOn={isOn} onDone={(on) => { setOn(on); setOpen(false); }} onCancel={() => setOpen(false)} /> : null}
      </Suspense>
    </>
  );
}
