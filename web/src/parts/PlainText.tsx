import { splitLinks } from './links';

/** Text as text: line breaks are kept by the style sheet, addresses become links that open apart. */
export function PlainText({ text }: { text: string }) {
  return (
    <span className="fx-plain">
      {splitLinks(text).map((piece, index) =>
        piece.href === null ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </span>
  );
}
