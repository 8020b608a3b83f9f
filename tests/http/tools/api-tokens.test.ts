import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
  DEVELOPMENT_API_TOKEN_IDS as TOKENS,
} from '../../../src/sandbox/data/ids.ts';
import { PEOPLE } from '../../fixtures/examples/people.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, lagerhaus, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const ofTidewater = { organizationId: tidewater };
/** Of Lagerhaus. */
const juergen = 'usr_71204418093062006';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const ids = ({ tokens }: { tokens: { token_id: string }[] }) => tokens.map(({ token_id }) => token_id);

describe('the API tokens of an organization', () => {
  verifies('tools.api-tokens', 'are listed page by page, or those of one user', async () => {
    const { data: first } = await call('list_api_tokens', { ...ofTidewater, pageSize: 1 });
    expect([ids(first), first.total_size]).toEqual([[TOKENS.tidewaterExport], 2]);
    const next = await call('list_api_tokens', { ...ofTidewater, pageSize: 1, pageToken: first.next_page_token });
    expect(ids(next.data)).toEqual([TOKENS.tidewaterOld]);
    const { data } = await call('list_api_tokens', { organizationId: lagerhaus, userId: juergen });
    expect(data.tokens).toMatchObject([{ token_suffix: 'm4Hs', user_id: juergen, roles: ['member'] }]);
    expect((await call('list_api_tokens', { ...ofTidewater, userId: juergen })).data.tokens).toEqual([]);
    expect((await call('list_api_tokens', { organizationId: 'org_1' })).error).toMatchObject({ code: 'not_found' });
    const longer = await call('list_api_tokens', { ...ofTidewater, pageSize: 31 });
    expect(longer.error).toMatchObject({ code: 'invalid_arguments', field: 'pageSize' });
  });

  verifies('tools.api-tokens', 'are created, shown once, and nowhere else', async () => {
    const { data, meta } = await call('create_api_token', { organizationId: samphire, customClaims: { dock: '7' } });
    expect(data).toMatchObject({
      token: expect.any(String),
      details: { organization_id: samphire, custom_claims: { dock: '7' }, token_suffix: data.token.slice(-4) },
      note: expect.stringContaining('this once'),
    });
    expect(data).not.toHaveProperty('not_applied');
    expect(data.details).not.toHaveProperty('expiry');
    expect(JSON.stringify(meta)).toContain('token');
    const { data: listed } = await call('list_api_tokens', { organizationId: samphire });
    expect(ids(listed)).toEqual([data.token_id]);
    expect(JSON.stringify(listed)).not.toContain(data.token);
    expect(server().logText()).not.toContain(data.token);
  });

  verifies('tools.api-tokens', 'stand for users who belong to the organization alone', async () => {
    const { data } = await call('create_api_token', { ...ofTidewater, userId: PEOPLE.rosa });
    expect(data.details).toMatchObject({ user_id: PEOPLE.rosa, user_external_id: 'hl-u-4001', roles: ['admin'] });
    const stranger = await call('create_api_token', { ...ofTidewater, userId: PEOPLE.lotte });
    expect(stranger.error).toMatchObject({ code: 'not_found' });
    const idle = await call('create_api_token', { organizationId: lagerhaus, userId: juergen });
    expect(idle.error).toMatchObject({ code: 'invalid_request', field: 'userId', upstream: { status: 400 } });
  });

  verifies.each<[string, unknown]>('tools.api-tokens', [
    ['expiresAt', '2020-01-01T00:00:00Z'],
    ['expiresAt', 'tomorrow'],
    ['customClaims', { ['x'.repeat(31)]: 'a' }],
    ['customClaims', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`claim${i}`, 'a']))],
    ['description', 'x'.repeat(256)],
  ])('are not created with a %s of %j, and nothing is asked', async (field, value) => {
    const { error } = await call('create_api_token', { ...ofTidewater, [field]: value });
    expect(error.code).toBe('invalid_arguments');
    expect(error.field.startsWith(field)).toBe(true);
    expect(asked()).toEqual([]);
  });

  verifies('tools.api-tokens', 'are ended by their id, after a look at whose they are', async () => {
    const target = { ...ofTidewater, tokenId: TOKENS.tidewaterExport };
    const first = await call('invalidate_api_token', target);
    expect(first.error).toMatchObject({
      code: 'confirmation_required',
      preview: {
        organization: { id: tidewater },
        token_detail: { token_suffix: 'w8Kc', description: 'Nightly export' },
      },
    });
    expect(written()).toEqual([]);
    expect((await confirmed('invalidate_api_token', target)).data).toEqual({ invalidated_id: target.tokenId });
    expect(written()).toMatchObject([{ url: '/api/v1/tokens:invalidate', body: { token: target.tokenId } }]);
    expect((await call('invalidate_api_token', target)).error).toMatchObject({
      code: 'not_found',
      nextTool: 'list_api_tokens',
    });
    const foreign = { organizationId: lagerhaus, tokenId: TOKENS.tidewaterOld };
    expect((await call('invalidate_api_token', foreign)).error).toMatchObject({ code: 'not_found' });
    const itself = await call('invalidate_api_token', { ...ofTidewater, tokenId: 'a1b2c3d4e5f6' });
    expect(itself.error).toMatchObject({ code: 'invalid_arguments', field: 'tokenId' });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ofOne = { environmentId: 'env_1', organizationId: 'org_1' };

  verifies('tools.api-tokens', 'loses no token when it leaves out what was asked for', async () => {
    const token_info = { token_id: 'apit_1', organization_id: 'org_1', expiry: '2036-01-31T09:00:00.000Z' };
    scalekit.serveApi((_request, response) =>
      json(response, 200, { token: 'only-here-4711', token_id: 'apit_1', token_info }),
    );
    const wanted = { ...ofOne, description: 'Printer', expiresAt: '2036-01-31T10:00:00+01:00' };
    expect((await callOwn('create_api_token', wanted)).data).toMatchObject({
      token: 'only-here-4711',
      not_applied: ['description'],
    });
  });

  verifies('tools.api-tokens', 'is not believed that a token has ended', async () => {
    const tokens = [{ token_id: 'apit_1' }];
    scalekit.serveApi((_request, response) => json(response, 200, { tokens, organization: { id: 'org_1' } }));
    const { error } = await callOwn('invalidate_api_token', { ...ofOne, tokenId: 'apit_1' });
    expect(error).toMatchObject({ code: 'not_applied', nextTool: 'list_api_tokens' });
  });
});
