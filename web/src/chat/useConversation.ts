import { useEffect, useSyncExternalStore } from 'react';
import type { ChatState } from './chatState';
import type { Conversation } from './conversation';

/** The conversation's state, and its life for as long as the page shows it. */
export function useConversation(conversation: Conversation): ChatState {
  useEffect(() => {
    void conversation.start();
    return () => conversation.stop();
  }, [conversation]);
  return useSyncExternalStore(conversation.subscribe, conversation.read);
}
