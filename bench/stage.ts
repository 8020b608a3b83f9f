import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EraName } from '../tests/fixtures/rpc.ts';
import { answerFrom, type GivenAnswer, type Question } from './prepared-request.ts';
import { type Measured, startProcess } from './processes.ts';

/** Which server is measured: `live`, with the API in another process, or `canned`, with the API in its own process. */
type Role = 'live' | 'canned';

/** A request to measure, in one era. */
export interface Exercise {
  readonly name: string;
  readonly era: EraName;
  readonly role: Role;
  /** How long the API takes, in milliseconds. Unset: the API is not used. */
  readonly apiDelayMs?: number;
  readonly question: Question;
}

/** All servers and exercises of the measurements. */
export interface Stage {
  readonly upstream: Measured;
  readonly live: Measured;
  readonly canned: Measured;
  /** Servers that send the same bytes: one with `node:http`, one with a single route of Express. */
  readonly bare: Measured;
  readonly express: Measured;
  readonly exercises: readonly Exercise[];
  /** The answer to each exercise, in the same order. */
  readonly answers: readonly GivenAnswer[];
  stop(): Promise<void>;
}

/** The variables of a server in production that uses this upstream as Scalekit. */
export function liveEnvironment({ url, ready }: Measured): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: '0',
    SCALEKIT_ENV_URL: url,
    SCALEKIT_API_URL: `${url}/api/v1`,
    SCALEKIT_MCP_SERVER_ID: String(ready['serverId']),
    // One caller uses all the capacity of the server.
    RATE_LIMIT: 'off',
    AUDIT_LOG: '/dev/null',
  };
}

export async function setStage(): Promise<Stage> {
  const upstream = await startProcess('bench/upstream.mjs', { place: 'beside' });
  const env = liveEnvironment(upstream);
  const live = await startProcess('dist/main.js', { env, preload: 'bench/watch.mjs' });
  const canned = await startProcess('dist/main.js', { env, preload: 'bench/canned.mjs' });
  const exercises = exercisesWith(String(upstream.ready['token']), String(upstream.ready['weakToken']));
  const answers: GivenAnswer[] = [];
  for (const { role, question } of exercises) {
    answers.push(await answerFrom(`${(role === 'live' ? live : canned).url}/mcp`, question));
  }
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'answers.json');
  writeFileSync(file, JSON.stringify(answers));
  const bare = await startProcess('bench/bare-node.mjs', { env: { ANSWERS_FILE: file } });
  const express = await startProcess('bench/bare-express.mjs', {
    env: { ANSWERS_FILE: file, NODE_ENV: 'production' },
  });
  const all = [upstream, live, canned, bare, express];
  const stop = async () => void (await Promise.all(all.map((server) => server.stop())));
  return { upstream, live, canned, bare, express, exercises, answers, stop };
}

const CALL = {
  method: 'tools/call',
  params: { name: 'list_organizations', arguments: { environmentId: 'env_1' } },
} as const;

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

function exercisesWith(token: string, weakToken: string): Exercise[] {
  return (['modern', 'legacy'] as const).flatMap((era) => {
    const ask = (method: string, params: Record<string, unknown>, credential: string | undefined = token) => ({
      era,
      role: 'live' as const,
      question: { era, method, params, token: credential },
    });
    const call = ask(CALL.method, CALL.params);
    const begin = era === 'modern' ? ask('server/discover', {}) : ask('initialize', INITIALIZE);
    return [
      { name: era === 'modern' ? 'discover' : 'initialize', ...begin },
      { name: 'tools/list', ...ask('tools/list', {}) },
      { name: 'call, API in process', ...call, role: 'canned' as const },
      { name: 'call, API 0 ms', ...call, apiDelayMs: 0 },
      { name: 'call, API 20 ms', ...call, apiDelayMs: 20 },
      { name: '401', ...ask(CALL.method, CALL.params), question: { era, ...CALL, token: undefined } },
      { name: '403, step-up', ...ask(CALL.method, CALL.params, weakToken) },
    ];
  });
}
