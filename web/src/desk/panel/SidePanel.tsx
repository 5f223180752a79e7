import { Alert, Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { useDesk } from '../deskContext';
import { Failed, Loading } from '../states';
import { PanelPromises } from '../promises/PanelPromises';
import { useLoaded } from '../useLoaded';
import type { Ticket } from '../wire';
import { Applications, Complaints, Loans, PastConversations, Requests } from './Records';
import { EarlierNotes } from './EarlierNotes';
import { Handoff } from './Handoff';
import { Notices } from './Notices';
import { SecretLine } from './SecretLine';

const words = zh.desk.Panel;
const RegisterComplaint = lazy(() => import('./RegisterComplaint'));

/** The customer beside the conversation: why they are here, who they are, what the bank has on record. */
export function SidePanel({ conversationId, ticket }: { conversationId: string | null; ticket: Ticket | null }) {
  const { open } = useDesk();
  const [isRegistering, setRegistering] = useState(false);
  // Read anew when somebody said something: the customer may have proved who they are meanwhile.
  const lastTurn = open.transcript?.turns.at(-1)?.id ?? '';
  const { value: customer, failure, reload } = useLoaded(`${conversationId} ${lastTurn}`, async () =>
    conversationId === null ? null : deskApi.customer(conversationId),
  );
  if (conversationId === null) return <aside className="desk-facts desk-facts-empty" aria-label={words.title}>{zh.desk.Facts.empty}</aside>;
  return (
    <aside className="desk-facts" aria-label={words.title} data-testid="panel">
      {ticket ? <Handoff ticket={ticket} /> : null}
      <PanelPromises conversationId={conversationId} />
      <section className="desk-section">
        <h3>
          {words.title}
          {customer ? <Tag color={customer.is_verified ? 'green' : 'gold'} data-testid="verified">{customer.is_verified ? words.verified : words.unverified}</Tag> : null}
          {customer?.is_verified && customer.is_valued ? <Tag color="purple">{words.valued}</Tag> : null}
        </h3>
        {failure && !customer ? <Failed error={failure} onRetry={reload} /> : null}
        {!customer && !failure ? <Loading /> : null}
        {customer && !customer.is_verified ? <Alert type="warning" message={words.unverifiedHint} /> : null}
        {customer?.is_verified ? (
          <dl className="desk-secrets">
            <SecretLine conversationId={conversationId} what="name" label={words.name} masked={customer.name} />
            <SecretLine conversationId={conversationId} what="phone" label={words.phone} masked={customer.phone} />
            <SecretLine conversationId={conversationId} what="id_number" label={words.idNumber} masked={customer.id_number} />
          </dl>
        ) : null}
      </section>
      {customer?.is_verified ? (
        <>
          <Applications applications={customer.applications} />
          <Loans loans={customer.loans} />
          <Requests requests={customer.requests} />
        </>
      ) : null}
      {customer ? (
        <Complaints complaints={customer.complaints}>
          <Button size="small" onClick={() => setRegistering(true)} data-testid="register-complaint">{words.register}</Button>
        </Complaints>
      ) : null}
      {customer?.is_verified ? <Notices notices={customer.notices} /> : null}
      {customer?.is_verified ? <PastConversations conversations={customer.conversations} /> : null}
      <EarlierNotes notes={open.notes.filter((note) => note.conversation_id !== conversationId)} />
      <Suspense fallback={null}>
        {isRegistering ? (
          <RegisterComplaint conversationId={conversationId} onDone={() => { setRegistering(false); reload(); }} onCancel={() => setRegistering(false)} />
        ) : null}
      </Suspense>
    </aside>
  );
}
