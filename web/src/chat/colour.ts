const HEX = /^#([0-9a-f]{6})$/i;
/** More than the 4.5 of WCAG: the colour is also that of words on a tenth of itself. */
const READABLE = 5.6;

/**
 * The bank's colour, darkened until white letters on it can be read (WCAG contrast).
 *
 * Null when it is not written as `#rrggbb`: the value comes from a page address and goes into a style.
 */
export function readableColour(colour: string | null): string | null {
  const digits = colour === null ? null : HEX.exec(colour)?.[1];
  if (!digits) return null;
  let channels = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
  while (contrastWithWhite(channels) < READABLE) channels = channels.map((value) => Math.floor(value * 0.95));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function contrastWithWhite(channels: number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
