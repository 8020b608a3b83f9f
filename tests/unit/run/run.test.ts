import { afterAll, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import { authorize } from '../../../src/access/authorize.ts';
import { observeDecision } from '../../../src/access/decision-facts.ts';
import { EVERYTHING, type Selection } from '../../../src/access/selection.ts';
import { narrow } from '../../../src/access/surface.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { ToolError } from '../../../src/core/errors.ts';
import type { Result } from '../../../src/core/result.ts';
import { also, sentence } from '../../../src/core/sentence.ts';
import { toolset } from '../../../src/core/toolset.ts';
import { NO_DOCUMENTATION } from '../../../src/knowledge/off.ts';
import { openAudit } from '../../../src/observability/audit/ledger.ts';
import type { Log } from '../../../src/observability/log/log.ts';
import { NO_METRICS } from '../../../src/observability/metrics/metrics.ts';
import { Observation } from '../../../src/observability/observation.ts';
import type { RequestFacts } from '../../../src/observability/request-facts.ts';
import { External } from '../../../src/outgoing/external.ts';
import { Confirmations } from '../../../src/run/confirmation.ts';
import { run } from '../../../src/run/run.ts';
import { connectScalekit } from '../../../src/scalekit/scalekit.ts';
import { MemoryConfirmationStore } from '../../../src/shared/confirmation-store.ts';
import { SILENT } from '../../fixtures/silent-log.ts';
import { verifies } from '../../verifies.ts';

/** With what the tools were run. */
let ran: unknown[];
let previewed: unknown[];
/** What the preview reads, and what the tools answer. */
let shown: unknown;
let answer: () => unknown;

const thing = {
  description: 'D',
  input: { thingId: z.string(), note: z.string().optional() },
  output: { deleted_id: z.string() },
  does: ({ thingId, note }: { thingId: string; note?: string | undefined }) =>
    sentence`Change the thing ${thingId}${also({ note })}.`,
  run: (args: object) => {
    ran.push(args);
    return answer();
  },
};
const lost = {
  shows: { thing: z.object({ name: z.string(), last_used_at: z.string().optional() }) },
  stopsWorking: 'Whatever needs the thing.',
  show: (args: object) => {
    previewed.push(args);
    if (shown instanceof Error) throw shown;
    return shown;
  },
};
const { tools } = toolset('things', { area: 'environment' }, (t) => [
  t.destroy('delete_thing', { ...thing, ...lost }),
  t.overwrite('change_thing', thing),
  t.add('whole_workspace', {
    description: 'D',
    does: () => sentence`Act on it.`,
    place: 'workspace',
    scope: null,
    repeatable: true,
    output: {},
    run: (_args, { progress, caller, signal }) => {
      progress({ progress: 1, total: 2 });
      progress({ progress: 2, message: `one\u200b of ${mira.bearer()}` });
      ran.push({ subject: caller.subject, aborted: signal.aborted });
      return {};
    },
  }),
  t.destroy('delete_other', { ...thing, ...lost }),
  t.destroy('end_sessions', {
    ...thing,
    ...lost,
    shows: { ...lost.shows, sessions: z.array(z.string()) },
    comesAndGoes: ['sessions'],
  }),
]);

const mira: Caller = {
  key: 'mira',
  person: 'mira',
  subject: 'usr_1',
  clientId: 'm2m_1',
  organizationId: 'org_1',
  grant: parseGrant(['environment:write']),
  expiresAt: new Date(0),
  bearer: () => 'the-token-of-mira',
};

const ledger: string[] = [];
const config = parseConfig({}).audit;
const whole = await openAudit({
  config,
  stderr: (bytes, done) => {
    ledger.push(bytes.toString());
    setImmediate(done, null, bytes.length);
  },
  log: SILENT,
});
/** A ledger on a full disk. */
const broken = await openAudit({
  config,
  stderr: (_bytes, done) => {
    setImmediate(done, Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }), 0);
  },
  log: SILENT,
});

/** What the last call has told of itself while it ran. */
let news: unknown[];
/** What is known of the last call, and what its defects leave in the log. */
let record: RequestFacts;
let logged: Record<string, unknown>[];
const log: Log = {
  ...SILENT,
  error: (event, facts) => logged.push({ event, ...facts }),
  warn: (event, facts) => logged.push({ event, ...facts }),
};
const scalekit = connectScalekit({
  config: {
    environmentUrl: 'https://acme.scalekit.dev',
    mode: { kind: 'workspace', apiUrl: 'https://api.acme.scalekit.dev/api/v1' },
  },
  timeoutMs: 1_000,
  log: SILENT,
});
afterAll(() => scalekit.close());

function runner(
  mode: 'workspace' | 'environment' = 'workspace',
  selection: Selection = EVERYTHING,
  store = new MemoryConfirmationStore(),
  environmentUrl = 'https://acme.scalekit.dev',
) {
  const realm = {
    mode,
    scopeSpelling: 'long',
    environmentUrl,
    origin: '',
    admission: { subjects: undefined, clients: undefined, organizations: undefined },
  } as const;
  const surface = narrow(tools, realm, { optIns: [] }, selection);
  const services = {
    scalekit,
    confirmations: new Confirmations(store),
    documentation: NO_DOCUMENTATION,
    external: new External({ allowLoopback: false }),
    patientTimeoutMs: 60_000,
    resultBudget: 10_000,
    log,
  };
  return async (name: string, args: Record<string, unknown>, caller = mira, audit = whole): Promise<Result> => {
    const decision = authorize(caller, surface, { method: 'tools/call', params: { name, arguments: args } });
    if (decision.kind !== 'call') throw new Error(`${name} was not authorized.`);
    const observation = observationFor(audit);
    observeDecision(observation, caller, decision, SILENT);
    const { signal } = new AbortController();
    return run(decision.call, services, { observation, signal, progress: (step) => news.push(step) });
  };
}

/** What is observed of a call; its record is that of the last call. */
function observationFor(audit: typeof whole): Observation {
  const metrics = {
    ...NO_METRICS,
    requestEnded: (ended: RequestFacts) => {
      record = ended;
    },
  };
  const observers = { log: SILENT, audit, metrics, clean: (text: string) => text };
  return new Observation('request-1', { address: '127.0.0.1', userAgent: undefined }, observers);
}

const THING = { environmentId: 'env_1', thingId: 'thing_1' };

/** The confirmation that a preview carries. */
function confirmationIn(result: Result): string {
  if (result.kind !== 'preview') throw new Error(`No preview but ${JSON.stringify(result)}`);
  return result.error.confirmation;
}

beforeEach(() => {
  ran = [];
  previewed = [];
  shown = { thing: { name: 'Pilot boat', secret: 'x' }, more: 1 };
  answer = () => ({ deleted_id: 'thing_1' });
  ledger.length = 0;
  logged = [];
  news = [];
});

describe('what destroys', () => {
  verifies('confirm.preview', 'shows what would be lost at first, and changes nothing', async () => {
    expect(await runner()('delete_thing', THING)).toEqual({
      kind: 'preview',
      error: {
        action: 'Change the thing "thing_1".',
        code: 'confirmation_required',
        message: expect.stringContaining('Nothing has been changed yet'),
        retryable: false,
        preview: { thing: { name: 'Pilot boat' }, stops_working: 'Whatever needs the thing.' },
        confirmation: expect.stringMatching(/^[\w-]{40,}$/),
        confirmationExpiresAt: expect.any(String),
        requestId: 'request-1',
      },
    });
    expect(previewed).toEqual([{ thingId: 'thing_1' }]);
    expect(ran).toEqual([]);
    expect(ledger).toEqual([]);
    expect(record).toMatchObject({ outcome: 'confirmation_required', details: { environment: 'env_1' } });
    expect(logged).toEqual([]);
  });

  verifies('confirm.once', 'acts on the confirmation, which the tool does not see, and on each but once', async () => {
    const call = runner();
    const confirmation = confirmationIn(await call('delete_thing', THING));
    expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({
      kind: 'success',
      data: { deleted_id: 'thing_1' },
    });
    expect(ran).toEqual([{ thingId: 'thing_1' }]);
    expect(ledger.join('')).toContain('mcp_tool_intent');
    expect(record.outcome).toBe('ok');
    expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({
      kind: 'failure',
      error: { code: 'confirmation_invalid', field: 'confirmation' },
    });
    expect(ran).toHaveLength(1);
    // Before the confirmation and after it. What was used before is refused without reading anything.
    expect(previewed).toHaveLength(2);
  });

  verifies('confirm.allowance', 'is confirmed a thousand times at most by one person, whichever clients', async () => {
    const call = runner();
    const confirm = async (caller: Caller) => {
      const confirmation = confirmationIn(await call('delete_thing', THING, caller));
      return call('delete_thing', { ...THING, confirmation }, caller);
    };
    const desktop = { ...mira, key: 'mira, desktop', clientId: 'm2m_2' };
    for (let i = 0; i < 500; i++) for (const client of [mira, desktop]) await confirm(client);
    expect(ran).toHaveLength(1_000);
    for (const client of [mira, desktop, { ...desktop, key: 'mira, phone' }]) {
      expect(await confirm(client)).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 600_000 } });
    }
    expect(await confirm({ ...mira, key: 'jonas', person: 'jonas' })).toMatchObject({ kind: 'success' });
  });

  verifies('confirm.shown', 'acts although those concerned go on making what is taken from them anyway', async () => {
    const call = runner();
    shown = { thing: { name: 'Pilot boat' }, sessions: ['first'] };
    const confirmation = confirmationIn(await call('end_sessions', THING));
    shown = { thing: { name: 'Pilot boat' }, sessions: ['first', 'second'] };
    expect(await call('end_sessions', { ...THING, confirmation })).toMatchObject({ kind: 'success' });
    const again = confirmationIn(await call('end_sessions', THING));
    shown = { thing: { name: 'Production boat' }, sessions: ['first', 'second'] };
    expect(await call('end_sessions', { ...THING, confirmation: again })).toMatchObject({ kind: 'preview' });
  });

  verifies('confirm.shown', 'does not act on what has changed since, and shows it as it is now', async () => {
    const call = runner();
    const confirmation = confirmationIn(await call('delete_thing', THING));
    shown = { thing: { name: 'Production boat' } };
    const changed = await call('delete_thing', { ...THING, confirmation });
    expect(changed).toMatchObject({
      kind: 'preview',
      error: {
        code: 'confirmation_invalid',
        message: expect.stringContaining('not what is there now'),
        field: 'confirmation',
        retryable: false,
        preview: { thing: { name: 'Production boat' } },
        confirmationExpiresAt: expect.any(String),
      },
    });
    expect([ran, record.outcome, record.details.confirmed]).toEqual([[], 'confirmation_invalid', undefined]);
    expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({
      error: { code: 'confirmation_invalid', message: expect.stringContaining('used before') },
    });
    expect(ran).toEqual([]);
    const again = { ...THING, confirmation: confirmationIn(changed) };
    expect(await call('delete_thing', again)).toMatchObject({ kind: 'success' });
    expect([ran, record.details.confirmed]).toEqual([[{ thingId: 'thing_1' }], true]);
  });

  verifies('confirm.shown', 'acts although times moved that nobody changed', async () => {
    const call = runner();
    for (const [before, after] of [
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'],
      [undefined, '2026-01-01T00:00:00Z'],
    ]) {
      shown = { thing: { name: 'Pilot boat', last_used_at: before } };
      const confirmation = confirmationIn(await call('delete_thing', THING));
      shown = { thing: { name: 'Pilot boat', last_used_at: after } };
      expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({ kind: 'success' });
    }
    expect(ran).toHaveLength(2);
  });

  verifies(
    'confirm.shown',
    'does not act on what cannot be shown once more, and needs a new confirmation',
    async () => {
      const call = runner();
      for (const [cannot, code] of [
        [new ToolError('upstream_unavailable', 'Scalekit is away.'), 'upstream_unavailable'],
        [new ToolError('not_found', 'There is none.'), 'not_found'],
        [{ thing: 7 }, 'unexpected_response'],
      ] as const) {
        shown = { thing: { name: 'Pilot boat' } };
        const confirmation = confirmationIn(await call('delete_thing', THING));
        shown = cannot;
        expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({
          kind: 'failure',
          error: { code, retryable: false, message: expect.stringContaining('The confirmation is used up') },
        });
      }
      expect(ran).toEqual([]);
    },
  );

  verifies.each<[string, Record<string, unknown>, { tool?: string; caller?: Partial<Caller> }]>('confirm.bound', [
    ['another argument', { thingId: 'thing_2' }, {}],
    ['one argument more', { note: '' }, {}],
    ['another environment', { environmentId: 'env_2' }, {}],
    ['another tool', {}, { tool: 'delete_other' }],
    ['another caller', {}, { caller: { key: 'jonas' } }],
    ['another confirmation', { confirmation: 'yes' }, {}],
    ['an empty confirmation', { confirmation: '' }, {}],
  ])('does not act on a confirmation with %s', async (_name, args, { tool = 'delete_thing', caller }) => {
    const call = runner();
    const confirmation = confirmationIn(await call('delete_thing', THING));
    const refused = await call(tool, { ...THING, confirmation, ...args }, { ...mira, ...caller });
    expect(refused.kind).toBe('failure');
    expect(ran).toEqual([]);
    expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({ kind: 'success' });
  });

  verifies('confirm.preview', 'hides nothing of what is there because the call names it a secret', async () => {
    const note = JSON.stringify({ api_key: 'Pilot boat', password: 'the-token-of-mira' });
    shown = { thing: { name: 'Pilot boat of the-token-of-mira' } };
    const result = await runner()('delete_thing', { ...THING, note });
    expect(result).toMatchObject({ error: { preview: { thing: { name: 'Pilot boat of [redacted]' } } } });
  });

  verifies.each('confirm.preview', [[true], [1], [null], [['yes']]])(
    'takes no confirmation but a text: %j',
    async (value) => {
      expect(await runner()('delete_thing', { ...THING, confirmation: value })).toMatchObject({
        kind: 'failure',
        error: { code: 'invalid_arguments', field: 'confirmation' },
      });
      expect([ran, previewed]).toEqual([[], []]);
    },
  );

  verifies(
    ['confirm.preview', 'wire.output-checked'],
    'is not confirmed by what could not be shown, nor by what has no known form',
    async () => {
      const call = runner();
      for (const [cannot, code] of [
        [new ToolError('not_found', 'There is none.'), 'not_found'],
        [{ thing: 7 }, 'unexpected_response'],
        [undefined, 'unexpected_response'],
        [new TypeError('defect'), 'internal_error'],
      ] as const) {
        shown = cannot;
        const result = await call('delete_thing', THING);
        expect(result).toMatchObject({ kind: 'failure', error: { code } });
        expect(JSON.stringify(result)).not.toMatch(/"confirmation|may have been carried out/);
      }
      expect(ran).toEqual([]);
    },
  );

  verifies(
    ['confirm.bound', 'tools.environment-mode'],
    'is bound to the only environment where there is one, which is no argument',
    async () => {
      const call = runner('environment');
      expect(await call('delete_thing', THING)).toMatchObject({
        kind: 'failure',
        error: { code: 'invalid_arguments' },
      });
      const confirmation = confirmationIn(await call('delete_thing', { thingId: 'thing_1' }));
      expect(await call('delete_thing', { thingId: 'thing_1', confirmation })).toMatchObject({ kind: 'success' });
      expect(ran).toEqual([{ thingId: 'thing_1' }]);
      expect(record.details.environment).toBe('https://acme.scalekit.dev');
    },
  );

  verifies(
    ['confirm.bound', 'tools.narrowed'],
    'is bound to the environment of its selection, which no argument names',
    async () => {
      const store = new MemoryConfirmationStore();
      const one = runner('workspace', { environment: 'env_1' }, store);
      const two = runner('workspace', { environment: 'env_2' }, store);
      const confirmation = confirmationIn(await one('delete_thing', { thingId: 'thing_1' }));
      expect(record.details.environment).toBe('env_1');
      for (const [call, args] of [
        [two, { thingId: 'thing_1', confirmation }],
        [runner('workspace', EVERYTHING, store), { ...THING, environmentId: 'env_2', confirmation }],
        [runner('environment', EVERYTHING, store), { thingId: 'thing_1', confirmation }],
      ] as const) {
        expect(await call('delete_thing', args)).toMatchObject({ error: { code: 'confirmation_invalid' } });
      }
      expect(await one('delete_thing', { ...THING, confirmation })).toMatchObject({
        error: { code: 'invalid_arguments', field: 'environmentId' },
      });
      expect(ran).toEqual([]);
      expect(await one('delete_thing', { thingId: 'thing_1', confirmation })).toMatchObject({ kind: 'success' });
    },
  );

  verifies(['confirm.bound', 'tools.environment-mode'], 'is bound to the one environment of its server', async () => {
    const store = new MemoryConfirmationStore();
    const [here, there] = ['https://acme.scalekit.dev', 'https://other.scalekit.dev'].map((environmentUrl) =>
      runner('environment', EVERYTHING, store, environmentUrl),
    );
    const confirmation = confirmationIn((await here?.('delete_thing', { thingId: 'thing_1' })) as Result);
    expect(await there?.('delete_thing', { thingId: 'thing_1', confirmation })).toMatchObject({
      error: { code: 'confirmation_invalid' },
    });
    expect(await here?.('delete_thing', { thingId: 'thing_1', confirmation })).toMatchObject({ kind: 'success' });
  });

  verifies(
    ['audit.required', 'audit.intent'],
    'is shown but not done while it cannot be put on record, and keeps its confirmation for then',
    async () => {
      const call = runner();
      const confirmation = confirmationIn(await call('delete_thing', THING, mira, broken));
      expect(await call('delete_thing', { ...THING, confirmation }, mira, broken)).toEqual({
        kind: 'failure',
        error: {
          code: 'audit_unavailable',
          message: expect.stringMatching(/^Nothing was changed/),
          retryable: true,
          retryAfterMs: 1_000,
          requestId: 'request-1',
        },
      });
      expect(ran).toEqual([]);
      expect(await call('delete_thing', { ...THING, confirmation })).toMatchObject({ kind: 'success' });
    },
  );

  verifies('confirm.once', 'must not be repeated when it fails, whatever it failed of', async () => {
    const call = runner();
    const confirmed = async () => {
      const confirmation = confirmationIn(await call('delete_thing', THING));
      return call('delete_thing', { ...THING, confirmation });
    };
    answer = () => {
      throw new ToolError('upstream_unavailable', 'Scalekit is away.');
    };
    expect(await confirmed()).toMatchObject({
      kind: 'failure',
      error: {
        code: 'upstream_unavailable',
        message: expect.stringMatching(/^Scalekit is away\. The confirmation is used up/),
        retryable: false,
      },
    });
    answer = () => Promise.reject(new TypeError('defect'));
    expect(await confirmed()).toMatchObject({ kind: 'failure', error: { code: 'internal_error', retryable: false } });
    answer = () => ({ deleted: true });
    expect(await confirmed()).toMatchObject({
      kind: 'failure',
      error: { code: 'unexpected_response', message: expect.stringContaining('may have been carried out') },
    });
  });
});

describe('what does not destroy', () => {
  verifies('confirm.preview', 'runs without a confirmation, and takes none', async () => {
    const call = runner();
    expect(await call('change_thing', THING)).toMatchObject({ kind: 'success' });
    expect(await call('change_thing', { ...THING, confirmation: 'yes' })).toMatchObject({
      kind: 'failure',
      error: { code: 'invalid_arguments', message: expect.stringContaining('not an argument of this tool') },
    });
    expect(ran).toEqual([{ thingId: 'thing_1' }]);
  });

  verifies('api.failures', 'fails as it failed, and may be repeated where that helps', async () => {
    answer = () => {
      throw new ToolError('upstream_unavailable', 'Scalekit is away.');
    };
    expect(await runner()('change_thing', THING)).toEqual({
      kind: 'failure',
      error: { code: 'upstream_unavailable', message: 'Scalekit is away.', retryable: true, requestId: 'request-1' },
    });
    expect(record.outcome).toBe('upstream_unavailable');
  });

  verifies(
    ['audit.intent', 'audit.required'],
    'is on record before it runs, or does not run, where it overwrites',
    async () => {
      const call = runner();
      answer = () => {
        expect(ledger.join('')).toContain('mcp_tool_intent');
        return { deleted_id: 'thing_1' };
      };
      expect(await call('change_thing', THING)).toMatchObject({ kind: 'success' });
      expect(ledger.join('')).toContain('"environment":"env_1"');
      ran = [];
      expect(await call('change_thing', THING, mira, broken)).toMatchObject({ error: { code: 'audit_unavailable' } });
      expect(ran).toEqual([]);
    },
  );

  verifies('audit.calls', 'names no environment where it acts in none', async () => {
    await runner('environment')('whole_workspace', {});
    expect(record.details.environment).toBeUndefined();
  });
});

describe('a failure', () => {
  verifies(
    ['secrets.log', 'result.no-leak'],
    'that nobody foresaw is in the log, without secrets, and leaves without a word of it',
    async () => {
      answer = () => {
        throw new TypeError('inner the-token-of-mira');
      };
      expect(JSON.stringify(await runner()('change_thing', THING))).not.toContain('inner');
      expect(logged).toEqual([
        {
          event: 'tool_defect',
          requestId: 'request-1',
          tool: 'change_thing',
          error: expect.stringMatching(/^TypeError: inner \[redacted\]\n {4}at /),
        },
      ]);
    },
  );

  verifies(
    'secrets.log',
    'that was foreseen leaves its cause in the log alone, cut to size and without secrets',
    async () => {
      for (const cause of [undefined, new Error(`inner the-token-of-mira ${'x'.repeat(2_000)}`)]) {
        answer = () => {
          throw new ToolError('upstream_error', 'It failed.', {}, cause);
        };
        expect(JSON.stringify(await runner()('change_thing', THING))).not.toContain('inner');
      }
      expect(logged).toEqual([
        {
          event: 'tool_failure',
          requestId: 'request-1',
          tool: 'change_thing',
          code: 'upstream_error',
          cause: expect.stringMatching(/^Error: inner \[redacted\] x+$/),
        },
      ]);
      expect(logged[0]?.['cause']).toHaveLength(1_000);
    },
  );
});

describe('wrong arguments', () => {
  verifies.each<[string, Record<string, unknown>, object]>(
    ['result.arguments', 'wire.prototype'],
    [
      ['a wrong one', { thingId: 7 }, { field: 'thingId', message: expect.stringContaining('thingId: ') }],
      [
        'unknown ones',
        { a: 1, b: 2 },
        { field: 'a', message: expect.stringMatching(/a, b: not an argument .* takes environmentId, thingId, note/) },
      ],
      [
        'a member called __proto__',
        JSON.parse('{"note":{"x":{"__proto__":1}}}'),
        {
          field: 'note.x.__proto__',
          message: expect.stringContaining('note.x.__proto__: this name cannot be written'),
        },
      ],
      [
        'one that is called __proto__ itself',
        JSON.parse('{"__proto__":1}'),
        { field: '__proto__', message: expect.stringContaining('not an argument') },
      ],
    ],
  )('are named, and nothing runs: %s', async (_name, wrong, error) => {
    const args = Object.fromEntries([...Object.entries(THING), ...Object.entries(wrong)]);
    expect(await runner()('change_thing', args)).toMatchObject({
      kind: 'failure',
      error: { code: 'invalid_arguments', ...error },
    });
    expect([ran, ledger]).toEqual([[], []]);
  });
});

verifies('secrets.by-value', 'a result holds no secret of the call: not its token, none of its arguments', async () => {
  answer = () => ({ deleted_id: 'a the-token-of-mira b' });
  expect(await runner()('change_thing', THING)).toMatchObject({ data: { deleted_id: 'a [redacted] b' } });
});

verifies(
  ['secrets.by-value', 'text.invisible'],
  'news of a call hold no more than its result may, and it knows for whom it runs',
  async () => {
    expect(await runner()('whole_workspace', {})).toMatchObject({ kind: 'success' });
    expect(news).toEqual([
      { progress: 1, total: 2 },
      { progress: 2, message: 'one of [redacted]' },
    ]);
    expect(ran).toEqual([{ subject: 'usr_1', aborted: false }]);
  },
);
