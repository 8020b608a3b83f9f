import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prompts, skills } from '../../src/prompts/index.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { CLIENTS, connected } from '../fixtures/content-clients.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const { development: DEV, production: PRD } = ENVIRONMENT_IDS;

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await running();
  token = await server.token();
});
afterAll(() => server.stop());

const KINDS = [
  [
    'organization',
    'organizations',
    'list_organizations',
    'organizations',
    'get_organization_details',
    'organizationId',
  ],
  ['MCP server', 'mcp-servers', 'list_mcp_servers', 'resources', 'get_mcp_server', 'id'],
] as const;

describe.each(CLIENTS)('a client of %s, with an environment in its URL', (name) => {
  const fenced = (environment: string = DEV) =>
    connected(name, `${server.localUrl}/mcp?environment=${environment}`, token);
  const firstId = async (list: string, member: string, environmentId: string): Promise<string> =>
    (await toolCaller(server.localUrl, token)(list, { environmentId })).data[member][0].id;

  verifies.each('fence.resources', KINDS)(
    'reads an %s inside as its tool does, and none outside',
    async (_kind, segment, list, member, details, argument) => {
      const client = await fenced();
      const id = await firstId(list, member, DEV);
      const uri = `scalekit://environments/${DEV}/${segment}/${id}`;
      const { contents } = await client.readResource({ uri });
      const [content] = contents as { text: string }[];
      const { structuredContent } = await client.callTool({ name: details, arguments: { [argument]: id } });
      expect(JSON.parse(String(content?.text))).toEqual(structuredContent);
      expect(JSON.stringify(structuredContent)).toContain(id);

      const foreign = await firstId(list, member, PRD);
      const before = server.requests.length;
      const outside = client.readResource({ uri: `scalekit://environments/${PRD}/${segment}/${foreign}` });
      await expect(outside).rejects.toMatchObject({ code: -32602 });
      expect(server.requests.length).toBe(before);
      // What is of another environment is not inside under its id either.
      const disguised = client.readResource({ uri: `scalekit://environments/${DEV}/${segment}/${foreign}` });
      await expect(disguised).rejects.toMatchObject({ code: -32602 });
      await client.close();
    },
  );

  verifies('fence.resources', 'gets every prompt for its environment, and none for another', async () => {
    const client = await fenced();
    const before = server.requests.length;
    const { prompts: listed } = await client.listPrompts();
    expect(listed.map((prompt) => prompt.name)).toEqual(prompts.map((prompt) => prompt.name));
    for (const prompt of listed) {
      const required = (prompt.arguments ?? []).filter((one) => one.required === true);
      const values = Object.fromEntries(required.map((one) => [one.name, 'x']));
      const got = await client.getPrompt({ name: prompt.name, arguments: values });
      expect(JSON.stringify(got.messages)).toContain(`All calls act in the environment ${DEV}`);
      const inside = { name: prompt.name, arguments: { ...values, environmentId: DEV } };
      expect((await client.getPrompt(inside)).messages).toHaveLength(1);
      const outside = { name: prompt.name, arguments: { ...values, environmentId: PRD } };
      await expect(client.getPrompt(outside)).rejects.toMatchObject({ code: -32602 });
    }
    expect(server.requests.length).toBe(before);
    await client.close();
  });

  verifies('fence.resources', 'is offered every skill, and reads each as it is', async () => {
    const client = await fenced();
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('skill:'));
    expect(uris).toEqual(skills.map(({ uri }) => uri));
    for (const { uri, text } of skills) {
      expect((await client.readResource({ uri })).contents).toMatchObject([{ uri, mimeType: 'text/markdown', text }]);
    }
    await client.close();
  });

  verifies('fence.resources', 'is told its environment by scalekit://capabilities, and no other', async () => {
    const client = await fenced(PRD);
    const { contents } = await client.readResource({ uri: 'scalekit://capabilities' });
    const text = String((contents as { text: string }[])[0]?.text);
    expect(JSON.parse(text)).toMatchObject({ environment_id: PRD });
    expect(text).not.toContain(DEV);
    await client.close();
  });
});
