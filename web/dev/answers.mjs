// What the double says. Made-up words and figures: they show every kind of part and decide nothing.
const text = (words, detail = null) => ({ kind: 'text', text: words, detail });

function paymentCard() {
  const [principal, months, rate] = [1_000_000, 360, 0.03 / 12];
  const payment = (principal * rate * (1 + rate) ** months) / ((1 + rate) ** months - 1);
  const series = { 本金: [], 利息: [] };
  const labels = [];
  let balance = principal;
  for (let month = 1; month <= months; month += 1) {
    const interest = balance * rate;
    balance -= payment - interest;
    if (month % 12 !== 1) continue;
    labels.push(`第${month}期`);
    series.利息.push(interest.toFixed(2));
    series.本金.push((payment - interest).toFixed(2));
  }
  return {
    kind: 'card',
    title: '月供试算（示例数字）',
    rows: [
      { label: '每月还款', value: `${payment.toFixed(2)} 元`, emphasis: true },
      { label: '贷款金额', value: '100 万元', emphasis: false },
      { label: '年利率', value: '3.00%', emphasis: false },
      { label: '期限', value: '30 年（360 期）', emphasis: false },
      { label: '还款方式', value: '等额本息', emphasis: false },
    ],
    notes: ['这是开发用的示例，不是真实的利率。', '每月按 30 天计息，金额四舍五入到分。'],
    chart: { type: 'stacked_area', title: '每期还款里的本金和利息', labels, series },
  };
}

function comparisonCards() {
  const labels = Array.from({ length: 30 }, (_, year) => `第${year + 1}年`);
  const years = { 等额本息: labels.map(() => '64663.20'), 等额本金: labels.map((_, year) => (81359.38 - 1400 * year).toFixed(2)) };
  const plans = { 不提前还: ['739861.23', '64663.20'], 缩短年限: ['512345.67', '64663.20'], 减少月供: ['620000.00', '53886.00'] };
  return [
    { kind: 'card', title: '两种还款方式（示例数字）', rows: [], notes: [], chart: { type: 'lines', title: '每年还款额对比', labels, series: years } },
    { kind: 'card', title: '提前还20万元（示例数字）', rows: [], notes: [], chart: { type: 'bars', title: '三种方式对比', labels: ['总利息', '首年还款'], series: plans } },
  ];
}

const STAGES = {
  kind: 'stages',
  title: '贷款申请 FX20****0001',
  stages: [
    { name: '受理', state: 'done', note: '11月3日完成' },
    { name: '评估', state: 'done', note: '11月8日完成' },
    { name: '审批', state: 'current', note: '现在由审批部门处理，一般 5 个工作日' },
    { name: '签约', state: 'ahead', note: '' },
    { name: '抵押', state: 'ahead', note: '' },
    { name: '放款', state: 'ahead', note: '' },
  ],
  notes: ['示例进度'],
};

const PICTURE =
  "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'/>";

const ANSWERS = [
  [/人工|human_agent/, () => [text('好的，正在为您转接客服专员，请稍候。'), { kind: 'handoff', reason: 'asked', skill: 'after_loan', summary: '' }]],
  [/月供|calc_payment/, () => [text('按等额本息，每个月还款是固定的：'), paymentCard(), { kind: 'quick_replies', prompt: '还想看看：', options: [
    { title: '改成20年', payload: '/adjust_last{"term_months":240}' }, { title: '换等额本金', payload: '/adjust_last{"method":"equal_principal"}' },
  ] }]],
  [/对比|比较/, comparisonCards],
  [/进度|哪一步|application_status/, () => [STAGES]],
  [/文件|图片/, () => [
    { kind: 'file', url: '/favicon.svg', name: '还款计划表-120万元-2026-11-22.xlsx', size: 24_812 },
    { kind: 'file', url: '/favicon.svg', name: '还款计划表-120万元-2026-11-22.pdf', size: 69_829 },
    { kind: 'image', url: '/favicon.svg', alt: '小房子' },
    { kind: 'image', url: PICTURE, alt: '打不开的图片' },
  ]],
  [/违约金|prepay_penalty/, () => [text('要看合同约定。还款满一年后提前还款，多数合同不收违约金。', '示例详情：\n1. 先看合同里“提前还款”一条；\n2. 打开 https://example.com/prepay 查看说明；\n3. <b>标签</b> 会照原样显示。')]],
  [/利率|rate_change/, () => [text('利率由 LPR 和加点两部分组成。\n加点在合同期内不变，LPR 到了重定价日会更新。')]],
];

/** The parts for these words or this payload. */
export function answerTo(words) {
  const found = ANSWERS.find(([pattern]) => pattern.test(words));
  if (found) return found[1]();
  return [text('您想问的是下面哪一件？'), { kind: 'quick_replies', prompt: null, options: [
    { title: '提前还款违约金', payload: '/prepay_penalty' }, { title: '月供试算', payload: '/calc_payment' },
    { title: '办理进度', payload: '/application_status' }, { title: '都不是', payload: '/not_understood' },
  ] }];
}
