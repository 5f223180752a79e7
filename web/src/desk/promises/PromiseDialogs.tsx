import { zh } from '../../locales/zh';
import type { DialogProps } from '../dialogs/dialog';
import NoteDialog from './NoteDialog';
import { promiseApi, type PromiseKind } from './promiseApi';

const words = zh.desk.Promises;

function MakeDialog({ kind, ticket, onCancel }: DialogProps & { kind: PromiseKind }) {
  return (
    <NoteDialog title={words.makeTitle[kind]} text={words.makeText[kind]} label={words.makeNote} choices={words.makeNotes[kind]} ok={words.make[kind]} done={words.made}
      write={(note) => promiseApi.make(ticket.conversation_id, kind, note)} onClose={onCancel} />
  );
}

export function CallBackDialog(props: DialogProps) {
  return <MakeDialog kind="promised_call_back" {...props} />;
}

export function PlanDialog(props: DialogProps) {
  return <MakeDialog kind="written_plan" {...props} />;
}
