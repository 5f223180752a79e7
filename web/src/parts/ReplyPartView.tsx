import type { Option, ReplyPart } from '../wire';
import { FileLink, Picture } from './Attachments';
import { FigureCard } from './FigureCard';
import { QuickReplyButtons } from './QuickReplyButtons';
import { StagesView } from './StagesView';
import { TextBubble } from './TextBubble';

interface Props {
  part: ReplyPart;
  onChoose?: ((option: Option) => void) | undefined;
  isPast?: boolean;
}

/** One part of a reply; the compiler complains here when the wire gets a new kind. */
export function ReplyPartView({ part, onChoose, isPast = false }: Props) {
  switch (part.kind) {
    case 'text':
      return <TextBubble part={part} />;
    case 'quick_replies':
      return <QuickReplyButtons part={part} onChoose={onChoose} isPast={isPast} />;
    case 'card':
      return <FigureCard part={part} />;
    case 'stages':
      return <StagesView part={part} />;
    case 'image':
      return <Picture part={part} />;
    case 'file':
      return <FileLink part={part} />;
    case 'handoff':
      return null;
    default:
      part satisfies never;
      return null;
  }
}
