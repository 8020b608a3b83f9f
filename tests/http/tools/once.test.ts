import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const environmentId = ENVIRONMENT_IDS.development;
const CONFIG = { environmentId, configId: 'cfg_71204418093065303' };

let server: TestServer;
let call: ReturnType<typeof toolCaller>;

beforeAll(async () => {
  server = await running();
  call = toolCaller(server.localUrl, await server.token());
});
afterEach(() => server.sandbox().faults.clear());
afterAll(() => server.stop());

const sent = (method: string) => server.exchanges.filter(({ request }) => request.method === method).length;

verifies('api.retries', 'what makes something new each time is sent once, whatever its method', async () => {
  server.sandbox().faults.add({ kind: 'status', status: 503, when: { method: 'PUT' }, afterOperation: true });
  const organizationId = DEVELOPMENT_ORGANIZATION_IDS.tidewater;
  const { error } = await call('generate_admin_portal_link', { environmentId, organizationId });
  expect(error).toMatchObject({ code: 'upstream_unavailable', retryable: false });
  expect(error.message).toContain('may have been carried out');
  expect(sent('PUT')).toBe(1);
});

verifies('confirm.once', 'a confirmed call that fails is not to be repeated, and says so', async () => {
  const { error: first } = await call('delete_mcp_config', CONFIG);
  const confirmed = { ...CONFIG, confirmation: first.confirmation };
  server.sandbox().faults.add({ kind: 'status', status: 500, when: { method: 'DELETE' } });
  const { error } = await call('delete_mcp_config', confirmed);
  expect(error).toMatchObject({ code: 'upstream_error', retryable: false });
  expect(error.message).toContain('call without it for a new preview');
  expect((await call('delete_mcp_config', confirmed)).error).toMatchObject({
    code: 'confirmation_invalid',
    message: expect.stringContaining('used before'),
  });
});

verifies('api.retries', 'what an attempt without an answer has deleted is deleted, not unknown', async () => {
  const { error } = await call('delete_mcp_config', CONFIG);
  server.sandbox().faults.add({ kind: 'reset', when: { method: 'DELETE' }, afterOperation: true });
  const { data } = await call('delete_mcp_config', { ...CONFIG, confirmation: error.confirmation });
  expect(data).toEqual({ deleted_id: CONFIG.configId });
  expect((await call('get_mcp_config', CONFIG)).error).toMatchObject({ code: 'not_found' });
});
