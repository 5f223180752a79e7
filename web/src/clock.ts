/** Times as people say them. */

const two = (value: number) => String(value).padStart(2, '0');

/** The bank's customers and agents mean China's time, wherever their machine thinks it is. */
const CHINA = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

function inChina(at: Date) {
  const parts = Object.fromEntries(CHINA.formatToParts(at).map(({ type, value }) => [type, value]));
  return { year: parts.year, day: `${parts.month}月${parts.day}日`, time: `${parts.hour}:${parts.minute}` };
}

/** `14:05`, with the day in front when it is not today. */
export function timeOfDay(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const at = inChina(date);
  const today = inChina(now);
  if (at.year !== today.year) return `${at.year}年${at.day} ${at.time}`;
  return at.day === today.day ? at.time : `${at.day} ${at.time}`;
}

/** `2026年11月22日 14:05`, whatever today is. */
export function dayAndTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const { year, day, time } = inChina(date);
  return `${year}年${day} ${time}`;
}

/** `45秒`, `3分20秒`, `1小时5分`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}秒`;
  if (whole < 3600) return `${Math.floor(whole / 60)}分${two(whole % 60)}秒`;
  return `${Math.floor(whole / 3600)}小时${Math.floor((whole % 3600) / 60)}分`;
}
