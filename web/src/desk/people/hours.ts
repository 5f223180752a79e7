/** Working hours as a supervisor types them: a line a day or a run of days, `周一至周五 08:30-12:00 13:00-17:30`. */
const DAYS = '一二三四五六日';
const LINE = /^周([一二三四五六日])(?:[至到~-]周?([一二三四五六日]))?[\s:：]+(.+)$/;
const SPAN = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

/** The seven days, Monday first; null for nothing typed (the bank's hours), 'wrong' for what cannot be read. */
export function hoursOf(text: string): string[][] | null | 'wrong' {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  if (lines.length === 0) return null;
  const week: string[][] = Array.from(DAYS, () => []);
  for (const line of lines) {
    const [, first = '', last = first, rest = ''] = LINE.exec(line) ?? [];
    const spans = rest.split(/[\s,，、]+/);
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (!first || to < from || !spans.every((span) => SPAN.test(span))) return 'wrong';
    for (let day = from; day <= to; day += 1) week[day] = spans;
  }
  return week;
}

/** The same as text; neighbouring days alike share a line. */
export function textOf(hours: string[][] | null | undefined): string {
  const runs: { from: number; to: number; spans: string }[] = [];
  (hours ?? []).forEach((day, index) => {
    const spans = day.join(' ');
    const last = runs[runs.length - 1];
    if (last && last.to === index - 1 && last.spans === spans) last.to = index;
    else if (spans) runs.push({ from: index, to: index, spans });
  });
  return runs.map(({ from, to, spans }) => `周${DAYS[from]}${to > from ? `至周${DAYS[to]}` : ''} ${spans}`).join('\n');
}
