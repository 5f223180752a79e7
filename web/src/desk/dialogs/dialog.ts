import type { Ticket } from '../wire';

export interface DialogProps {
  ticket: Ticket;
  isBusy: boolean;
  run: (action: () => Promise<Ticket>) => Promise<void>;
  onCancel: () => void;
}
