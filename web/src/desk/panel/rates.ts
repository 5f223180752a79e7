/** `0.0305` → `3.05%`: the point moves in the text, so that no digit changes. */
export function ratePercent(fraction: string): string {
  const [whole = '0', places = ''] = fraction.split('.');
  const digits = whole + places.padEnd(2, '0').slice(0, 2);
  const rest = places.slice(2).replace(/0+$/, '');
  return `${digits.replace(/^0+(?=\d)/, '')}${rest ? `.${rest}` : ''}%`;
}
