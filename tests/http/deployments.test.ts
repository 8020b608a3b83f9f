import { afterAll, beforeAll, expect } from 'vitest';
import { ways } from '../fixtures/deployments.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
});
afterAll(() => scalekit.close());

/** The settings of an example, for this machine: another Scalekit, no files of a container, no Redis. */
function here(env: Record<string, string>, mode: 'workspace' | 'environment'): Record<string, string> {
  const { ALLOWED_ORGANIZATIONS = '', SCALEKIT_MCP_SERVER_ID = '', SCALEKIT_CLIENT_ID = '', SCOPE_SPELLING = '' } = env;
  return {
    ALLOWED_ORGANIZATIONS,
    SCALEKIT_MCP_SERVER_ID,
    SCOPE_SPELLING,
    SCALEKIT_ENV_URL: scalekit.url,
    ...(mode === 'workspace'
      ? { SCALEKIT_API_URL: scalekit.url }
      : { SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET: 'from its file' }),
  };
}

verifies.each(
  'deploy.people',
  ways.flatMap(([way, env]) => (['environment', 'workspace'] as const).map((mode) => [way, mode, env] as const)),
)('a person is served through a client that registered itself: %s, %s mode', async (_, mode, env) => {
  const server = await running(here(env, mode));
  const statusFor = async (claims: Record<string, unknown>) => {
    const token = await scalekit.mint({ claims: { client_id: 'm2m_registered_a_moment_ago', ...claims } });
    const args = mode === 'workspace' ? { environmentId: 'env_1' } : {};
    const { status, body } = await callTool(`${server.localUrl}/mcp`, 'modern', 'list_organizations', args, { token });
    return [status, body.result?.isError === true ? body.result.content[0].text : body.error?.data?.error];
  };
  expect(await statusFor({ sub: 'usr_42', oid: 'org_1234567890' })).toEqual([200, undefined]);
  expect(await statusFor({ sub: 'usr_42', oid: 'org_other' })).toEqual([403, 'access_denied']);
  await server.stop();
});
