import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireTold } from './came-true.ts';
import { SCALEKIT } from './configure-connection.ts';
import { listOf, pathOf } from './connection-target.ts';
import { SsoConnection } from './entities/connection.ts';
import { askedWord, CONNECTION_TYPES, PROVIDERS } from './enum-words.ts';
import { path } from './path.ts';

const One = z.object({ connection: SsoConnection });
type One = z.output<typeof One>;

/** What a new connection is. */
interface WantedConnection {
  /** `undefined`: one of the environment itself. */
  readonly organizationId?: string | undefined;
  readonly type: 'OIDC' | 'SAML';
  readonly provider: string;
}

/**
 * Creates a connection (`POST /connections` or `/organizations/{id}/connections`), a draft without settings.
 * @throws ToolError `not_applied` for what is not as asked
 */
export async function createConnection(api: Api, { organizationId, type, provider }: WantedConnection): Promise<One> {
  const body = { provider, type, ...(provider === SCALEKIT && { provider_key: SCALEKIT }) };
  const all = organizationId === undefined ? path`/connections` : path`/organizations/${organizationId}/connections`;
  const created = checkAnswer(One, await api.post(all, body), 'write');
  const asked = ({ connection }: One) => ({
    provider: askedWord(PROVIDERS, provider, connection.provider),
    // The tool for those of the environment has no such argument: all of its connections are of this type.
    ...(organizationId !== undefined && { type: askedWord(CONNECTION_TYPES, type, connection.type) }),
  });
  const read = async () => checkAnswer(One, await api.get(pathOf({ organizationId, id: created.connection.id })));
  return requireTold(asked, created, read, listOf({ organizationId }));
}
