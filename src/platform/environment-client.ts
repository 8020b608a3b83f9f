import { z } from 'zod';
import type { Api, Reader } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { EnvironmentClient } from './entities/environment-client.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const TYPE = 'ENV';

const Own = z.looseObject({ client_type: z.literal(TYPE) });
const One = z.object({ client: EnvironmentClient });
/** What tells how to reach the environment. The secrets are not read here, so that one odd secret hides nothing else. */
const Reached = z.object({ client: EnvironmentClient.pick({ id: true }).extend({ secrets: z.unknown().optional() }) });

/**
 * Finds the environment's own client (type ENV) among its clients (`GET /clients`). No other client is used instead,
 * because its redirect URIs belong to another application.
 * @throws ToolError `not_found` when there is none
 */
export async function findEnvironmentClient(api: Reader): Promise<EnvironmentClient> {
  return checkAnswer(One, { client: await ownClient(api) }).client;
}

/**
 * Finds the same client, with its secrets as the API lists them, unchecked.
 * @throws ToolError `not_found` when there is none
 */
export async function findCredentials(api: Reader): Promise<z.output<typeof Reached>['client']> {
  return checkAnswer(Reached, { client: await ownClient(api) }).client;
}

async function ownClient(api: Reader): Promise<z.output<typeof Own>> {
  const query = { 'filter.client_type': TYPE, page_size: 30 };
  for await (const { entries } of pagesOf(api, path`/clients`, query, 'clients', Own)) {
    const [client] = entries;
    if (client !== undefined) return client;
  }
  throw new ToolError('not_found', 'This environment has no client of its own: Scalekit lists none of type ENV.');
}

/** Reads a client with all its settings (`GET /clients/{id}`). */
export async function readClient(api: Api, id: string): Promise<EnvironmentClient> {
  return checkAnswer(One, await api.get(path`/clients/${id}`)).client;
}
