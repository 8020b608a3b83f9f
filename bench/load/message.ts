import { type EraName, eraHeaders, rpcBody } from '../../tests/fixtures/rpc.ts';
import type { Sent } from './connection.ts';

/** A JSON-RPC request in the form of an era. */
export function message(
  era: EraName,
  token: string | undefined,
  method: string,
  params: Record<string, unknown> = {},
  id: unknown = 1,
): Sent {
  return {
    headers: {
      ...eraHeaders(era, method, params),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(rpcBody(era, method, params, id as string)),
  };
}
