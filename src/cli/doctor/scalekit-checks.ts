import type { ScalekitConfig } from '../../config/scalekit.ts';
import { checkUp } from '../../scalekit/checkup.ts';
import type { Finding } from '../../scalekit/watch.ts';
import { type Check, checksOf } from './check.ts';

const { pass, warn, fail, unknown } = checksOf('scalekit');

/** By so much clocks differ before tokens are refused as expired or not valid yet. */
const CLOCK_MS = { warn: 15_000, fail: 60_000 } as const;

/** What a server with these settings needs of Scalekit. */
export async function checkScalekit(config: ScalekitConfig): Promise<readonly Check[]> {
  const { environmentUrl, mode, authorizationServers } = config;
  const { keys, api, metadata, client, clockAheadMs } = await checkUp(config);
  const checks = [
    keys === undefined
      ? fail(
          'keys',
          `The keys of ${environmentUrl}, with which tokens are checked, cannot be downloaded.`,
          'Correct SCALEKIT_ENV_URL, or let this machine reach it: DNS, HTTPS_PROXY, firewall.',
        )
      : pass('keys', `${environmentUrl} has ${keys} with which tokens are checked.`),
    found('api', api, `The management API answers at ${mode.kind === 'workspace' ? mode.apiUrl : environmentUrl}.`),
    found('authorization_server', metadata, `People sign in at ${authorizationServers.join(', ')}.`),
    checkClock(clockAheadMs),
  ];
  if (client !== 'none') checks.push(found('client_secret', client, 'Scalekit accepts the client id and secret.'));
  return checks;
}

function found(check: string, finding: Finding | undefined, good: string): Check {
  if (finding === undefined) return unknown(check, 'Scalekit is away or busy, so that this cannot be told now.');
  const { problem } = finding;
  if (problem === undefined) return pass(check, good);
  const { notice } = problem;
  const [seen, to_do = 'Look at https://status.scalekit.com, then try again.'] = splitSentence(notice);
  return fail(check, seen, to_do);
}

/** The first sentence says what is wrong, the others what to do. */
function splitSentence(notice: string): readonly [string, string?] {
  const end = notice.indexOf('. ');
  return end === -1 ? [notice] : [notice.slice(0, end + 1), notice.slice(end + 2)];
}

function checkClock(aheadMs: number | undefined): Check {
  if (aheadMs === undefined) return unknown('clock', 'The environment did not say what time it is.');
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const off = Math.abs(aheadMs);
  if (off < CLOCK_MS.warn) return pass('clock', 'The clock is right, as far as that matters for tokens.');
  const seen = `The clock of this machine is ${seconds} s ${aheadMs > 0 ? 'ahead' : 'behind'}: tokens count as ${aheadMs > 0 ? 'expired too early' : 'not valid yet'}.`;
  const to_do = 'Switch time synchronization (NTP) on.';
  return off < CLOCK_MS.fail ? warn('clock', seen, to_do) : fail('clock', seen, to_do);
}
