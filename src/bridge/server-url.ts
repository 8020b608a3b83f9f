import { parseUrl } from '../core/parse-url.ts';
import { isThisMachine } from '../outgoing/hosted-fetch.ts';
import { HostedFailure, quoted } from './failure.ts';

/**
 * Reads the URL of a hosted server's endpoint.
 * @param text as a person wrote it
 * @throws HostedFailure `usage` when it is none, carries credentials or a fragment, or would send tokens in the clear
 */
export function readServerUrl(text: string): URL {
  const refuse = (why: string) =>
    new HostedFailure(
      'usage',
      `${quoted(text)} ${why} Give the URL of the server's endpoint, such as https://mcp.example.com/mcp.`,
    );
  const url = parseUrl(text);
  if (url === undefined) throw refuse('is no URL.');
  if (!/^https?:$/.test(url.protocol)) throw refuse('does not begin with https://, or http:// for this machine.');
  if (url.username !== '' || url.password !== '') {
    throw new HostedFailure(
      'usage',
      'The URL carries credentials, and everybody on this machine can read a command line. Leave them out: signing in takes their place.',
    );
  }
  if (url.hash !== '') throw refuse('has a part behind #, which no server sees.');
  if (!isSecure(url, true)) throw refuse('would send tokens in the clear: http: is for this machine alone.');
  return url;
}

/** Whether tokens may go there: by https, or within this machine where that is allowed. */
export function isSecure(url: URL, allowThisMachine: boolean): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && allowThisMachine && isThisMachine(url));
}
