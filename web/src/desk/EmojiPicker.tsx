import { Button, Popover } from 'antd';
import { useState } from 'react';
import { zh } from '../locales/zh';
import { EMOJIS } from './emojis';

const words = zh.desk.Composer;

export function EmojiPicker({ onPick }: { onPick: (sign: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const pick = (sign: string) => {
    setOpen(false);
    onPick(sign);
  };
  const grid = (
    <div className="desk-emojis">
      {EMOJIS.map(([sign, name]) => <button key={sign} type="button" title={name} aria-label={name} onClick={() => pick(sign)}>{sign}</button>)}
    </div>
  );
  return (
    <Popover trigger="click" open={isOpen} onOpenChange={setOpen} content={grid} destroyOnHidden>
      <Button aria-label={words.emoji} title={words.emoji} data-testid="emoji">😊</Button>
    </Popover>
  );
}
