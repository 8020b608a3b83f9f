import type { ExternalAnswer, ExternalFailure } from '../../core/external.ts';
import { failed, type Outcome, passed, unknown } from '../finding.ts';
import { CLIENTS } from './clients.ts';
import { isTooLong, seenAt } from './probes.ts';

const HIDDEN = 'It cannot be looked at from here, whatever it does.';

const SENTENCES: Readonly<Record<ExternalFailure, readonly [seen: string, to_do: string]>> = {
  no_url: ['The URL cannot be read.', 'Give the whole URL of the MCP endpoint, https:// included.'],
  credentials_in_url: ['The URL holds a name or a password.', 'Leave them out: clients sign in by OAuth.'],
  not_https: ['It is no https URL.', 'Serve it by https: clients send tokens there.'],
  port_not_allowed: [HIDDEN, 'Serve it at port 443, or at one above 1023 that no other protocol uses.'],
  address_not_public: [
    `The address is not one of the public internet, and this server asks no other. ${HIDDEN}`,
    'Publish it, or diagnose it with this server on its sandbox, on the same machine.',
  ],
  no_such_host: ['DNS knows no such host.', 'Publish a DNS record for it, or correct the URL.'],
  dns_failed: ['DNS did not answer for this host.', 'Check its DNS, then try again.'],
  connection_refused: ['Nothing listens there.', 'Start the server, or correct the port.'],
  certificate: [
    'Its certificate is not accepted: `found` has the reason.',
    'Serve a certificate for this name that a public authority has signed, with the whole chain, and renew it in time.',
  ],
  tls: ['It does not speak TLS as it should.', 'Serve TLS 1.2 or 1.3 at this port.'],
  handshake_too_long: [
    'It sends more to agree on TLS than is read from here, such as certificates of more than 16 KiB.',
    'Serve its certificate with those that lead to a public authority, and no others.',
  ],
  timeout: ['It did not answer in time.', 'Check that a firewall lets requests from outside through.'],
  too_many_redirects: ['It redirects too often.', 'Use the URL that the redirects end at.'],
  headers_too_long: [
    'The headers of its answer are longer than 16 KiB, the most that is read from here; many clients read no more either.',
    'Send shorter or fewer headers: look for a cookie or a policy that has grown.',
  ],
  not_http: [
    'What answers there breaks the rules of HTTP: `found` has the reason.',
    'Serve HTTP/1.1 there: a status of 100 or more, then headers. Look at what stands before the server.',
  ],
  connection_failed: ['The connection broke off before there was an answer.', 'Look into the log of the server.'],
};

/** Failures that say nothing of the server, only that it is not asked from here. */
const NOT_ASKED: ReadonlySet<ExternalFailure> = new Set(['port_not_allowed', 'address_not_public']);
/** Failures that the URL alone shows. */
const OF_URL: ReadonlySet<ExternalFailure> = new Set(['no_url', 'credentials_in_url', 'not_https']);
const OF_TLS: ReadonlySet<ExternalFailure> = new Set(['certificate', 'tls', 'handshake_too_long']);

/** Whether an endpoint can be asked at all, by what came of the first request to it. */
export function checkReachable(answer: ExternalAnswer): Outcome[] {
  const { error } = answer;
  if (error === undefined) return [passed('url'), passed('reachable'), passed('tls')];
  const [seen, to_do] = SENTENCES[error];
  const found = seenAt(answer);
  if (NOT_ASKED.has(error)) return [unknown('reachable', { seen, found, to_do })];
  const facts = { seen, found, breaks: [CLIENTS.all], to_do };
  if (OF_URL.has(error)) return [failed('url', facts)];
  return [passed('url'), failed(OF_TLS.has(error) ? 'tls' : 'reachable', facts)];
}

/** Why a document could not be read, in a sentence. */
export function whyUnread({ error, status, cut }: ExternalAnswer): string {
  if (error !== undefined) return SENTENCES[error][0];
  if (status === 200 && cut === 'broken_off') return 'The answer broke off, or did not end in time.';
  return status === 200 ? 'What stands there is no JSON object.' : 'The answer is no 200.';
}

/**
 * What is told of a document that stands where it should and is too long to be read from here: nothing is wrong with it as far
 * as anybody knows. Undefined where the answer is none of that.
 */
export function ofTooLong(check: string, answer: ExternalAnswer): Outcome | undefined {
  if (!isTooLong(answer)) return undefined;
  const seen =
    'The document there is longer than what is read from here, 64 KiB and 3,000 values: what it says is not known.';
  const to_do = 'Publish a shorter one, which every client can read, then diagnose it again.';
  return unknown(check, { seen, found: seenAt(answer), to_do });
}
