import { describe, expect, it } from 'vitest';
import { message } from '../testing/messages';
import { EMPTY_LOG, leavesGap, withHistory, withMessage } from './messageStore';

const seqs = (log: { messages: readonly { seq: number }[] }) => log.messages.map(({ seq }) => seq);

describe('the message log', () => {
  it('keeps the order of the server whatever the order of arrival', () => {
    const log = [3, 1, 2].reduce((known, seq) => withMessage(known, message(seq)), EMPTY_LOG);
    expect(seqs(log)).toEqual([1, 2, 3]);
  });

  it('takes a message that arrives twice once', () => {
    const log = withHistory(withMessage(EMPTY_LOG, message(1)), [message(1), message(2)]);
    expect(seqs(log)).toEqual([1, 2]);
    expect(withMessage(log, message(2)).messages).toBe(log.messages);
  });

  it('has seen through a gap only when history closes it', () => {
    const early = withMessage(EMPTY_LOG, message(1));
    expect(leavesGap(early, message(3))).toBe(true);
    const holed = withMessage(early, message(3));
    expect(holed.seenThrough).toBe(1);
    const whole = withHistory(holed, [message(2), message(3)]);
    expect(whole.seenThrough).toBe(3);
    expect(seqs(whole)).toEqual([1, 2, 3]);
  });

  it('does not step back when an old stretch comes late', () => {
    expect(withHistory(withHistory(EMPTY_LOG, [message(5)]), [message(2)]).seenThrough).toBe(5);
  });
});
