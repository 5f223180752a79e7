/** A piece of plain text: words, or an address that may be followed. */
export type TextPiece = { text: string; href: string | null };

// Chinese punctuation ends an address as surely as a blank does.
const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？、（）《》「」【】一-鿿]+/g;
const TRAILING = /[.,;:!?)\]]+$/;

/** Cuts text at its http(s) addresses; everything else, markup included, stays text. */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '');
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null });
    pieces.push({ text: address, href: address });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}
