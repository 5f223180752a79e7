import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTyping } from './useTyping';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once in three seconds, and that it stopped only after it was told', () => {
  const told: boolean[] = [];
  const { result, unmount } = renderHook(() => useTyping((on) => told.push(on)));
  result.current(false);
  expect(told).toEqual([]);
  result.current(true);
  vi.advanceTimersByTime(2900);
  result.current(true);
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(200);
  result.current(true);
  expect(told).toEqual([true, true]);
  result.current(false);
  expect(told).toEqual([true, true, false]);
  result.current(true);
  unmount();
  expect(told).toEqual([true, true, false, true, false]);
});
