import { z } from 'zod';

/** Clients that stumble over the same. */
const Broken = z.object({
  group: z.string(),
  who: z.string(),
  clients: z.array(z.string()).describe('Those that were seen to; others may as well'),
  source: z.string().describe('The rule that they go by, or where it was seen'),
});
export type Broken = z.output<typeof Broken>;

/** What a check found that did not pass. */
export const Finding = z.object({
  check: z.string(),
  state: z.enum(['fail', 'warn', 'not_known']).describe('warn: breaks some clients, or may'),
  seen: z.string(),
  found: z.unknown().optional().describe('What stood there, cut'),
  breaks: z.array(Broken).optional().describe('Which clients, or what'),
  to_do: z.string().optional(),
  next_tool: z.string().optional(),
});
export type Finding = z.output<typeof Finding>;

/** What an MCP server is to publish, to the byte. */
export const Publish = z.object({
  at: z.string(),
  document: z.record(z.string(), z.unknown()).optional().describe('As application/json, for every origin'),
  header: z.string().describe('With every 401'),
});
export type Publish = z.output<typeof Publish>;

/** The outcome of a check: its finding, or its name alone when it passed. */
export type Outcome = Finding | { readonly check: string; readonly state: 'pass' };

type Facts = Omit<Finding, 'check' | 'state'>;

export function passed(check: string): Outcome {
  return { check, state: 'pass' };
}

export function failed(check: string, facts: Facts): Outcome {
  return outcome(check, 'fail', facts);
}

export function warned(check: string, facts: Facts): Outcome {
  return outcome(check, 'warn', facts);
}

export function unknown(check: string, facts: Facts): Outcome {
  return outcome(check, 'not_known', facts);
}

function outcome(check: string, state: Finding['state'], { found, ...facts }: Facts): Outcome {
  return { check, state, ...facts, ...(found !== undefined && { found: excerpt(found) }) };
}

/** Whether no check failed. Some may still warn, or not be known. */
export function isHealthy(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ state }) => state !== 'fail');
}

/** Findings, the gravest first, and the names of the checks that passed. */
export function sortOutcomes(outcomes: readonly Outcome[]): { findings: Finding[]; passed: string[] } {
  const findings = outcomes.filter((one): one is Finding => one.state !== 'pass');
  const order: readonly Finding['state'][] = ['fail', 'warn', 'not_known'];
  return {
    findings: order.flatMap((state) => findings.filter((finding) => finding.state === state)),
    passed: outcomes.filter(({ state }) => state === 'pass').map(({ check }) => check),
  };
}

const MAX_TEXT = 200;
const MAX_ENTRIES = 12;
const MAX_DEPTH = 3;

/** The beginning of a value of strangers: short texts, the first entries, not deep. */
function excerpt(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => excerpt(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([name, entry]) => [excerpt(name), excerpt(entry, depth + 1)]));
}
