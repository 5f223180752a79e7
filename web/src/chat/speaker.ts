import { zh } from '../locales/zh';
import type { Message } from '../wire';

/** Who said it, in words for the customer; empty for the system's own lines. */
export function speakerOf(message: Message): string {
  switch (message.sender) {
    case 'customer':
      return zh.MessageList.you;
    case 'bot':
      return zh.MessageList.bot;
    case 'agent':
      return message.author_name ?? zh.MessageList.agent;
    case 'system':
      return '';
    default:
      return message.sender satisfies never;
  }
}
