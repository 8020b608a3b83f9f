import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import { ANY_CHARACTER } from '../fixtures/any-character.ts';
import { type EraName, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

/** Opens some tools and not others: by scope, by name, and `whoami`, which needs nothing. */
const SCOPE = 'environment:read mcp:tools:create_organization';

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi(({ body }, response) => {
    // A new organization is as it was asked for.
    const organization = { id: 'org_1', ...(body !== '' && JSON.parse(body)) };
    json(response, 200, { organization, organizations: [], environments: [], roles: [] });
  });
  server = await running(scalekit.env);
  token = await scalekit.mint({ claims: { scope: SCOPE } });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** The text of an object with these members in this order, the same name as often as it stands there. */
type Members = readonly (readonly [name: string, value: string])[];
const write = (members: Members) => `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`;

const ENVIRONMENT = ['"environmentId"', '"env_1"'] as const;
/** Arguments with which each tool runs that the token opens; the last of two equal names counts. */
const RUNNABLE: ReadonlyMap<string, Members> = new Map<string, Members>([
  ['whoami', []],
  ['list_environments', []],
  ['list_environment_roles', [['"environmentId"', '"env_2"'], ENVIRONMENT]],
  ['create_organization', [ENVIRONMENT, ['"name"', '"Tidewater"'], ['"environmentId"', '"env_2"']]],
]);
const ALLOWED = new Set(RUNNABLE.keys());
/** Tools that the token does not open; with the same arguments, some that it opens would run. */
const DENIED: readonly (readonly [name: string, args: Members])[] = [
  ['list_workspace_members', []],
  ['list_organizations', [ENVIRONMENT]],
  ['create_environment_role', [ENVIRONMENT]],
  ['Whoami', []],
  ['create_organization\u200b', []],
  ['__proto__', []],
  ['constructor', []],
  ['', []],
];
const tool = fc.oneof(fc.constantFrom(...RUNNABLE), fc.constantFrom(...DENIED));
const toolName = tool.map(([name]) => name);
const quoted = (text: string) => JSON.stringify(text);

/** Mostly this, and sometimes something else. */
const mostly = <T>(usual: T, unusual: fc.Arbitrary<T>, weight = 9) =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, unusual);
const id = fc.oneof(
  fc.constantFrom('1', '"a"', '0', '-1', '1.5', '1e3', '1e400', 'null', 'true', '{}', '[1]', '"__proto__"'),
  fc.integer().map(String),
);
const method = mostly('"tools/call"', fc.constantFrom('"tools/list"', '"Tools/Call"', '"ping"', '""', '7'));

/** What resembles the name of a member to somebody; the first two are the same to JSON. */
const lookalike = (name: string) =>
  fc.oneof(
    fc.constantFrom(quoted(name), `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`),
    fc.constantFrom(quoted(name.charAt(0).toUpperCase() + name.slice(1)), quoted(name.toUpperCase())),
    fc.constantFrom(
      quoted(`${name} `),
      quoted(`${name}\u0000`),
      quoted(name.replace('a', '\u0430')),
      quoted(`\u200b${name}`),
    ),
  );

type Member = readonly [name: string, value: string];
const twin = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Member> => fc.tuple(lookalike(name), value);
/** A member that means nothing, and means it in every way. */
const stranger: fc.Arbitrary<Member> = fc.tuple(
  fc.oneof(
    fc.constantFrom('"__proto__"', '"constructor"', '"toString"', '"_meta"', '"result"', '""'),
    fc.string({ unit: ANY_CHARACTER, maxLength: 5 }).map(quoted),
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    fc.constantFrom(1, 10, 70).map((depth) => `${'{"name":['.repeat(depth)}1${']}'.repeat(depth)}`),
    fc.constant('{"name":"create_organization","arguments":{"environmentId":"env_2","name":"N"}}'),
  ),
);

/** These members, most of the time with some of the others between them. */
const amid = (members: Members, ...others: fc.Arbitrary<Member>[]) => {
  const other = fc.oneof({ weight: 4, arbitrary: fc.oneof(...others) }, stranger);
  return fc.array(fc.tuple(other, fc.nat(10)), { maxLength: 3 }).map((added) => {
    const all = [...members];
    for (const [member, at] of added) all.splice(at % (all.length + 1), 0, member);
    return all;
  });
};

const environment = fc.constantFrom('"env_1"', '"env_2"');
const argumentsLike = (args: Members) =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.constant(args) },
      amid(args, twin('environmentId', environment), twin('name', toolName.map(quoted))),
    )
    .map(write);
const otherName = twin('name', toolName.map(quoted));
const otherArguments = twin(
  'arguments',
  tool.chain(([, args]) => argumentsLike(args)),
);
const otherParams = twin(
  'params',
  tool.map(([name, args]) =>
    write([
      ['"name"', quoted(name)],
      ['"arguments"', write(args)],
    ]),
  ),
);

/** A body of one era as text, and the headers that come with it. */
const call = fc
  .record({ era: fc.constantFrom<EraName>('modern', 'legacy'), tool, id: mostly('1', id), method })
  .chain(({ era, tool: [name, args], ...own }) => {
    const { _meta } = rpcBody(era, 'tools/call', {})['params'] as { _meta?: unknown };
    const envelope: Members = _meta === undefined ? [] : [['"_meta"', JSON.stringify(_meta)]];
    const params = argumentsLike(args).chain((given) =>
      amid([['"name"', quoted(name)], ['"arguments"', given], ...envelope], otherName, otherName, otherArguments),
    );
    const text = params.chain((written) => {
      const body: Members = [
        ['"jsonrpc"', '"2.0"'],
        ['"id"', own.id],
        ['"method"', own.method],
        ['"params"', write(written)],
      ];
      return mostly(body, amid(body, twin('method', method), otherParams, otherName), 2);
    });
    return fc.record({
      era: fc.constant(era),
      text: text.map(write),
      headerName: mostly(name, toolName),
      paramHeader: mostly(undefined, fc.constantFrom('env_1', 'env_2')),
    });
  });

/** What a body asks for, read by nobody but `JSON.parse`. */
function meant(text: string): { readonly tool: string; readonly args: Record<string, unknown> } | undefined {
  const { method, params } = JSON.parse(text);
  if (method !== 'tools/call' || !isObject(params) || typeof params['name'] !== 'string') return undefined;
  const given = params['arguments'] ?? {};
  return isObject(given) ? { tool: params['name'], args: given } : undefined;
}

/** The requests of a call that runs. */
function requestsOf({ tool, args: given }: NonNullable<ReturnType<typeof meant>>): unknown[] {
  const domain = String(given['environmentId']).replace('_', '-');
  const inside = { domain: `${domain}.example.com` };
  if (tool === 'list_environments') return [{ method: 'GET', path: '/api/v1/environments' }];
  if (tool === 'list_environment_roles') return [{ method: 'GET', path: '/api/v1/roles', ...inside }];
  if (tool !== 'create_organization') return [];
  return [{ method: 'POST', path: '/api/v1/organizations', ...inside, body: { display_name: given['name'] } }];
}

function seen(): unknown[] {
  return scalekit.operations.map(({ method, url, headers, body }) => ({
    method,
    path: url.split('?')[0],
    ...(headers['x-env-domain'] !== undefined && { domain: headers['x-env-domain'] }),
    ...(body !== '' && { body: JSON.parse(body) }),
  }));
}

interface Drawn {
  readonly era: EraName;
  readonly text: string;
  readonly headerName: string;
  readonly paramHeader: string | undefined;
}

/** Sends the text with headers that mostly say the same, and sometimes something else. */
async function send({ era, text, headerName, paramHeader }: Drawn) {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      ...eraHeaders(era, 'tools/call', { name: /^[\x21-\x7e]+$/.test(headerName) ? headerName : 'x' }),
      ...(paramHeader !== undefined && { 'mcp-param-environmentid': paramHeader }),
      authorization: `Bearer ${token}`,
    },
    body: text,
  });
  return { status: response.status, succeeded: (await response.text()).includes('"structuredContent"') };
}

/** Fails when anything ran but what the token opens and the body means. */
function expectGuarded(asked: ReturnType<typeof meant>, succeeded: boolean): void {
  if (asked === undefined || !ALLOWED.has(asked.tool)) {
    expect({ succeeded, requests: scalekit.requests }).toEqual({ succeeded: false, requests: [] });
    return;
  }
  const operations = seen();
  // A result says that the tool ran: then it has. Without one it may have run and failed.
  if (succeeded || operations.length > 0) expect(operations).toEqual(requestsOf(asked));
}

/** What two readers would read differently, in case chance leaves it out. */
const TWINS = [
  '"Name":"list_environment_roles","name":"list_organizations","arguments":{"environmentId":"env_1"}',
  '"name":"list_organizations","NAME":"list_environment_roles","arguments":{"environmentId":"env_1"}',
  '"name":"list_environment_roles","name":"list_organizations","arguments":{"environmentId":"env_1"}',
  '"name":"list_organizations","n\\u0061me":"list_environment_roles","arguments":{"environmentId":"env_1"}',
  '"name":"list_environment_roles","arguments":{"environmentId":"env_1"},"Arguments":{"environmentId":"env_2"}',
  '"name":"list_environment_roles","arguments":{"environmentId":"env_1"},"arguments":{"environmentId":"env_2"}',
];

function exampleOf(params: string): Drawn {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{${params}}}`;
  return { era: 'legacy', text, headerName: 'list_organizations', paramHeader: undefined };
}

describe('whatever a body looks like', () => {
  verifies('wire.guard-is-dispatch', 'what was authorized is what runs, or nothing runs', async () => {
    const ran = new Set<string>();
    await fc.assert(
      fc.asyncProperty(call, async (drawn) => {
        scalekit.requests.length = 0;
        const { status, succeeded } = await send(drawn);
        expect([200, 202, 400, 403, 404]).toContain(status);
        const asked = meant(drawn.text);
        expectGuarded(asked, succeeded);
        if (succeeded) ran.add(`${drawn.era} ${asked?.tool}`);
      }),
      { numRuns: 500, examples: TWINS.map((params) => [exampleOf(params)]) },
    );
    // The property would hold for a server that refuses everything.
    expect([...ran].sort()).toHaveLength(ALLOWED.size * 2);
  });
});
