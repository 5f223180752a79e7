import { Button } from 'antd';
import { useRef } from 'react';
import { zh } from '../locales/zh';

/** What the service takes; it looks into the file itself. */
const TAKEN = 'image/jpeg,image/png,image/webp,application/pdf';

export function FilePicker({ onChoose }: { onChoose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()} data-testid="file">{zh.desk.Composer.file}</Button>
      <input ref={input} type="file" accept={TAKEN} hidden data-testid="file-input" onChange={({ target }) => {
        const [file] = target.files ?? [];
        if (file) onChoose(file);
        target.value = ''; // the same file may be chosen again
      }} />
    </>
  );
}
