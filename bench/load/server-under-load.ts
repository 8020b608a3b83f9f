import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measured, startProcess } from '../processes.ts';
import { BROKEN_ID } from './reads.ts';

/** How long the API takes for each answer: long enough for clients to disconnect during a call. */
const LATENCY_MS = 5;
/** An allowance that nobody uses up. */
export const PLENTY = 1_000_000_000;

/** What the log of the server says. */
export interface Said {
  requests: number;
  /** Requests whose client had disconnected. */
  closed: number;
  /** Lines about failures: statuses of 500 and more, errors, warnings. */
  readonly alarming: string[];
}

export interface UnderLoad {
  readonly server: Measured;
  readonly sandbox: Measured;
  readonly said: Said;
  readonly ledger: string;
  stop(): Promise<void>;
}

/**
 * Starts the built server in live mode on its own core, and the sandbox as its Scalekit in another process.
 * @param rateLimit the server's `RATE_LIMIT`
 */
export async function startUnderLoad(rateLimit: string): Promise<UnderLoad> {
  const sandbox = await startProcess('bench/sandbox.ts', {
    place: 'beside',
    env: { SANDBOX_BROKEN_ID: BROKEN_ID, SANDBOX_LATENCY_MS: String(LATENCY_MS) },
  });
  const said: Said = { requests: 0, closed: 0, alarming: [] };
  const ledger = join(mkdtempSync(join(tmpdir(), 'load-')), 'audit.jsonl');
  const server = await startProcess('dist/main.js', {
    preload: 'bench/watch.mjs',
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      SCALEKIT_ENV_URL: sandbox.url,
      SCALEKIT_API_URL: `${sandbox.url}/api/v1`,
      SCALEKIT_MCP_SERVER_ID: String(sandbox.ready['serverId']),
      RATE_LIMIT: rateLimit,
      AUDIT_LOG: ledger,
      // The file is never rotated, so that it has all records.
      AUDIT_FILE_BYTES: String(PLENTY),
    },
    onLine: (line) => listen(said, line),
  });
  const stop = async () => void (await Promise.all([server.stop(), sandbox.stop()]));
  return { server, sandbox, said, ledger, stop };
}

function listen(said: Said, line: string): void {
  const { event, level, status = 0, outcome } = JSON.parse(line);
  if (event === 'request') said.requests++;
  if (outcome === 'client_closed') said.closed++;
  // The only expected warnings are about the API that fails on purpose, and about an old Node.js.
  const isDue = level === 'warn' && (line.includes(BROKEN_ID) || event === 'old_node');
  if (status >= 500 || (level !== 'info' && !isDue)) said.alarming.push(line);
}
