import { expect, it } from 'vitest';
import { message } from '../testing/messages';
import type { ReplyPart } from '../wire';
import { transcriptOf } from './transcript';

const NOW = new Date('2026-11-20T18:30:00Z');
const said = (parts: ReplyPart[]) => transcriptOf([message(1, { parts })], '房信', NOW).split('\n\n').at(-1)?.trim();

it('tells who said what and when, in China\'s time', () => {
  const text = transcriptOf(
    [
      message(1, { sender: 'customer', at: '2026-11-19T17:05:00Z', parts: [{ kind: 'text', text: '月供多少', detail: null }] }),
      message(2, { sender: 'agent', author_name: '林晓', parts: [{ kind: 'text', text: '您好', detail: '细说' }] }),
      message(3, { sender: 'system', parts: [{ kind: 'handoff', reason: 'asked', skill: 'x', summary: '内部' }] }),
    ],
    '房信',
    NOW,
  );
  expect(text).toBe(
    '房信\n保存于 2026年11月21日 02:30（北京时间）\n试算结果仅供参考，以银行正式文件为准。\n\n' +
      '[2026年11月20日 01:05] 您\n月供多少\n\n[2026年11月20日 09:00] 林晓\n您好\n细说\n',
  );
});

it('puts figures, stages, buttons and files into words', () => {
  const chart = { type: 'bars', title: '利息', labels: ['等额本息'], series: { 利息: ['739872.00'] } } as const;
  expect(
    said([
      { kind: 'card', title: '月供试算', rows: [{ label: '每月还款', value: '5,388.54 元', emphasis: true }], notes: ['按月计息'], chart: { ...chart, labels: [...chart.labels], series: { 利息: ['739872.00'] } } },
      { kind: 'stages', title: '进度', stages: [{ name: '审批', state: 'current', note: '约 5 天' }], notes: [] },
      { kind: 'quick_replies', prompt: '哪一个？', options: [{ title: '月供', payload: '/a' }, { title: '利息', payload: '/b' }] },
      { kind: 'image', url: '/x', alt: '还款图' },
      { kind: 'file', url: '/y', name: '计划.xlsx', size: 2048 },
    ])?.split('\n').slice(1),
  ).toEqual([
    '【月供试算】', '每月还款：5,388.54 元', '利息。等额本息：利息 739,872.00 元', '· 按月计息',
    '【进度】', '1. 审批（进行中）约 5 天', '哪一个？', '（可选：月供、利息）', '（图片）还款图', '（文件）计划.xlsx，2 KB',
  ]);
});
