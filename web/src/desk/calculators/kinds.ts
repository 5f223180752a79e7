import { zh } from '../../locales/zh';
import { groupedYuan } from '../../parts/money';

const words = zh.desk.Calculators;

export type CalculatorKind = keyof typeof words.kinds;
export type Field = keyof typeof words.fields;

export const FIELDS: Record<CalculatorKind, readonly Field[]> = {
  payment: ['principal', 'annual_rate_pct', 'term_months', 'method'],
  prepay: ['principal', 'annual_rate_pct', 'term_months', 'method', 'paid_periods', 'prepay_amount', 'option'],
  settle: ['principal', 'annual_rate_pct', 'term_months', 'paid_periods'],
};

export interface Given {
  principal?: string;
  annual_rate_pct?: string;
  term_months?: number;
  method: 'level' | 'equal_principal';
  paid_periods?: number;
  prepay_amount?: string;
  option: 'shorten_keep_payment' | 'lower_payment';
}

/** Which calculation of the service this is. */
export function serviceKind(kind: CalculatorKind, { method }: Given): string {
  switch (kind) {
    case 'payment':
      return method === 'level' ? 'level_payment' : 'equal_principal';
    case 'prepay':
      return 'prepay_partial';
    case 'settle':
      return 'prepay_full';
    default:
      return kind satisfies never;
  }
}

/** Its inputs: amounts stay the text that was typed. */
export function inputsOf(kind: CalculatorKind, given: Given): Record<string, unknown> {
  const names = FIELDS[kind].filter((name) => !(kind === 'payment' && name === 'method'));
  return Object.fromEntries(names.map((name) => [name, typeof given[name] === 'string' ? String(given[name]).replace(/[,，\s]/g, '') : given[name]]));
}

const ROWS: Record<string, readonly string[]> = {
  level_payment: ['monthly_payment', 'total_interest', 'total_payment'],
  equal_principal: ['first_payment', 'last_payment', 'total_interest'],
  prepay_partial: ['balance_before', 'balance_after', 'new_payment', 'remaining_periods', 'periods_saved', 'payment_reduction', 'interest_saved', 'penalty'],
  prepay_full: ['balance', 'accrued_interest', 'penalty', 'payoff_total', 'interest_saved'],
};

const COUNTS = ['remaining_periods', 'periods_saved'];

export interface Line {
  label: string;
  value: string;
}

/** The figures that matter to a customer, as they came; what does not apply is left out. */
export function linesOf(kind: string, result: Readonly<Record<string, unknown>>): Line[] {
  return (ROWS[kind] ?? []).flatMap((name) => {
    const value = result[name];
    if (value === null || value === undefined || Number(value) === 0) return [];
    const shown = COUNTS.includes(name) ? words.periods(Number(value)) : words.yuan(groupedYuan(String(value)));
    return [{ label: words.results[name] ?? name, value: shown }];
  });
}

/** The message to the customer: the figures; how they were counted is for the agent. */
export function messageOf(kind: CalculatorKind, given: Given, lines: readonly Line[]): string {
  const loan = words.given(groupedYuan(String(given.principal ?? '').replace(/[,，\s]/g, '')), given.annual_rate_pct ?? '', given.term_months ?? 0, words.methods[given.method]);
  const figures = lines.map(({ label, value }) => `${label}：${value}`);
  return [words.intro(words.kinds[kind]), loan, ...figures, ...(kind === 'payment' ? [] : [words.noPenalty]), words.close].join('\n');
}
