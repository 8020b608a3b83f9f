import type { Outcome } from '../../diagnosis/finding.ts';
import { examineMcpServer } from '../../diagnosis/mcp-server/diagnose.ts';
import { shownUrl, whyBadUrl } from '../../install/server-url.ts';
import type { AskExternal } from './asking-servers.ts';
import { type Check, checksOf } from './check.ts';

const { pass, fail } = checksOf('server');

/** Whether clients can sign in at a server: what the tool `diagnose_mcp_server` finds, without its registration. */
export async function checkServer(url: string, ask: AskExternal): Promise<readonly Check[]> {
  const why = whyBadUrl(url);
  if (why !== undefined) return [fail('url', why, 'Give the address that people type into their clients.')];
  const { outcomes } = await examineMcpServer(ask, url);
  const good = outcomes.filter(({ state }) => state === 'pass').map(({ check }) => check);
  const checks = outcomes.flatMap((outcome) => (outcome.state === 'pass' ? [] : [checkOf(outcome)]));
  return [
    ...checks,
    ...(good.length === 0 ? [] : [pass('as_clients_see_it', `${shownUrl(url)}: ${good.join(', ')}.`)]),
  ];
}

function checkOf({ check, state, seen, breaks, to_do }: Exclude<Outcome, { readonly state: 'pass' }>): Check {
  const who = breaks === undefined ? '' : ` This breaks ${breaks.map((whom) => whom.who).join('; ')}.`;
  return { area: 'server', check, state, seen: seen + who, ...(to_do !== undefined && { to_do }) };
}
