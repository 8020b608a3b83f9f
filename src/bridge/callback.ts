import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseUrl } from '../core/parse-url.ts';

const PATH = '/callback';
const HOST = '127.0.0.1';

/** Where the browser brings the authorization response (RFC 8252 §7.3). */
export interface Callback {
  readonly redirectUri: string;
  readonly port: number;
  /** The parameters of the response that carries our state. Others are refused, and waited past. */
  readonly response: Promise<URLSearchParams>;
  close(): Promise<void>;
}

/**
 * Listens for an authorization response, on this machine alone.
 * @param state what the response has to carry
 * @param port to take if it is free; 0 for any
 */
export async function listenForCallback(state: string, port: number): Promise<Callback> {
  let arrived: (parameters: URLSearchParams) => void = () => undefined;
  const response = new Promise<URLSearchParams>((resolve) => {
    arrived = resolve;
  });
  let isOver = false;
  const server = createServer((req, res) => {
    const { status, text, parameters } = judge(req, state, isOver);
    if (parameters !== undefined) {
      isOver = true;
      // Once the page is sent: the process may end soon after.
      res.once('close', () => arrived(parameters));
    }
    answer(res, status, text);
  });
  const listen = (at: number) => {
    server.listen(at, HOST);
    return once(server, 'listening');
  };
  await listen(port).catch((error) => {
    if (port === 0) throw error;
    return listen(0);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    redirectUri: redirectUriAt(taken),
    port: taken,
    response,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The redirect URI for a port of this machine. */
function redirectUriAt(port: number): string {
  return `http://${HOST}:${port}${PATH}`;
}

interface Verdict {
  readonly status: number;
  readonly text: string;
  readonly parameters?: URLSearchParams;
}

function judge({ method, url = '/' }: IncomingMessage, state: string, isOver: boolean): Verdict {
  const at = `http://${HOST}`;
  const { pathname, searchParams } = parseUrl(url, at) ?? new URL(at);
  if (pathname !== PATH)
    return { status: 404, text: 'There is nothing here. Go back to the page on which you sign in.' };
  if (method !== 'GET') return { status: 405, text: 'This address is for the browser in which you sign in.' };
  if (!isSame(searchParams.get('state') ?? '', state)) {
    return {
      status: 400,
      text: 'This does not belong to the sign-in that is waiting here, and was not used. Open the address that the terminal shows, and sign in there.',
    };
  }
  if (isOver)
    return {
      status: 409,
      text: 'This sign-in has been used already. You can close this tab, and go on where you came from.',
    };
  const text = searchParams.has('error')
    ? 'You are not signed in. Close this tab: the program that you came from says why, and what to do next.'
    : 'The sign-in goes on in the program that you came from. You can close this tab, and go back there.';
  return { status: 200, text, parameters: searchParams };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  res.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Scalekit MCP</title><h1>Scalekit MCP</h1><p>${text}</p></html>\n`,
  );
}
