import { useCallback } from 'react';
import { useDesk } from '../deskContext';

/** The list beside the detail is read anew: the address carries the moment of the last change. */
export function useListChanged(): () => void {
  const { route, go } = useDesk();
  return useCallback(() => go({ ...route, query: { ...route.query, at: String(Date.now()) } }), [route, go]);
}
