import { zh } from '../locales/zh';
import type { LinkState } from './chatState';

/** A line that is there only while something is wrong; its mark can always be read by a test or a reader. */
export function ConnectionState({ link }: { link: LinkState }) {
  const words = { connecting: zh.Connection.connecting, online: zh.Connection.online, offline: zh.Connection.offline, refused: zh.Connection.refused }[link];
  return (
    <div className={`fx-connection fx-connection-${link}`} data-testid="connection-state" data-state={link} role="status">
      {words}
    </div>
  );
}
