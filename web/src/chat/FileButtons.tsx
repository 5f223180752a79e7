import { useRef, type ChangeEvent } from 'react';
import { zh } from '../locales/zh';

/** What the service takes. Named one by one, so that a phone turns its own formats into one of them. */
export const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf';

/** Choose files, or on a phone take a picture. */
export function FileButtons({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(event.target.files ?? [])];
    event.target.value = ''; // the same file may be chosen again
    if (chosen.length > 0) onFiles(chosen);
  };
  return (
    <>
      <button type="button" className="fx-attach" data-testid="attach" aria-label={zh.Upload.attach} title={zh.Upload.attach}
        onClick={() => files.current?.click()}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round">
          <path d="M20 11.5 12 19.4a5 5 0 0 1-7.1-7l8.3-8.2a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.1a1.7 1.7 0 0 1-2.4-2.4l7.4-7.2" />
        </svg>
      </button>
      <button type="button" className="fx-attach fx-camera" data-testid="camera" aria-label={zh.Upload.camera} title={zh.Upload.camera}
        onClick={() => camera.current?.click()}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round">
          <path d="M3.5 8h4l1.6-2.5h5.8L16.5 8h4v11h-17z" />
          <circle cx="12" cy="13.2" r="3.4" />
        </svg>
      </button>
      <input ref={files} hidden type="file" multiple accept={ACCEPTED} data-testid="file-input" onChange={take} />
      <input ref={camera} hidden type="file" accept="image/jpeg,image/png,image/webp" capture="environment" data-testid="camera-input" onChange={take} />
    </>
  );
}
