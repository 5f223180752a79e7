import { zh } from '../../locales/zh';
import { useDesk } from '../deskContext';
import { PromiseList } from './PromiseList';

/** What this customer was promised in this conversation. */
export function PanelPromises({ conversationId }: { conversationId: string }) {
  const { promises: { promises } } = useDesk();
  const own = promises?.filter((one) => one.conversation_id === conversationId) ?? [];
  if (own.length === 0) return null;
  return (
    <section className="desk-section" data-testid="panel-promises">
      <h3>{zh.desk.Promises.title}</h3>
      <PromiseList promises={own} isBeside />
    </section>
  );
}
