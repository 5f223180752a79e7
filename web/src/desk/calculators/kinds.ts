import { zh } from '../../locales/zh';
import type { CardPart } from '../../wire';

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

/** The card in words, for an agent who wants to say it themselves: the figures; how they were counted stays on the card. */
export function messageOf({ title, rows }: CardPart): string {
  return [title, ...rows.map(({ label, value }) => `${label}：${value}`), words.close].join('\n');
}
