import { expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import { budgetOf } from '../../../src/limits/budgets.ts';
import { memoryCounter } from '../../../src/limits/counter.ts';
import { FairShare } from '../../../src/limits/fair-share.ts';
import { createLimits } from '../../../src/limits/limits.ts';
import { verifies } from '../../verifies.ts';

const newcomer = () => ({
  person: 'anna',
  clientId: 'm2m_1',
  grant: { raw: [], scopes: new Set<string>(), tools: new Set<string>() },
});

/** Charges so many messages of each of these methods by default, in turn, and counts those that are refused. */
async function refused(times: number, messages: readonly { method: string; id?: number }[]): Promise<number> {
  const { rates } = createLimits(
    parseConfig({}).limits,
    { newCounter: (_name, allowance) => memoryCounter(allowance), fairShare: new FairShare() },
    [],
  );
  const caller = newcomer();
  let count = 0;
  for (let i = 0; i < times; i++) {
    for (const message of messages) {
      const budget = budgetOf(message);
      if (budget === undefined) continue;
      const standing = rates.over(caller, budget) ?? (await rates.charge(caller, { budget, points: 1 }));
      if (standing?.wait !== undefined) count++;
    }
  }
  return count;
}

const read = { method: 'tools/call', id: 1 };
const list = { method: 'tools/list', id: 1 };
const initialize = { method: 'initialize', id: 1 };
const initialized = { method: 'notifications/initialized' };

verifies('limits.talk', 'leaves 1000 reads with a connection and a list each by default, and no 1001st', async () => {
  expect(await refused(1000, [initialize, initialized, read, list])).toBe(0);
  expect(await refused(1001, [initialize, initialized, read, list])).toBe(3);
  expect(await refused(1001, [list])).toBe(1);
  expect(await refused(2000, [initialized])).toBe(0);
});

verifies('limits.talk', 'is what connects and what lists; a call without an id is none', () => {
  const budgets = (methods: readonly string[], id?: number) =>
    methods.map((method) => budgetOf({ method, ...(id !== undefined && { id }) }));
  expect(budgets(['initialize', 'server/discover', 'ping', 'subscriptions/listen'], 1)).toEqual(
    Array(4).fill('connections'),
  );
  expect(budgets(['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])).toEqual(
    Array(4).fill('lists'),
  );
  expect(budgets(['tools/call', 'resources/read', 'prompts/get', 'notifications', 'no/such', ''])).toEqual(
    Array(6).fill('work'),
  );
  expect(budgets(['notifications/initialized', 'notifications/no-such'])).toEqual([undefined, undefined]);
  expect(budgets(['notifications/initialized'], 0)).toEqual(['work']);
});
