import { dayAndTime } from '../clock';
import { zh } from '../locales/zh';
import { fileSize } from '../parts/address';
import { chartInWords } from '../parts/chartWords';
import type { Message, ReplyPart } from '../wire';
import { speakerOf } from './speaker';

/** The customer's own conversation as plain text: who said what and when, in China's time; cards and pictures in words. */
export function transcriptOf(messages: readonly Message[], title: string, now: Date = new Date()): string {
  const head = [title, zh.Transcript.madeAt(dayAndTime(now.toISOString())), zh.Transcript.note];
  const said = messages.map((message) => {
    const lines = message.parts.flatMap(linesOf);
    return lines.length ? [`[${dayAndTime(message.at)}] ${speakerOf(message) || zh.Transcript.system}`, ...lines].join('\n') : '';
  });
  return `${[head.join('\n'), ...said].filter(Boolean).join('\n\n')}\n`;
}

function linesOf(part: ReplyPart): string[] {
  switch (part.kind) {
    case 'text':
      return part.detail ? [part.text, part.detail] : [part.text];
    case 'quick_replies':
      return [...(part.prompt ? [part.prompt] : []), zh.Transcript.options(part.options.map(({ title }) => title))];
    case 'card':
      return [
        zh.Transcript.heading(part.title),
        ...part.rows.map(({ label, value }) => zh.Transcript.row(label, value)),
        ...(part.chart ? [chartInWords(part.chart)] : []),
        ...part.notes.map(zh.Transcript.remark),
      ];
    case 'stages':
      return [
        zh.Transcript.heading(part.title),
        ...part.stages.map(({ name, state, note }, index) => zh.Transcript.stage(index + 1, name, zh.Stages.state[state], note)),
        ...part.notes.map(zh.Transcript.remark),
      ];
    case 'image':
      return [zh.Transcript.picture(part.alt)];
    case 'file':
      return [zh.Transcript.file(part.name, fileSize(part.size))];
    case 'handoff':
      return [];
    default:
      return part satisfies never;
  }
}

/** Hands a text to the browser as a file. */
export function saveText(text: string, name: string): void {
  // Older Windows editors take a text without this mark for one in another encoding.
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
