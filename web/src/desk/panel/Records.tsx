import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { zh } from '../../locales/zh';
import { groupedYuan } from '../../parts/money';
import { hashOf } from '../useHashRoute';
import type { PanelApplication, PanelComplaint, PanelDocument, PanelLoan, PanelRequest, PastConversation } from '../wireScreens';
import { ratePercent } from './rates';
import { timeAt } from '../serverClock';

const words = zh.desk.Panel;
const DOCUMENT_COLOURS: Record<string, string> = { missing: 'default', received: 'blue', accepted: 'green', refused: 'red' };
const yuan = (amount: string) => words.yuan(groupedYuan(amount));

function Section({ title, isEmpty, children, action }: { title: string; isEmpty: boolean; children: ReactNode; action?: ReactNode }) {
  return (
    <section className="desk-section">
      <h3>{title}{action}</h3>
      {isEmpty ? <p className="desk-soft">{words.none}</p> : children}
    </section>
  );
}

export function Applications({ applications }: { applications: readonly PanelApplication[] }) {
  return (
    <Section title={words.applications} isEmpty={applications.length === 0}>
      {applications.map((one) => (
        <article key={one.application_no} className="desk-record" data-testid="panel-application">
          <header><b>{one.application_no}</b><Tag>{words.applicationStates[one.state] ?? one.state}</Tag></header>
          <p>{one.product} · {yuan(one.amount)} · {words.months(one.term_months)}</p>
          <p>{one.stage}</p>
          <Documents documents={one.documents} />
        </article>
      ))}
    </Section>
  );
}

function Documents({ documents }: { documents: readonly PanelDocument[] }) {
  if (documents.length === 0) return null;
  const done = documents.filter(({ state }) => state === 'accepted').length;
  return (
    <details>
      <summary>{words.documents(done, documents.length)}</summary>
      <ul>
        {documents.map(({ kind, name, state }) => (
          <li key={kind}><span>{name}</span><Tag color={DOCUMENT_COLOURS[state] ?? 'default'}>{words.documentStates[state] ?? state}</Tag></li>
        ))}
      </ul>
    </details>
  );
}

export function Loans({ loans }: { loans: readonly PanelLoan[] }) {
  return (
    <Section title={words.loans} isEmpty={loans.length === 0}>
      {loans.map((loan) => (
        <article key={loan.loan_no} className="desk-record" data-testid="panel-loan">
          <header><b>{loan.loan_no}</b><Tag>{words.loanStates[loan.state] ?? loan.state}</Tag></header>
          <dl>
            <div><dt>{words.balance}</dt><dd>{yuan(loan.balance)}</dd></div>
            <div><dt>{words.rate}</dt><dd>{ratePercent(loan.annual_rate)}</dd></div>
            <div><dt>{words.day}</dt><dd>{words.dayOf(loan.repayment_day)}</dd></div>
            {loan.account_tail ? <div><dt>{words.account}</dt><dd>{loan.account_tail}</dd></div> : null}
          </dl>
          <p>{loan.kind} · {zh.desk.values[loan.method] ?? loan.method} · {words.months(loan.term_months)}</p>
          {Number(loan.arrears_amount) > 0 ? <p className="desk-warn">{words.arrears(groupedYuan(loan.arrears_amount), loan.arrears_since ?? '')}</p> : null}
        </article>
      ))}
    </Section>
  );
}

export function Requests({ requests }: { requests: readonly PanelRequest[] }) {
  return (
    <Section title={words.requests} isEmpty={requests.length === 0}>
      {requests.map((one) => (
        <article key={one.request_no} className="desk-record">
          <header><b>{words.requestKinds[one.kind] ?? one.kind}</b><Tag>{words.requestStates[one.state] ?? one.state}</Tag></header>
          <p>{one.request_no} · {timeAt(one.created_at)}</p>
          {one.promised_at ? <p>{words.promised(timeAt(one.promised_at))}</p> : null}
        </article>
      ))}
    </Section>
  );
}

export function Complaints({ complaints, children }: { complaints: readonly PanelComplaint[]; children: ReactNode }) {
  const names = zh.desk.Complaints;
  return (
    <Section title={words.complaints} isEmpty={complaints.length === 0} action={children}>
      {complaints.map((one) => (
        <article key={one.complaint_no} className="desk-record">
          <header>
            <a href={hashOf({ screen: 'complaints', id: one.complaint_no })}>{one.complaint_no}</a>
            <Tag color={one.grade === 'urgent' ? 'red' : 'default'}>{names.states[one.state] ?? one.state}</Tag>
          </header>
          <p>{names.causes[one.cause] ?? one.cause} · {timeAt(one.created_at)}</p>
        </article>
      ))}
    </Section>
  );
}

export function PastConversations({ conversations }: { conversations: readonly PastConversation[] }) {
  return (
    <Section title={words.conversations} isEmpty={conversations.length === 0}>
      {conversations.map((one) => (
        <article key={`${one.conversation_id} ${one.at}`} className="desk-record">
          <header><a href={hashOf({ screen: 'conversation', id: one.conversation_id })}>{one.reason}</a></header>
          <p>{timeAt(one.at)} · {zh.desk.Transcript.channels[one.channel] ?? one.channel}{one.resolution ? ` · ${one.resolution}` : ''}</p>
        </article>
      ))}
    </Section>
  );
}
