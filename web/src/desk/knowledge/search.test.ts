import { expect, it } from 'vitest';
import type { AnswerLine, FactLine } from '../wireKnowledge';
import { answersFound, factsFound } from './search';

const fact = (key: string, more: Partial<FactLine> = {}): FactLine => ({
  key, region: 'CN', title: `口径${key}`, unit: 'days', shape: 'scalar', is_of_the_bank: true, holds_today: true, value: '10天', written: '10',
  effective_from: '2026-01-01', effective_to: null, source: '行内通知', status: 'bank', verified_on: '2026-01-01', review_by: null, is_overdue: false,
  coming: null, ...more,
});
const answer = (name: string, questions: string[]): AnswerLine => ({
  name, topic: name.split('/')[0]!, title: name, is_default: false, questions, short: '', review_by: '2027-01-01', is_overdue: false, is_changed: false,
});

it('finds facts by every word, wherever it stands', () => {
  const facts = [fact('a.b'), fact('c.d', { value: '3.05%', source: '总行公告' })];
  expect(factsFound(facts, '总行 3.05', 'all').map(({ key }) => key)).toEqual(['c.d']);
  expect(factsFound(facts, '', 'all')).toHaveLength(2);
});

it('shows what needs somebody', () => {
  const facts = [fact('a'), fact('b', { is_overdue: true }), fact('c', { status: 'U' }), fact('d', { coming: fact('d') })];
  expect((['overdue', 'unverified', 'coming'] as const).map((only) => factsFound(facts, '', only).map(({ key }) => key))).toEqual([['b'], ['c'], ['d']]);
});

it('finds answers by the questions that lead to them, within a topic', () => {
  const answers = [answer('overdue/late', ['晚还一天怎么办']), answer('thanks/welcome', ['谢谢'])];
  expect(answersFound(answers, '晚还', null, 'all').map(({ name }) => name)).toEqual(['overdue/late']);
  expect(answersFound(answers, '晚还', 'thanks', 'all')).toEqual([]);
});
