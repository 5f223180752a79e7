import { Bubble } from '../chatui';
import { useState } from 'react';
import { zh } from '../locales/zh';
import type { FilePart, ImagePart } from '../wire';
import { fileSize, safeAddress } from './address';

export function Picture({ part }: { part: ImagePart }) {
  const [isBroken, setBroken] = useState(false);
  const address = safeAddress(part.url);
  if (isBroken || address === null) return <Bubble type="text">{part.alt || zh.Image.failed}</Bubble>;
  return (
    <a className="fx-image" href={address} target="_blank" rel="noopener noreferrer">
      <img src={address} alt={part.alt} loading="lazy" onError={() => setBroken(true)} />
    </a>
  );
}

export function FileLink({ part }: { part: FilePart }) {
  const address = safeAddress(part.url);
  const label = (
    <>
      <span className="fx-file-sign" aria-hidden="true">
        {extensionOf(part.name)}
      </span>
      <span className="fx-file-name">
        {part.name}
        <small>{fileSize(part.size)}</small>
      </span>
    </>
  );
  if (address === null) return <span className="fx-file">{label}</span>;
  return (
    <a className="fx-file" href={address} target="_blank" rel="noopener noreferrer" download={part.name}>
      {label}
      <span className="fx-file-get">{zh.File.download}</span>
    </a>
  );
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1, dot + 5).toUpperCase() : 'FILE';
}
