import { useEffect, useRef, useState } from 'react';
import { duration } from '../../clock';
import { zh } from '../../locales/zh';
import type { ComplaintClock } from '../wireScreens';

const words = zh.desk.Complaints;
const LOOKS: Record<ComplaintClock['state'], string> = {
  running: 'is-calm', warning: 'is-warning', breached: 'is-breach', paused: 'is-calm', met: 'is-met', missed: 'is-breach',
};

/** Seconds since these clocks were read: they run on between two reads. */
export function useTicked(subject: object): number {
  const read = useRef({ subject, at: Date.now() });
  if (read.current.subject !== subject) read.current = { subject, at: Date.now() };
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (Date.now() - read.current.at) / 1000;
}

export function ComplaintClocks({ clocks, ticked }: { clocks: readonly ComplaintClock[]; ticked: number }) {
  return (
    <>
      {clocks.map((clock) => (
        <span key={clock.promise} className={`desk-due ${LOOKS[clock.state]}`} data-testid="complaint-clock">
          {words.promises[clock.promise] ?? clock.promise} · {clockText(clock, ticked)}
        </span>
      ))}
    </>
  );
}

export function clockText({ state, left_seconds: left }: ComplaintClock, ticked: number): string {
  switch (state) {
    case 'running':
    case 'warning':
      return left > ticked ? words.left(duration(left - ticked)) : words.over(duration(ticked - left));
    case 'breached':
      return words.over(duration(ticked - left));
    case 'paused':
      return `${words.clockStates.paused}，${words.left(duration(left))}`;
    case 'met':
    case 'missed':
      return words.clockStates[state] ?? state;
    default:
      return state satisfies never;
  }
}
