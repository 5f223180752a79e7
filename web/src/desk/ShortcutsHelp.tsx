import { Modal } from 'antd';
import { useEffect } from 'react';
import { zh } from '../locales/zh';

const words = zh.desk.Shortcuts;

/** `?` opens it, unless one is writing. */
export function ShortcutsHelp({ isOpen, onToggle }: { isOpen: boolean; onToggle: (isOpen: boolean) => void }) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isWriting = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], [role=combobox]');
      if (isWriting || (event.key !== '?' && event.key !== '？')) return;
      event.preventDefault();
      onToggle(!isOpen);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isOpen, onToggle]);
  return (
    <Modal open={isOpen} title={words.title} footer={null} onCancel={() => onToggle(false)}>
      <dl className="desk-shortcuts" data-testid="shortcuts">
        {words.rows.map(([keys, meaning]) => (
          <div key={keys}>
            <dt><kbd>{keys}</kbd></dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
