import { expect, it } from 'vitest';
import { AGENT } from '../../testing/tickets';
import { changesOf } from './changes';

const KNOWN = { ...AGENT, skills: ['after_loan', 'complaint'] as ('after_loan' | 'complaint')[], is_enabled: true };

it('sends what is different and nothing else', () => {
  expect(changesOf(KNOWN, { display_name: '林晓', role: 'agent', skills: ['complaint', 'after_loan'], capacity: 5, is_enabled: true, password: '' })).toEqual({});
  expect(changesOf(KNOWN, { skills: ['complaint'], capacity: 8, is_enabled: false })).toEqual({ skills: ['complaint'], capacity: 8, is_enabled: false });
});
