import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { Understood } from './Understood';

afterEach(cleanup);

it('names the topic, the confidence and the band, and no more than three guesses', () => {
  const guess = (topic: string, confidence: number) => ({ intent: topic, topic, confidence });
  const { container } = render(
    <Understood
      understood={{
        text: '贷八十到一百万', intent: 'calc_payment', topic: 'calc_payment', confidence: 0.874, band: 'ask', feeling: { label: 'worried', strength: 2 },
        ranking: [guess('calc_payment', 0.874), guess('loan_term', 0.06), guess('down_payment', 0.03), guess('overdue', 0.01)],
        entities: [{ type: 'amount', value: [800000, 1000000], text: '八十到一百万', start: 1, end: 7, role: 'to' }],
      }}
    />,
  );
  const summary = screen.getByTestId('understood').querySelector('summary')?.textContent;
  expect(summary).toContain('月供试算');
  expect(summary).toContain('87%');
  expect(summary).toContain('先确认');
  expect(summary).toContain('很担心');
  expect(container.querySelectorAll('meter')).toHaveLength(3);
  expect(container.textContent).toContain('金额（改为）800,000 ~ 1,000,000');
});
