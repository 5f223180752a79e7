import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Option, ReplyPart } from '../wire';
import { ReplyPartView } from './ReplyPartView';

vi.mock('./ChartView', () => ({ default: ({ chart }: { chart: { title: string } }) => <div data-testid="chart">{chart.title}</div> }));
afterEach(cleanup);

const show = (part: ReplyPart, isPast = false) => {
  const onChoose = vi.fn<(option: Option) => void>();
  const { container } = render(<ReplyPartView part={part} isPast={isPast} onChoose={onChoose} />);
  return { container, onChoose };
};

describe('a text', () => {
  it('is text, whatever markup it carries', () => {
    const { container } = show({ kind: 'text', text: '<img src=x onerror=alert(1)> <b>粗</b>', detail: null });
    expect(container.querySelector('img, b')).toBeNull();
    expect(container.textContent).toContain('<b>粗</b>');
  });

  it('links http addresses only, and opens them apart', () => {
    const { container } = show({ kind: 'text', text: '看https://example.com/a?b=1。或 javascript:alert(1)', detail: null });
    const links = [...container.querySelectorAll('a')];
    expect(links.map(({ href }) => href)).toEqual(['https://example.com/a?b=1']);
    expect(links[0]?.rel).toContain('noopener');
  });

  it('keeps its long form behind 展开', () => {
    const { container } = show({ kind: 'text', text: '短', detail: '很长的说明' });
    expect(container.textContent).not.toContain('很长的说明');
    fireEvent.click(screen.getByTestId('expand'));
    expect(container.textContent).toContain('很长的说明');
    expect(screen.getByTestId('expand').getAttribute('aria-expanded')).toBe('true');
  });
});

describe('quick replies', () => {
  const part: ReplyPart = { kind: 'quick_replies', prompt: '哪一个？', options: [{ title: '月供', payload: '/calc_payment' }] };

  it('give back the option that was pressed', () => {
    const { onChoose } = show(part);
    fireEvent.click(screen.getByTestId('quick-reply'));
    expect(onChoose.mock.calls).toEqual([[{ title: '月供', payload: '/calc_payment' }]]);
  });

  it('cannot be pressed once the conversation moved on', () => {
    show(part, true);
    expect(screen.getByTestId<HTMLButtonElement>('quick-reply').disabled).toBe(true);
  });
});

it('a card shows its figures, its notes and its chart', async () => {
  const { container } = show({
    kind: 'card', title: '月供试算', notes: ['按月计息'],
    rows: [{ label: '每月还款', value: '4546.45 元', emphasis: true }, { label: '期限', value: '360 期', emphasis: false }],
    chart: { type: 'stacked_area', title: '本金和利息', labels: ['1'], series: { 本金: ['1.00'] } },
  });
  expect([...container.querySelectorAll('dd')].map((cell) => cell.textContent)).toEqual(['4546.45 元', '360 期']);
  expect(container.querySelector('.fx-row-strong')?.textContent).toContain('每月还款');
  expect(container.textContent).toContain('按月计息');
  expect((await screen.findByTestId('chart')).textContent).toBe('本金和利息');
});

it('stages mark the current one for a screen reader', () => {
  const { container } = show({
    kind: 'stages', title: '进度', notes: [],
    stages: [{ name: '受理', state: 'done', note: '' }, { name: '审批', state: 'current', note: '约 5 天' }, { name: '放款', state: 'ahead', note: '' }],
  });
  expect(screen.getByTestId('stages').querySelectorAll('li')).toHaveLength(3);
  expect(container.querySelector('[aria-current=step]')?.textContent).toContain('审批');
});

it('a file or a picture with a script for an address is not a link', () => {
  const file = show({ kind: 'file', url: 'javascript:alert(1)', name: '计划.xlsx', size: 2048 });
  expect(file.container.querySelector('a')).toBeNull();
  expect(file.container.textContent).toContain('2 KB');
  const image = show({ kind: 'image', url: 'data:text/html,x', alt: '图' });
  expect(image.container.querySelector('a, img')).toBeNull();
});

it('a handoff is never shown', () => {
  const { container } = show({ kind: 'handoff', reason: 'asked', skill: 'after_loan', summary: '内部' });
  expect(container.textContent).toBe('');
});
