import { Button, Empty, Result, Spin } from 'antd';
import type { ReactNode } from 'react';
import { zh } from '../locales/zh';
import { wordsOf } from './api';

const words = zh.desk.App;

/** Nothing is there, and what one could do. */
export function Nothing({ text, hint, children }: { text: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="desk-nothing">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><p>{text}</p>{hint ? <p className="desk-soft">{hint}</p> : null}</>} />
      {children}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Result status="warning" className="desk-failed" title={words.failed} subTitle={wordsOf(error)} data-testid="failed"
      extra={<Button onClick={onRetry}>{words.retry}</Button>} />
  );
}

export function Loading() {
  return <Spin className="desk-spin" />;
}
