import { setTimeout as pause } from 'node:timers/promises';
import { PERSON_IDS } from '../../src/sandbox/data/ids.ts';
import { machineToken } from '../../tests/fixtures/machine-token.ts';
import { Client } from '../../tests/http/sandbox/browser.ts';
import { type Goal, goalRow, isMet } from '../goals.ts';
import { Connection } from '../load/connection.ts';
import { message } from '../load/message.ts';
import { MemoryObserver } from '../load/observer.ts';
import { startProcess } from '../processes.ts';
import { type Row, rounded, tableOf } from '../table.ts';
import { type Attack, attack, attacks } from './attacks.ts';
import { controlGroup } from './control-group.ts';

// Attacks the built server as one signed-in person with two clients, while another caller works. The server has the
// memory of a container of deploy/, enforced by the kernel. Needs Linux, root, and npm run build before it.

const LIMIT_MB = 512;
const RESIDENT_MB = 350;
/** How long each attack goes on. */
const ATTACK_MS = 10_000;
/** How long the attacker itself may be refused afterwards. */
const RECOVERY_MS = 30_000;
const BETWEEN_ASKING_MS = 100;
/** How long lists of organizations are, just below what is read of an answer. */
const LONG_LIST_BYTES = 3_900_000;

const group = controlGroup(LIMIT_MB * 1024 ** 2);
const sandbox = await startProcess('bench/sandbox.ts', {
  place: 'anywhere',
  env: { SANDBOX_LIST_BYTES: String(LONG_LIST_BYTES) },
});
const server = await startProcess('dist/main.js', {
  place: 'anywhere',
  through: group.enter,
  env: {
    NODE_ENV: 'production',
    PORT: '0',
    SCALEKIT_ENV_URL: sandbox.url,
    SCALEKIT_API_URL: `${sandbox.url}/api/v1`,
    SCALEKIT_MCP_SERVER_ID: String(sandbox.ready['serverId']),
    AGENT_TOOL_EXECUTION: 'on',
    // An attacker has as many points as it takes: what bounds memory must not be the rate.
    RATE_LIMIT: 'off',
    AUDIT_LOG: 'off',
  },
});
const endpoint = `${server.url}/mcp`;

async function attackersToken(): Promise<string> {
  const client = await Client.register({ url: sandbox.url, serverId: String(sandbox.ready['serverId']) });
  const parameters = {
    resource: 'http://localhost/mcp',
    scope: 'environment:read environment:write organization:read',
  };
  return (await client.authorize(parameters, { person: PERSON_IDS.admin })).access_token;
}

/** Asks for something, and says whether it was answered as it should be. */
async function isServed(connection: Connection, token: string): Promise<boolean> {
  const call = message('modern', token, 'tools/call', { name: 'list_environments', arguments: {} });
  const answer = await connection.send(call).catch(() => undefined);
  return answer?.status === 200 && answer.text.includes('"isError"') === false;
}

/** Carries out one attack; the row says what came of it. */
async function endure(
  each: Attack,
  tokens: readonly string[],
  honest: string,
): Promise<Row & { readonly peak: number }> {
  const memory = new MemoryObserver(server);
  const connection = new Connection(endpoint);
  const attacking = await attack(endpoint, each, tokens);
  let [served, refused] = [0, 0];
  for (const end = performance.now() + ATTACK_MS; performance.now() < end; await pause(BETWEEN_ASKING_MS)) {
    if (await isServed(connection, honest)) served++;
    else refused++;
  }
  attacking.end();
  let recovered = false;
  for (const end = performance.now() + RECOVERY_MS; !recovered && performance.now() < end; ) {
    recovered = await isServed(connection, tokens[0] ?? '');
    if (!recovered) await pause(BETWEEN_ASKING_MS);
  }
  const peak = memory.peak;
  memory.stop();
  connection.close();
  const row = { attack: each.name, 'peak MB': rounded(peak), served, refused, recovered: recovered ? 'yes' : 'no' };
  console.log(tableOf([row]).split('\n')[1]);
  return { ...row, peak };
}

const tokens = [await attackersToken(), await attackersToken()];
const honest = await machineToken(sandbox.url);
if (!(await isServed(new Connection(endpoint), honest))) throw new Error('It does not serve even without an attack.');
console.log(`Attacks on ${endpoint}, which has ${LIMIT_MB} MiB, of ${ATTACK_MS / 1000} s each.`);
const rows = [];
for (const each of attacks) rows.push(await endure(each, tokens, honest));
console.log(`\n${tableOf(rows.map(({ peak: _, ...row }) => row))}\n`);
const goals: Goal[] = [
  {
    name: 'resident memory, at its peak',
    atMost: RESIDENT_MB,
    unit: 'MB',
    measured: Math.max(...rows.map((row) => row.peak)),
  },
  { name: 'calls of another caller that were not served', atMost: 0, measured: sum(rows, 'refused') },
  { name: 'calls of another caller that were served', atLeast: rows.length, measured: sum(rows, 'served') },
  {
    name: 'attacks after which the attacker is not served',
    atMost: 0,
    measured: rows.filter((row) => row['recovered'] === 'no').length,
  },
  { name: 'kills by the kernel', atMost: 0, measured: group.kills() },
];
console.log(tableOf(goals.map(goalRow)));
await Promise.all([server.stop(), sandbox.stop()]);
group.remove();
process.exitCode = goals.every(isMet) ? 0 : 1;

function sum(of: readonly Row[], column: string): number {
  return of.reduce((total, row) => total + Number(row[column]), 0);
}
