import { Alert, Button, Card, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { zh } from '../locales/zh';
import { DeskError, deskApi, wordsOf } from './api';
import type { Agent } from './wire';

const words = zh.desk.Login;

export default function Login({ onSignedIn }: { onSignedIn: (agent: Agent) => void }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [asksCode, setAsksCode] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const submit = async ({ name, password, code }: { name: string; password: string; code?: string }) => {
    setBusy(true);
    setRefusal(null);
    try {
      onSignedIn(await deskApi.login(name.trim(), password, code));
    } catch (error) {
      if (error instanceof DeskError && error.code === 'code_needed') setAsksCode(true);
      else setRefusal(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <main className="desk-login">
      <Card className="desk-login-card">
        <Typography.Title level={1} className="desk-login-title">{words.title}</Typography.Title>
        <Typography.Paragraph type="secondary">{words.subtitle}</Typography.Paragraph>
        <Form layout="vertical" size="large" requiredMark={false} onFinish={submit}>
          <Form.Item name="name" label={words.name} rules={[{ required: true, whitespace: true, message: words.nameNeeded }]}>
            <Input autoComplete="username" autoFocus data-testid="login-name" />
          </Form.Item>
          <Form.Item name="password" label={words.password} rules={[{ required: true, message: words.passwordNeeded }]}>
            <Input.Password autoComplete="current-password" data-testid="login-password" />
          </Form.Item>
          {asksCode ? (
            <Form.Item name="code" label={words.code} extra={words.codeHint} rules={[{ required: true, pattern: /^\d{6}$/, message: words.codeRule }]}>
              <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus data-testid="login-code" />
            </Form.Item>
          ) : null}
          {refusal ? <Alert type="error" showIcon message={refusal} role="alert" className="desk-login-refusal" /> : null}
          <Button type="primary" htmlType="submit" block loading={isBusy} data-testid="login-submit">
            {words.submit}
          </Button>
        </Form>
      </Card>
    </main>
  );
}
