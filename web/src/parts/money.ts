import { zh } from '../locales/zh';

/** A figure for a glance, as short as a phone needs it: `8000`, `1.25万`, `193.9万`. */
export function shortYuan(value: number): string {
  const size = Math.abs(value);
  if (size < 10000) return String(Math.round(value));
  return `${Number((value / 10000).toFixed(size < 1000000 ? 2 : 1))}${zh.Chart.tenThousand}`;
}

/** Grouped with two places, for the tooltip. Digits are cut in as text: no rounding happens here. */
export function groupedYuan(decimal: string): string {
  const [whole = '0', cents] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return cents === undefined ? grouped : `${grouped}.${cents}`;
}
