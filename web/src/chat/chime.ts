const NOTES_HZ = [880, 1175];
const NOTE_S = 0.14;
const LOUDNESS = 0.12;
const QUIET_MS = 1000;

/** A soft sound of two notes, made here: no file has to be loaded. Where a browser forbids or lacks sound it is silent. */
export class Chime {
  private context: AudioContext | null = null;
  private lastAt = 0;

  /** Within a click or key press, after which a browser lets the page be heard. */
  readonly wake = (): void => {
    if (typeof AudioContext === 'undefined') return;
    this.context ??= new AudioContext();
    void this.context.resume().catch(() => undefined);
  };

  /** Several messages at once are one sound. */
  play(now: number = Date.now()): void {
    const { context } = this;
    if (context?.state !== 'running' || now - this.lastAt < QUIET_MS) return;
    this.lastAt = now;
    try {
      ring(context);
    } catch {
      // A device without sound is no reason to lose the conversation.
    }
  }
}

function ring(context: AudioContext): void {
  NOTES_HZ.forEach((hertz, place) => {
    const note = context.createOscillator();
    const volume = context.createGain();
    const from = context.currentTime + place * NOTE_S;
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUDNESS, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S * 2);
    note.connect(volume).connect(context.destination);
    note.start(from);
    note.stop(from + NOTE_S * 2);
  });
}
