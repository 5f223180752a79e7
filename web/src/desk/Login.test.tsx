import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { zh } from '../locales/zh';
import { DeskError, deskApi } from './api';
import Login from './Login';

// jsdom has no media queries, which the form's layout asks for.
beforeAll(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addListener: () => undefined, removeListener: () => undefined })));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('asks for the code only where the account wants one', async () => {
  const agent = { id: 'a_1', name: 'lin' } as Awaited<ReturnType<typeof deskApi.login>>;
  const login = vi.spyOn(deskApi, 'login').mockRejectedValueOnce(new DeskError(401, 'code_needed', '')).mockResolvedValueOnce(agent);
  const signedIn = vi.fn();
  render(<Login onSignedIn={signedIn} />);
  expect(screen.queryByTestId('login-code')).toBeNull();
  fireEvent.change(screen.getByTestId('login-name'), { target: { value: 'lin' } });
  fireEvent.change(screen.getByTestId('login-password'), { target: { value: 'correct horse' } });
  fireEvent.click(screen.getByTestId('login-submit'));
  fireEvent.change(await screen.findByTestId('login-code', {}, { timeout: 20_000 }), { target: { value: '123456' } });
  expect(screen.queryByText(zh.desk.Error.unexpected)).toBeNull();
  fireEvent.click(screen.getByTestId('login-submit'));
  await waitFor(() => expect(signedIn).toHaveBeenCalledWith(agent), { timeout: 20_000 });
  expect(login).toHaveBeenLastCalledWith('lin', 'correct horse', '123456');
}, 60_000);
