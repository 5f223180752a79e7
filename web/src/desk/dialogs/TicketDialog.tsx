import { CallBackDialog, PlanDialog } from '../promises/PromiseDialogs';
import { AssignDialog } from './AssignDialog';
import { CloseDialog } from './CloseDialog';
import type { DialogProps } from './dialog';
import { HandBackDialog } from './HandBackDialog';
import { HelpDialog } from './HelpDialog';
import { HoldDialog } from './HoldDialog';
import { PassOnDialog } from './PassOnDialog';

export type Dialog = 'hold' | 'pass' | 'back' | 'close' | 'assign' | 'help' | 'callBack' | 'plan';

const DIALOGS = {
  hold: HoldDialog, pass: PassOnDialog, back: HandBackDialog, close: CloseDialog, assign: AssignDialog, help: HelpDialog,
  callBack: CallBackDialog, plan: PlanDialog,
};

/** What is asked before a ticket changes; loaded when the first is opened. */
export default function TicketDialog({ dialog, ...props }: DialogProps & { dialog: Dialog }) {
  const Chosen = DIALOGS[dialog];
  return <Chosen {...props} />;
}
