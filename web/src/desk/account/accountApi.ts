import { call } from '../call';

/** What an authenticator app is given: to be scanned, or to be typed. */
export interface Enrolment {
  secret: string;
  uri: string;
  /** An SVG as text. */
  qr_svg: string;
}

/** The routes of one's own login. */
export const accountApi = {
  begin: () => call<Enrolment>('POST', 'desk/account/totp'),
  confirm: (code: string) => call<{ has_second_factor: boolean }>('POST', 'desk/account/totp/confirm', { code }),
  turnOff: (code: string) => call<{ has_second_factor: boolean }>('POST', 'desk/account/totp/off', { code }),
};
