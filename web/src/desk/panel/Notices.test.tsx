import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { attemptText, Notices } from './Notices';

afterEach(cleanup);

const ATTEMPT = { channel: 'telegram', manner: 'message', state: 'failed', reason: 'blocked', at: '2020-11-24T04:00:00Z' };

it('says of an attempt where, how, what became of it and when', () => {
  expect(attemptText(ATTEMPT)).toBe('Telegram · 消息 · 失败（blocked） · 2020年11月24日 12:00');
  expect(attemptText({ ...ATTEMPT, channel: 'web', manner: 'none', state: 'stored', reason: null })).toBe('网页 · 留在对话里 · 2020年11月24日 12:00');
});

it('is folded, and absent where nothing was told', () => {
  const { container, rerender } = render(<Notices notices={[]} />);
  expect(container.childElementCount).toBe(0);
  rerender(<Notices notices={[{ kind: 'call_back', title: '投诉处理回电', state: 'untold', reason: 'no channel', created_at: ATTEMPT.at, due_at: ATTEMPT.at, attempts: [ATTEMPT] }]} />);
  expect(container.querySelector('details')?.open).toBe(false);
  expect(screen.getByTestId('panel-notice').textContent).toContain('没能告知');
});
