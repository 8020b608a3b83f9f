import { symlinkSync, unlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { EXAMPLES } from '../../fixtures/examples/index.ts';
import { ledgerFolder } from '../../fixtures/ledger.ts';
import { running } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

/** A server on the sandbox whose ledger is on a full disk, until it is mended. */
async function onFullDisk(env: Readonly<Record<string, string>> = {}) {
  symlinkSync('/dev/full', ledger.file());
  const server = await running({ ...env, AUDIT_LOG: ledger.file() });
  const callAnywhere = toolCaller(server.url, await server.token());
  const call = (tool: string, args = EXAMPLES[tool]?.arguments) =>
    callAnywhere(tool, { environmentId: ENVIRONMENT_IDS.development, ...args });
  const written = () => server.exchanges.filter(({ request }) => request.method !== 'GET').length;
  return { server, call, written };
}

const UNAVAILABLE = { code: 'audit_unavailable', retryable: true, retryAfterMs: 1_000, requestId: expect.any(String) };

verifies(
  'audit.required',
  'a full disk refuses what overwrites and destroys before anything is sent, serves the rest, and says so',
  async () => {
    const { server, call, written } = await onFullDisk();
    const { error: shown } = await call('delete_mcp_config');
    expect(shown).toMatchObject({ code: 'confirmation_required' });
    const confirmed = { ...EXAMPLES['delete_mcp_config']?.arguments, confirmation: shown.confirmation };
    for (const tool of ['delete_mcp_config', 'set_initiate_login_uri', 'update_environment_oidc_connection']) {
      const { data, error } = await call(tool, tool === 'delete_mcp_config' ? confirmed : EXAMPLES[tool]?.arguments);
      expect({ tool, data, error }).toMatchObject({ tool, data: undefined, error: UNAVAILABLE });
      expect(error.message).toMatch(/Nothing was changed.*audit ledger.*operator/);
    }
    expect(written()).toBe(0);
    expect((await call('list_organizations')).data.organizations).not.toEqual([]);
    expect((await call('create_environment_scope')).error).toBeUndefined();
    expect(written()).toBe(1);
    expect(server.lines.filter(({ event }) => event === 'audit_unavailable')).toEqual([
      expect.objectContaining({ level: 'error', reason: expect.stringContaining('ENOSPC'), required: 'destructive' }),
    ]);
    // Most calls run all the same, so that this is for the alert to tell.
    expect((await fetch(`${server.url}/health`)).status).toBe(200);

    // Mended, the same confirmation is still good, and the ledger tells all that happened meanwhile.
    unlinkSync(ledger.file());
    const mended = () => server.lines.some(({ event }) => event === 'audit_recovered');
    await expect.poll(mended).toBe(true);
    expect((await call('delete_mcp_config', confirmed)).data).toMatchObject(
      EXAMPLES['delete_mcp_config']?.result ?? {},
    );
    await server.stop();
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, lost: 0 });
    const story = ledger.records().map(({ event, tool_name: tool, error }) => [event, tool, error]);
    expect(story).toEqual([
      ['audit_started', undefined, undefined],
      ['mcp_tool_access', 'delete_mcp_config', 'confirmation_required'],
      ...['delete_mcp_config', 'set_initiate_login_uri', 'update_environment_oidc_connection'].flatMap((tool) => [
        ['mcp_tool_intent', tool, undefined],
        ['mcp_tool_access', tool, 'audit_unavailable'],
      ]),
      ['mcp_tool_access', 'list_organizations', undefined],
      ['mcp_tool_access', 'create_environment_scope', undefined],
      ['mcp_tool_intent', 'delete_mcp_config', undefined],
      ['mcp_tool_access', 'delete_mcp_config', undefined],
      ['audit_stopped', undefined, undefined],
    ]);
  },
);

verifies('audit.required', 'a full disk refuses every call, or none, where the operator says so', async () => {
  const strict = await onFullDisk({ AUDIT_REQUIRED: 'all' });
  expect((await strict.call('list_organizations')).error).toMatchObject(UNAVAILABLE);
  expect(strict.server.exchanges).toEqual([]);
  await strict.server.stop();
  unlinkSync(ledger.file());
  const lax = await onFullDisk({ AUDIT_REQUIRED: 'none' });
  expect((await lax.call('set_initiate_login_uri')).error).toBeUndefined();
  await lax.server.stop();
});
