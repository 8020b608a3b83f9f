import { afterAll, beforeAll, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const environmentId = ENVIRONMENT_IDS.development;
const organizationId = DEVELOPMENT_ORGANIZATION_IDS.tidewater;

let server: TestServer;
let url: string;
let token: string;
let id: string;

beforeAll(async () => {
  server = await running();
  url = `${server.localUrl}/mcp`;
  token = await server.token();
  id = (await call('list_mcp_servers', { environmentId })).resources[0].id;
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
async function call(name: string, args: object, at = url): Promise<any> {
  const called = { name, arguments: args };
  const { body } = await callTool(at, 'modern', 'call_tool', called, { token });
  return body.result.isError === true ? failureIn(body.result) : body.result.structuredContent;
}

// biome-ignore lint/suspicious/noExplicitAny: what is read is looked into freely.
async function read(uri: string): Promise<any> {
  const { body } = await rpc(url, 'modern', 'resources/read', { uri }, { token, headers: { 'mcp-name': uri } });
  const [{ text, mimeType }] = body.result.contents;
  return mimeType === 'application/json' ? JSON.parse(text) : text;
}

interface Way {
  /** A URI of it. */
  readonly uri: string;
  readonly tool: string;
  readonly args: object;
  /** Compares what the resource gives with what the tool gives. */
  readonly same: (resource: never, result: never) => void;
}

/** Which tool gives what a resource or template gives, to clients that read none. */
function wayTo(uri: string): Way | undefined {
  const equal = (resource: unknown, result: unknown) => expect(result).toEqual(resource);
  if (uri.startsWith('skill://')) {
    const same = (text: string, { skill }: { skill: { text: string } }) => expect(skill.text).toBe(text);
    return { uri, tool: 'get_skill', args: { name: uri }, same };
  }
  if (uri.startsWith('docs://')) {
    const at = uri.replace('{+path}', 'mcp/quickstart');
    const same = (text: string, page: { title: string; resource: string }) => {
      expect(page.resource).toBe(at);
      expect(text).toContain(`# ${page.title}`);
    };
    return { uri: at, tool: 'get_docs_page', args: { page: at }, same };
  }
  switch (uri) {
    case 'scalekit://capabilities': {
      const same = (seen: { mode: string; scopes: object }, { mode, scopes }: { mode: string; scopes: object }) =>
        expect({ mode, scopes }).toEqual({ mode: seen.mode, scopes: seen.scopes });
      return { uri, tool: 'whoami', args: {}, same };
    }
    case 'scalekit://schema/{name}': {
      const name = 'create_organization';
      const same = (schema: { input_schema: object }, { tools }: { tools: { name: string; input_schema: object }[] }) =>
        expect(tools.find((one) => one.name === name)?.input_schema).toEqual(schema.input_schema);
      return { uri: `scalekit://schema/${name}`, tool: 'find_tools', args: { query: name }, same };
    }
    case 'scalekit://environments':
      return { uri, tool: 'list_environments', args: {}, same: equal };
    case 'scalekit://environments/{environmentId}': {
      const same = (one: { environment: object }, other: { environment: object }) =>
        expect(other.environment).toMatchObject(one.environment);
      const args = { environmentId };
      return { uri: `scalekit://environments/${environmentId}`, tool: 'get_environment_details', args, same };
    }
    case 'scalekit://environments/{environmentId}/organizations/{organizationId}': {
      const at = `scalekit://environments/${environmentId}/organizations/${organizationId}`;
      return { uri: at, tool: 'get_organization_details', args: { environmentId, organizationId }, same: equal };
    }
    case 'scalekit://environments/{environmentId}/mcp-servers/{id}': {
      const at = `scalekit://environments/${environmentId}/mcp-servers/${id}`;
      return { uri: at, tool: 'get_mcp_server', args: { environmentId, id }, same: equal };
    }
    default:
      return undefined;
  }
}

verifies('resources.by-tool', 'each resource and each template has a tool that gives the same', async () => {
  const [listed, templates] = await Promise.all([
    rpc(url, 'modern', 'resources/list', {}, { token }),
    rpc(url, 'modern', 'resources/templates/list', {}, { token }),
  ]);
  const uris: string[] = [
    ...listed.body.result.resources.map(({ uri }: { uri: string }) => uri),
    ...templates.body.result.resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate),
  ];
  expect(uris.filter((uri) => wayTo(uri) === undefined)).toEqual([]);
  for (const uri of uris) {
    const { tool, args, same, ...way } = wayTo(uri) ?? expect.fail(uri);
    const result = await call(tool, args);
    expect([uri, result.code]).toEqual([uri, undefined]);
    same((await read(way.uri)) as never, result as never);
  }
});

verifies(
  'resources.by-tool',
  'get_skill lists what a request is offered, reads each by its name, and no other',
  async () => {
    const { skills } = await call('get_skill', {});
    const { body } = await rpc(url, 'modern', 'skills/list', {}, { token });
    const uris = body.result.skills.map(({ uri }: { uri: string }) => uri);
    expect(skills.map(({ uri }: { uri: string }) => uri)).toEqual(uris);
    for (const { name, uri, title } of skills) {
      expect((await call('get_skill', { name })).skill).toMatchObject({ name, uri, title, text: await read(uri) });
    }
    const narrow = `${url}?toolsets=discovery,session`;
    const offered = (await call('get_skill', {}, narrow)).skills;
    expect(offered).toHaveLength(skills.length);
    for (const name of ['none', 'skill://scalekit/none/SKILL.md', '../whoami', '__proto__']) {
      expect(await call('get_skill', { name })).toMatchObject({ code: 'not_found', field: 'name' });
    }
  },
);
