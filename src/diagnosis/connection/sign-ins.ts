import { failed, type Outcome, passed, unknown, warned } from '../finding.ts';
import type { Read } from './read.ts';

/** So many sign-ins of the connection are shown. */
const MAX_SHOWN = 5;

/** Checks what came of sign-ins: of a test, where one is named, and of the youngest through the connection. */
export function checkSignIns(read: Read): Outcome[] {
  return [...checkTest(read), ...checkCallbacks(read), ...checkLatest(read)];
}

function checkTest({ test }: Read): Outcome[] {
  if (test === undefined) return [];
  const check = 'test';
  if (test.status === 'SUCCESS') return [passed(check)];
  const { status, error, error_description } = test;
  if (error || status === 'FAILURE') {
    const seen = 'The test sign-in failed: `found` has the reason.';
    const to_do = 'Mend what the reason names, here or at the identity provider, then test again.';
    return [
      failed(check, { seen, found: { error, error_description }, to_do, next_tool: 'get_connection_test_result' }),
    ];
  }
  const seen = 'Nobody has finished the test sign-in.';
  return [unknown(check, { seen, found: status, to_do: 'Open test_connection_uri of the connection, and sign in.' })];
}

/** Undefined as a value too where the environment has no client. */
function checkCallbacks(read: Read): Outcome[] {
  if (!('uris' in read)) return [];
  if ((read.uris?.post_login_uris ?? []).length > 0) return [passed('callbacks')];
  const seen = 'The environment allows no callback URI: no login can return to the application.';
  return [
    failed('callbacks', { seen, to_do: 'Allow the callback URI of the application.', next_tool: 'add_redirect_uri' }),
  ];
}

function checkLatest({ connection, signIns, events }: Read): Outcome[] {
  if (signIns === undefined) return [];
  const check = 'sign_ins';
  const own = signIns.filter(({ connection_id: id }) => id === connection.id);
  const [latest] = own;
  if (latest === undefined) {
    const seen = 'None of the youngest sign-ins of the environment went through the connection.';
    return [unknown(check, { seen, to_do: 'Try it: a person opens test_connection_uri of the connection.' })];
  }
  if (latest.status === 'SUCCESS') return [passed(check)];
  const found = {
    latest: own.slice(0, MAX_SHOWN).map(({ timestamp, status }) => ({ timestamp, status })),
    reasons: reasonsIn(events),
  };
  const next_tool = 'list_auth_logs';
  if (latest.status === 'FAILED') {
    const seen = 'The youngest sign-in through the connection failed; `reasons` has what was told of it.';
    const to_do =
      'Compare certificate, client secret, redirect URI and audience with those at the identity provider: it was asked, and its answer was refused.';
    return [failed(check, { seen, found, to_do, next_tool })];
  }
  const seen = 'The youngest sign-in through the connection was begun and not finished.';
  const to_do =
    'If people are stuck at the identity provider, its redirect URI or the assignment of users is missing there.';
  return [warned(check, { seen, found, to_do, next_tool })];
}

function reasonsIn(events: Read['events']): string[] | undefined {
  const reasons = events.flatMap(({ data }) => {
    const reason = data?.['error_description'] ?? data?.['error'];
    return typeof reason === 'string' && reason !== '' ? [reason] : [];
  });
  return reasons.length === 0 ? undefined : [...new Set(reasons)].slice(0, MAX_SHOWN);
}
