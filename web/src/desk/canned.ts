import type { CannedReply } from './wire';

/** `/` at the start opens the list; what follows searches it. Null: the agent is not looking for one. */
export function searchIn(text: string): string | null {
  const found = /^\/([^\s]*)$/.exec(text);
  return found ? (found[1] ?? '') : null;
}

/** Those whose shortcut begins with it come before those that hold it somewhere. */
export function matching(replies: readonly CannedReply[], search: string): CannedReply[] {
  const wanted = search.toLowerCase();
  const rank = ({ shortcut, text }: CannedReply) => {
    const name = shortcut.toLowerCase();
    if (name.startsWith(wanted)) return 0;
    return name.includes(wanted) ? 1 : text.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, at: rank(reply) }))
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at || a.reply.shortcut.localeCompare(b.reply.shortcut, 'zh'))
    .map(({ reply }) => reply);
}

const VARIABLE = /\{(客户|坐席|申请编号)\}/g;

/** Fills in what is known; the rest stays in its braces for the agent. */
export function filled(text: string, known: Readonly<Record<string, string | null>>): string {
  return text.replace(VARIABLE, (whole, name: string) => known[name] ?? whole);
}

/** Variables that are still there: such a text is not for a customer. */
export function unfilled(text: string): string[] {
  return [...new Set(text.match(VARIABLE) ?? [])];
}
