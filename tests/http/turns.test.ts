import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { CONNECTIONS_PER_PERSON } from '../../src/outgoing/dispatcher.ts';
import { running } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const SCOPE = 'environment:read environment:write organization:read organization:write';
const ENVIRONMENT = { environment: { id: 'env_1', domain: 'env-1.example.com' } };

verifies('api.turns', 'who may not see an environment holds nobody up in it, with any number of calls', async () => {
  const scalekit = await FakeScalekit.start();
  const strange = await scalekit.mint({ claims: { sub: 'usr_stranger', scope: SCOPE } });
  const own = await scalekit.mint({ claims: { sub: 'usr_member', scope: SCOPE } });
  const held: ServerResponse[] = [];
  let features: unknown[] = [];
  scalekit.api = ({ url, method, headers, body }, response) => {
    if (headers.authorization === `Bearer ${strange}`) return void held.push(response);
    if (url.startsWith('/api/v1/environments/')) return json(response, 200, ENVIRONMENT);
    if (method === 'PATCH') features = JSON.parse(body).features;
    return json(response, 200, { organization: { id: 'org_1', settings: { features } } });
  };
  const server = await running(scalekit.env);
  const change = { environmentId: 'env_1', organizationId: 'org_1', feature: [{ name: 'sso', enabled: true }] };
  const stranger = toolCaller(server.localUrl, strange);
  const calls = Array.from({ length: 5 }, () => stranger('update_organization_settings', change));
  await expect.poll(() => held.length).toBe(1);
  const { data, error } = await toolCaller(server.localUrl, own)('update_organization_settings', change);
  expect(error).toBeUndefined();
  expect(data.organization.settings.features).toEqual([{ name: 'sso', enabled: true }]);
  for (const response of held.splice(0))
    json(response, 404, { code: 5, message: 'no', details: [{ '@type': 'x', error_code: 'y' }] });
  for (const { error: refusal } of await Promise.all(calls)) expect(refusal).toMatchObject({ code: 'not_found' });
  await server.stop();
  await scalekit.close();
});

verifies('api.turns', 'many calls of one person stand behind each other, and not before those of others', async () => {
  const scalekit = await FakeScalekit.start();
  const greedy = await scalekit.mint({ claims: { sub: 'usr_greedy', scope: SCOPE } });
  const honest = await scalekit.mint({ claims: { sub: 'usr_honest', scope: SCOPE } });
  const reads: { readonly who: string; readonly answer: () => void }[] = [];
  let features: unknown[] = [];
  scalekit.api = ({ url, method, headers, body }, response) => {
    if (url.startsWith('/api/v1/environments/')) return json(response, 200, ENVIRONMENT);
    if (method === 'PATCH') features = JSON.parse(body).features;
    const answer = () => json(response, 200, { organization: { id: 'org_1', settings: { features } } });
    const isFirst = method === 'GET';
    const who = headers.authorization === `Bearer ${greedy}` ? 'greedy' : 'honest';
    if (isFirst) return void reads.push({ who, answer });
    return answer();
  };
  const server = await running(scalekit.env);
  const change = { environmentId: 'env_1', organizationId: 'org_1', feature: [{ name: 'sso', enabled: true }] };
  const many = Array.from({ length: 5 }, () =>
    toolCaller(server.localUrl, greedy)('update_organization_settings', change),
  );
  await expect.poll(() => reads.length).toBe(1);
  const one = toolCaller(server.localUrl, honest)('update_organization_settings', change);
  // The honest call waits for its turn by now: it has looked the environment up, and asks for nothing else.
  await expect
    .poll(() => scalekit.requests.filter(({ headers }) => headers.authorization === `Bearer ${honest}`).length)
    .toBe(1);
  const order: string[] = [];
  let isDone = false;
  const all = Promise.all([one, ...many]).finally(() => {
    isDone = true;
  });
  await expect
    .poll(() => {
      for (const { who, answer } of reads.splice(0)) {
        if (order.at(-1) !== who) order.push(who);
        answer();
      }
      return isDone;
    })
    .toBe(true);
  for (const { error } of await all) expect(error).toBeUndefined();
  expect(order.slice(0, 2)).toEqual(['greedy', 'honest']);
  await server.stop();
  await scalekit.close();
});

verifies('api.turns', 'who has used up their connections comes to no turn, and holds nobody up in one', async () => {
  const scalekit = await FakeScalekit.start();
  const greedy = await scalekit.mint({ claims: { sub: 'usr_greedy', scope: SCOPE } });
  const honest = await scalekit.mint({ claims: { sub: 'usr_honest', scope: SCOPE } });
  const held: ServerResponse[] = [];
  let isHeld = false;
  let features: unknown[] = [];
  scalekit.api = ({ url, method, body }, response) => {
    if (url.startsWith('/api/v1/environments/')) return json(response, 200, ENVIRONMENT);
    if (!url.includes('/org_1')) {
      if (isHeld) return void held.push(response);
      return json(response, 200, { organizations: [] });
    }
    if (method === 'PATCH') features = JSON.parse(body).features;
    return json(response, 200, { organization: { id: 'org_1', settings: { features } } });
  };
  const server = await running(scalekit.env);
  const asGreedy = toolCaller(server.localUrl, greedy);
  const list = () => asGreedy('list_organizations', { environmentId: 'env_1' });
  // So that the environment is known, and looking it up needs no connection any more.
  await list();
  isHeld = true;
  const hanging = Array.from({ length: CONNECTIONS_PER_PERSON }, list);
  await expect.poll(() => held.length).toBe(CONNECTIONS_PER_PERSON);
  const change = { environmentId: 'env_1', organizationId: 'org_1', feature: [{ name: 'sso', enabled: true }] };
  const waiting = asGreedy('update_organization_settings', change);
  const own = toolCaller(server.localUrl, honest);
  const { error } = await own('update_organization_settings', change);
  expect(error).toBeUndefined();
  for (const response of held) json(response, 200, { organizations: [] });
  for (const { error: failure } of await Promise.all([waiting, ...hanging])) expect(failure).toBeUndefined();
  await server.stop();
  await scalekit.close();
});

verifies('api.turns', 'whom the API asks to wait long gives the turn up to others', async () => {
  const scalekit = await FakeScalekit.start();
  const slow = await scalekit.mint({ claims: { sub: 'usr_slow', scope: SCOPE } });
  let isFirst = true;
  scalekit.api = ({ url }, response) => {
    if (url.startsWith('/api/v1/environments/')) return json(response, 200, ENVIRONMENT);
    if (isFirst) {
      isFirst = false;
      return json(response, 429, { code: 8, message: 'slow down', details: [] }, { 'retry-after': '9' });
    }
    return json(response, 200, { organization: { id: 'org_1', settings: { features: [] } } });
  };
  const server = await running(scalekit.env);
  const change = { environmentId: 'env_1', organizationId: 'org_1', feature: [{ name: 'sso', enabled: true }] };
  const { error } = await toolCaller(server.localUrl, slow)('update_organization_settings', change);
  expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 9_000 });
  await server.stop();
  await scalekit.close();
});
