/**
 * The address if a browser may open it from our page, else null.
 *
 * Only http(s) and addresses on our own site pass: a `javascript:` address from a broken or hostile source stays dead.
 */
export function safeAddress(url: string, base: string = window.location.href): string | null {
  try {
    const { protocol, href } = new URL(url, base);
    return protocol === 'https:' || protocol === 'http:' ? href : null;
  } catch {
    return null;
  }
}

/** `860 B`, `24 KB`, `1.5 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${Number((bytes / 1024 / 1024).toFixed(1))} MB`;
}
