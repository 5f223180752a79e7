import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { zh } from '../locales/zh';
import { fileSize } from '../parts/address';

const words = zh.desk.Composer;

/** What was chosen or pasted, looked at once more before the customer gets it. */
export function FileToSend({ file, isBusy, onSend, onCancel }: { file: File; isBusy: boolean; onSend: () => void; onCancel: () => void }) {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    if (!file.type.startsWith('image/')) return setPicture(null);
    const address = URL.createObjectURL(file);
    setPicture(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return (
    <div className="desk-file" data-testid="file-to-send">
      {picture ? <img src={picture} alt="" /> : null}
      <span>{words.fileReady(file.name, fileSize(file.size))}</span>
      <Button onClick={onCancel} disabled={isBusy}>{words.fileCancel}</Button>
      <Button type="primary" onClick={onSend} loading={isBusy} data-testid="file-send">{words.fileSend}</Button>
    </div>
  );
}
