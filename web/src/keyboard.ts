/** What of a key press matters here; both React's and the DOM's own event fit. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  keyCode: number;
  nativeEvent?: { isComposing?: boolean };
  isComposing?: boolean;
}

/**
 * Whether this key press means "send".
 *
 * While a Chinese input method is choosing characters, Enter only confirms the choice. Safari ends the composition
 * *before* this key press and clears `isComposing`; the key code 229 is then the only trace that is left of it.
 */
export function isSendKey(press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.shiftKey) return false;
  const composing = press.nativeEvent?.isComposing ?? press.isComposing ?? false;
  return !composing && press.keyCode !== 229;
}
