import type { ExternalAnswer, ExternalRequest } from '../../core/external.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { Deadline } from '../../outgoing/deadline.ts';
import { External } from '../../outgoing/external.ts';

/** Sends a request to a server that a person has named. */
export type AskExternal = (request: ExternalRequest) => Promise<ExternalAnswer>;

/** For everything that is asked of one server, in milliseconds. */
const DEADLINE_MS = 60_000;

/**
 * Asks servers as clients do, without a token. This machine's own are asked as well: the person who names them sits at it.
 * Each server gets an allowance of its own.
 */
export function askingServers(): AskExternal {
  const external = new External({ allowLoopback: true });
  const never = new AbortController();
  return (request) => {
    const deadline = new Deadline(DEADLINE_MS, never.signal);
    return external.fetch(request, parseUrl(request.url)?.host ?? '', deadline);
  };
}
