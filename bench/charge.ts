import { parseConfig } from '../src/config/config.ts';
import { UNSERVED } from '../src/limits/budgets.ts';
import { memoryCounter } from '../src/limits/counter.ts';
import { FairShare } from '../src/limits/fair-share.ts';
import { createLimits } from '../src/limits/limits.ts';

const TIMES = 200_000;
const CALLERS = 1_000;

/** CPU that counting one message of one of many people costs, in microseconds. */
export async function chargeMicroseconds(): Promise<number> {
  const { rates } = createLimits(
    parseConfig({}).limits,
    { newCounter: (_name, allowance) => memoryCounter(allowance), fairShare: new FairShare() },
    [],
  );
  const callers = Array.from({ length: CALLERS }, (_, i) => ({
    person: `person-${i}`,
    clientId: 'm2m_1',
    grant: { raw: [], scopes: new Set<string>(), tools: new Set<string>() },
  }));
  for (const caller of callers) await rates.charge(caller, UNSERVED);
  const before = process.cpuUsage();
  for (let i = 0; i < TIMES; i++) {
    const caller = callers[i % CALLERS];
    if (caller !== undefined && rates.over(caller, UNSERVED.budget) === undefined) await rates.charge(caller, UNSERVED);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}
