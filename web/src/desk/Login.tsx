import { Alert, Button, Card, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi, wordsOf } from './api';
import type { Agent } from './wire';

const words = zh.desk.Login;

export default function Login({ onSignedIn }: { onSignedIn: (agent: Agent) => void }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async ({ name, password }: { name: string; password: string }) => {
    setBusy(true);
    setRefusal(null);
    try {
      onSignedIn(await deskApi.login(name.trim(), password));
    } catch (error) {
      setRefusal(wordsOf(error));
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
          {refusal ? <Alert type="error" showIcon message={refusal} role="alert" className="desk-login-refusal" /> : null}
          <Button type="primary" htmlType="submit" block loading={isBusy} data-testid="login-submit">
            {words.submit}
          </Button>
        </Form>
      </Card>
    </main>
  );
}
