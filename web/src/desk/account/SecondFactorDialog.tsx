import { Alert, Form, Input, Modal, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { zh } from '../../locales/zh';
import { wordsOf } from '../api';
import { Loading } from '../states';
import { accountApi, type Enrolment } from './accountApi';

const words = zh.desk.Account;
export const CODE = /^\d{6}$/;

interface Props {
  isOn: boolean;
  onDone: (isOn: boolean) => void;
  onCancel: () => void;
}

/** Turns the codes of an authenticator app on or off for one's own login; both take a code. */
export default function SecondFactorDialog({ isOn, onDone, onCancel }: Props) {
  const [form] = Form.useForm<{ code: string }>();
  const [made, setMade] = useState<Enrolment | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    if (!isOn) accountApi.begin().then(setMade, (error: unknown) => setRefusal(wordsOf(error)));
  }, [isOn]);

  const submit = async ({ code }: { code: string }) => {
    setBusy(true);
    setRefusal(null);
    try {
      const { has_second_factor } = await (isOn ? accountApi.turnOff(code) : accountApi.confirm(code));
      onDone(has_second_factor);
    } catch (error) {
      setRefusal(wordsOf(error));
      setBusy(false);
      form.resetFields();
    }
  };
  return (
    <Modal open title={isOn ? words.turnOff : words.turnOn} okText={isOn ? words.turnOff : words.confirm} cancelText={zh.desk.Actions.cancel} confirmLoading={isBusy}
      okButtonProps={{ 'data-testid': 'totp-confirm', danger: isOn, disabled: !isOn && made === null }} onCancel={onCancel} onOk={() => form.submit()}>
      {isOn ? <p>{words.offText}</p> : made ? <Scan made={made} /> : refusal ? null : <Loading />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => void submit(given)}>
        <Form.Item name="code" label={words.code} rules={[{ required: true, pattern: CODE, message: words.codeRule }]}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} data-testid="totp-code" />
        </Form.Item>
      </Form>
      {refusal ? <Alert type="error" showIcon message={refusal} role="alert" /> : null}
    </Modal>
  );
}

function Scan({ made }: { made: Enrolment }) {
  return (
    <>
      <p>{words.scan}</p>
      <img src={`data:image/svg+xml,${encodeURIComponent(made.qr_svg)}`} width={200} height={200} alt={words.qr} data-testid="totp-qr" />
      <p>{words.orType} <Typography.Text code copyable data-testid="totp-secret">{made.secret}</Typography.Text></p>
    </>
  );
}
