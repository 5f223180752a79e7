import type { ComplaintState, Step } from '../wireScreens';

/** Which steps a complaint can take now; the service decides, this only offers. */
const STEPS: Record<ComplaintState, readonly Step[]> = {
  registered: ['contact', 'withdraw'],
  contacted: ['contact', 'offer', 'withdraw'],
  offered: ['contact', 'accept', 'reject', 'withdraw'],
  solved: ['call_back'],
  closed: [],
  withdrawn: [],
};

export function stepsOf(state: ComplaintState): readonly Step[] {
  return STEPS[state];
}
