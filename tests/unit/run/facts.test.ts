import { expect } from 'vitest';
import { factsOf } from '../../../src/run/facts.ts';
import { verifies } from '../../verifies.ts';

verifies('confirm.shown', 'leaves out times that change by themselves, at every depth, and nothing else', () => {
  const account = { id: 'ca_1', last_used_at: '2026-01-01T00:00:00Z', token_expires_at: null, status: 'ACTIVE' };
  const shown = {
    account: { ...account, updated_at: '' },
    list: [{ last_used_time: 'x', create_time: 'y' }, 'last_used_at', 1, null],
    // What only has such a name is no time, and what people keep with a thing has names of theirs.
    other: { update_time: { value: 1 }, last_login_time: 7 },
    metadata: { updated_at: '2026-01-01' },
    directory: { last_synced_at: '2026-01-01T00:00:00Z', total_users: 7, total_groups: '2', name: 'd' },
  };
  expect(factsOf(shown)).toEqual({
    account: { id: 'ca_1', status: 'ACTIVE' },
    list: [{ create_time: 'y' }, 'last_used_at', 1, null],
    other: { update_time: { value: 1 }, last_login_time: 7 },
    metadata: { updated_at: '2026-01-01' },
    directory: { name: 'd' },
  });
});
