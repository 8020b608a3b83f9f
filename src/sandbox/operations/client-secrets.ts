import { randomBytes } from 'node:crypto';
import type { Client } from '../data/types.ts';
import { ApiError, byId } from '../gateway/api-error.ts';
import type { Store } from '../store.ts';
import { now } from './parts.ts';

/** The most secrets of a client. The number is a setting of each environment; five was seen live by Scalekit's SDK. */
const MAX_SECRETS = 5;

type Secrets = Client['secrets'];

/** A new secret of a client, which is shown this once: only how it ends is kept. */
export function newSecret(store: Store, principal: { readonly subject: string }) {
  const plain_secret = `test_${randomBytes(24).toString('hex')}`;
  const at = now();
  const secret = {
    id: store.newId('sec'),
    secret_suffix: plain_secret.slice(-4),
    status: 'ACTIVE' as const,
    create_time: at,
    update_time: at,
    created_by: principal.subject,
  };
  store.secrets.keep(secret.id, plain_secret);
  return { plain_secret, secret };
}

/**
 * Refuses one more secret where there are as many as there may be.
 * @throws ApiError
 */
export function refuseTooMany(secrets: Secrets): void {
  if (secrets.length < MAX_SECRETS) return;
  throw new ApiError('INVALID_ARGUMENT', `a client can have at most ${MAX_SECRETS} secrets`);
}

/**
 * The secrets without one of them. The last one stays (seen in the live tests of Scalekit's SDK, whose text says so
 * of the client).
 * @throws ApiError
 */
export function withoutSecret(secrets: Secrets, id: string): Secrets {
  const secret = byId(secrets, id, 'secret');
  if (secrets.length === 1) throw new ApiError('INVALID_ARGUMENT', 'cannot delete the last client');
  return secrets.filter((one) => one !== secret);
}
