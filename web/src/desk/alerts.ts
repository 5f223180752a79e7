/** Sound and notifications on the agent's own machine; what they chose is kept there. */
export interface AlertChoice {
  sound: boolean;
  popup: boolean;
}

const KEY = 'fangxin.desk.alerts';

export function loadChoice(): AlertChoice {
  try {
    return { sound: true, popup: false, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<AlertChoice>) };
  } catch {
    return { sound: true, popup: false };
  }
}

export function saveChoice(choice: AlertChoice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // A browser that keeps nothing: the choice lasts for this visit.
  }
}

/** Asks the browser once; false when the person said no there. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

export function notify(title: string, body: string, onClick: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(title, { body, tag: title });
  shown.onclick = () => {
    window.focus();
    onClick();
    shown.close();
  };
}

let audio: AudioContext | undefined;

/** Two short tones, higher for what is urgent. Silent until the page was touched once: browsers want it so. */
export function ring(isUrgent: boolean): void {
  if (!('AudioContext' in window)) return;
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
  [0, 0.16].forEach((delay, index) => tone((isUrgent ? 880 : 660) * (index ? 1.25 : 1), audio!.currentTime + delay));
}

function tone(pitch: number, at: number): void {
  if (!audio) return;
  const [sound, volume] = [audio.createOscillator(), audio.createGain()];
  sound.frequency.value = pitch;
  volume.gain.setValueAtTime(0.12, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.14);
  sound.connect(volume).connect(audio.destination);
  sound.start(at);
  sound.stop(at + 0.15);
}
