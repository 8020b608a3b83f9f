import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { ledgerFolder, recordsIn } from '../../fixtures/ledger.ts';
import { callTool, rpc } from '../../fixtures/rpc.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();
const RATE_LIMIT = JSON.stringify({ default: { points: 20, seconds: 900 } });
/** They come some 30 in a second. */
const REQUESTS = 400;

verifies(
  'audit.flood',
  'a caller without scopes who is over its limit adds a few records, whatever it sends',
  async () => {
    const scalekit = await FakeScalekit.start();
    scalekit.serveApi((_request, response) => json(response, 200, { environments: [] }));
    const audit = { AUDIT_LOG: ledger.file(), AUDIT_FILE_BYTES: '10000', AUDIT_FILES_KEPT: '1' };
    const server = await running({ ...scalekit.env, ...audit, RATE_LIMIT });
    const url = `${server.url}/mcp`;
    const [victim, flooder] = await Promise.all([
      scalekit.mint({ claims: { sub: 'usr_victim' } }),
      scalekit.mint({ claims: { sub: 'usr_flooder', scope: '' } }),
    ]);
    expect((await callTool(url, 'modern', 'list_environments', {}, { token: victim })).status).toBe(200);
    const statuses: number[] = [];
    for (let sent = 0; sent < REQUESTS; sent += 50) {
      const batch = Array.from({ length: 50 }, () => rpc(url, 'legacy', 'ping', {}, { token: flooder }));
      statuses.push(...(await Promise.all(batch)).map(({ status }) => status));
    }
    const limited = statuses.filter((status) => status === 429).length;
    expect(limited).toBeGreaterThan(REQUESTS - 50);
    await server.stop();
    await scalekit.close();

    const records = ledger.files().flatMap((file) => recordsIn(readFileSync(file, 'utf8')));
    const of = (user: string) => records.filter(({ user_id: id }) => id === user);
    expect(of('usr_victim')).toMatchObject([{ event: 'mcp_tool_access', tool_name: 'list_environments' }]);
    const oneByOne = of('usr_flooder').filter(({ event }) => event === 'mcp_limit').length;
    const sums = of('usr_flooder').filter(({ event }) => event === 'mcp_refusals_summed');
    // A slow machine may need more than a minute for it.
    expect(of('usr_flooder').length).toBeLessThanOrEqual(11 * sums.length);
    expect(oneByOne + sums.reduce((all, { count }) => all + Number(count), 0)).toBe(limited);
  },
);
