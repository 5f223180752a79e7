import type { Secret } from './wireScreens';

/** What was shown in the clear during this visit: asked once, not at every look. Gone with the page. */
const revealed = new Map<string, Partial<Record<Secret, string>>>();

export function revealedOf(conversationId: string): Partial<Record<Secret, string>> {
  return revealed.get(conversationId) ?? {};
}

export function keepRevealed(conversationId: string, what: Secret, value: string): void {
  revealed.set(conversationId, { ...revealedOf(conversationId), [what]: value });
}

/** Signing out leaves nothing to the next person at this machine. */
export function forgetRevealed(): void {
  revealed.clear();
}
