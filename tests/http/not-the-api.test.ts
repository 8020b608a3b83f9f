import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { readsWholeListFirst } from '../fixtures/failures.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

/** What these ask for is answered, since the environment has to be found before anything is asked in it. */
const OF_THE_ENVIRONMENT = ['get_environment_details', 'update_environment', 'set_custom_domain'];
const TOOLS = TOOLS_OF_THE_API.filter(({ name }) => !OF_THE_ENVIRONMENT.includes(name));
const SCOPE = 'environment:read environment:write organization:read organization:write workspace:read workspace:write';

type Answer = (response: ServerResponse) => void;

/** Tools that read a list as a whole before anything else. */
const WHOLE_LISTS = catalogue.filter(({ name }) => readsWholeListFirst(name)).map(({ name }) => name);

/** A body as the API sends them with an error. */
const notFound = {
  code: 5,
  message: 'organization not found',
  details: [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: 'NOT_FOUND' }],
};
const page = (status: number) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>Not here</h1></html>');

const FOREIGN: readonly [name: string, answer: Answer][] = [
  ['404 and a page', page(404)],
  ['404 and nothing', (response) => void response.writeHead(404).end()],
  ['404 and {}', (response) => json(response, 404, {})],
  ['404 of a gateway', (response) => json(response, 404, { code: 5, message: 'Not Found', details: [] })],
  ['404 of another path', (response) => json(response, 404, { error: 'not_found', error_code: 'NOT_FOUND' })],
  ['404 with another form of details', (response) => json(response, 404, { details: [{ error_code: 5 }] })],
  ['405 and {}', (response) => json(response, 405, {})],
  ['405 and a page', page(405)],
  ['a page that refuses', page(403)],
  ['a page that asks for a password', page(401)],
  ['a page that does not understand', page(400)],
  ['a page', page(200)],
  ['a redirect', (response) => void response.writeHead(301, { location: 'https://example.com' }).end()],
  ['a redirect with JSON', (response) => json(response, 308, {}, { location: '/elsewhere' })],
];

let scalekit: FakeScalekit;
const servers: TestServer[] = [];
let workspace: TestServer;
let environment: TestServer;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  workspace = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on' });
  environment = await running({ ...scalekit.environmentEnv, AGENT_TOOL_EXECUTION: 'on' });
  servers.push(workspace, environment);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await scalekit.close();
});

async function failureOf(server: TestServer, { name }: Tool, args: Record<string, unknown>) {
  const token = await scalekit.mint({ claims: { scope: SCOPE } });
  const { body } = await callTool(`${server.url}/mcp`, 'modern', name, args, { token });
  return failureIn(body.result);
}

const inEnvironment = (tool: Tool) => {
  const { environmentId: _, ...args } = exampleArguments(tool);
  return args;
};

describe.each(FOREIGN)('%s', (_, answer) => {
  verifies('api.foreign', 'is no answer of the management API, whatever tool asked, in both modes', async () => {
    scalekit.serveApi((_request, response) => answer(response));
    for (const tool of TOOLS) {
      const error = await failureOf(workspace, tool, exampleArguments(tool));
      expect({ tool: tool.name, error }).toMatchObject({
        error: {
          code: 'unexpected_response',
          retryable: false,
          message: expect.stringContaining('no management API at SCALEKIT_API_URL'),
        },
      });
      expect(JSON.stringify(error)).not.toContain('127.0.0.1');
    }
    for (const tool of TOOLS.filter(({ needsWorkspaceToken }) => !needsWorkspaceToken)) {
      const error = await failureOf(environment, tool, inEnvironment(tool));
      expect({ tool: tool.name, error }).toMatchObject({
        error: {
          code: 'unexpected_response',
          message: expect.stringContaining('no management API at SCALEKIT_ENV_URL'),
        },
      });
    }
  });

  verifies('api.foreign', 'in place of an environment or of a token is none either', async () => {
    scalekit.api = (_request, response) => answer(response);
    for (const name of ['list_organizations', 'get_environment_details']) {
      const tool = catalogue.find((one) => one.name === name) as Tool;
      const error = await failureOf(workspace, tool, { environmentId: 'env_404' });
      expect(error).toMatchObject({ code: 'unexpected_response', upstream: { status: expect.any(Number) } });
    }
  });
});

describe('404 with the API’s own error', () => {
  verifies('api.foreign', 'means that something is not there, unless a list as a whole was asked for', async () => {
    scalekit.serveApi((_request, response) => json(response, 404, notFound));
    const codes: Record<string, string[]> = {};
    for (const tool of TOOLS) {
      const { code } = await failureOf(workspace, tool, exampleArguments(tool));
      codes[code] = [...(codes[code] ?? []), tool.name];
    }
    expect(Object.keys(codes).toSorted()).toEqual(['not_found', 'unexpected_response']);
    expect(codes['not_found']).toContain('get_organization_details');
    expect(codes['not_found']).toContain('create_organization_user');
    expect(codes['not_found']).toContain('list_organization_users');
    expect(codes['not_found']).toContain('list_organization_connections');
    expect(codes['unexpected_response']).toEqual(WHOLE_LISTS);
  });
});

describe('a token endpoint', () => {
  const call = async (answer: Answer) => {
    const fake = await FakeScalekit.start();
    fake.token = (_request, response) => answer(response);
    const server = await running(fake.environmentEnv);
    const token = await fake.mint();
    const { body } = await callTool(`${server.url}/mcp`, 'modern', 'list_organizations', {}, { token });
    await server.stop();
    await fake.close();
    return failureIn(body.result);
  };

  verifies.each(
    'api.foreign',
    FOREIGN.filter(([name]) => !name.includes('password')),
  )('is not %s', async (_, answer) => {
    expect(await call(answer)).toMatchObject({
      code: 'unexpected_response',
      message: expect.stringContaining('no management API at SCALEKIT_ENV_URL'),
    });
  });

  verifies('api.foreign', 'that refuses the client is one', async () => {
    expect(await call((response) => json(response, 401, { error: 'invalid_client' }))).toMatchObject({
      code: 'unauthenticated',
    });
  });
});
