import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect } from 'vitest';
import { Account } from '../../demo/account.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;

beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

type Provider = NonNullable<
  NonNullable<ConstructorParameters<typeof StreamableHTTPClientTransport>[1]>['authProvider']
>;

const transport = (account: Account) =>
  new StreamableHTTPClientTransport(new URL('/mcp', server.url), { authProvider: account as unknown as Provider });

async function connect(account: Account): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  // This release of the SDK is written without exactOptionalPropertyTypes.
  await client.connect(transport(account) as Parameters<Client['connect']>[0]);
  return client;
}

async function signIn(account: Account): Promise<void> {
  await transport(account).finishAuth(String(account.takeCallback().get('code')));
}

/** Keeps no refresh token: with one, this release refreshes with the old scope instead of asking for more. */
class ForgetfulAccount extends Account {
  override saveTokens({ refresh_token: _, ...tokens }: Parameters<Account['saveTokens']>[0]): void {
    super.saveTokens(tokens);
  }
}

verifies(
  ['client.sdk1', 'sandbox.flow'],
  'an SDK 1.x client registers, signs in, reads, steps up and writes',
  async () => {
    const account = new ForgetfulAccount();
    account.choices = { keep: (scope) => scope.endsWith(':read') };
    await expect(connect(account)).rejects.toBeInstanceOf(UnauthorizedError);
    await signIn(account);
    const client = await connect(account);
    expect(client.getInstructions()).toContain('Scalekit workspace');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('create_organization');

    const call = async (name: string, args: Record<string, unknown> = {}) =>
      CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
    const { structuredContent } = await call('list_environments');
    const environments = structuredContent?.['environments'] as { id: string }[] | undefined;
    const environmentId = environments?.[0]?.id;

    account.choices = {};
    await expect(call('create_organization', { environmentId, name: 'Made by 1.x' })).rejects.toBeInstanceOf(
      UnauthorizedError,
    );
    await signIn(account);
    const created = await call('create_organization', { environmentId, name: 'Made by 1.x' });
    expect(created.structuredContent).toMatchObject({ organization: { display_name: 'Made by 1.x' } });

    // This client checks structuredContent against outputSchema even on errors; a failure must still reach its model.
    const failed = await call('get_organization_details', { environmentId, organizationId: 'org_0' });
    expect(failed).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringContaining('"not_found"') }],
    });
    await client.close();
  },
);
