import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import { describeScope } from '../../../src/sandbox/oauth/scopes.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';
import { Client, checkboxes, tickedBoxes, type Visit } from './browser.ts';

const READS = ['environment:read', 'organization:read', 'workspace:read'];
const ALL = ['environment', 'organization', 'workspace'].flatMap((area) => [`${area}:read`, `${area}:write`]);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
});
afterAll(() => sandbox.close());

async function consentOf(client: Client, parameters = {}): Promise<Visit> {
  return client.signIn(await client.begin(parameters));
}

/** The scopes that stand under the mark for what changes data. */
const marked = ({ text }: Visit) =>
  [...text.matchAll(/<code>([^<]+)<\/code><span class="tag changes">/g)].map(([, scope]) => scope);

describe('what is ticked', () => {
  verifies('sandbox.consent', 'is what only looks; what changes data is offered, and marked', async () => {
    const client = await Client.register(sandbox);
    const consent = await consentOf(client);
    expect(checkboxes(consent)).toEqual(ALL);
    expect(tickedBoxes(consent)).toEqual(READS);
    expect(marked(consent)).toEqual(ALL.filter((scope) => !READS.includes(scope)));
    const { access_token } = await client.exchange(
      await client.allow(consent, { untick: marked(consent).map(String) }),
    );
    expect(decodeJwt(access_token)['scopes']).toEqual([...READS, 'offline_access']);
  });

  verifies('sandbox.consent', 'can be all, and again what only looks, by one click', async () => {
    const client = await Client.register(sandbox);
    let page = await consentOf(client);
    for (const [name, expected] of [
      ['all', ALL],
      ['only look', READS],
    ] as const) {
      const address = new RegExp(`<a href="([^"]+)"[^>]*>${name}</a>`).exec(page.text)?.[1] ?? '';
      page = await client.open(address);
      expect(tickedBoxes(page)).toEqual(expected);
    }
  });

  verifies('sandbox.consent', 'must be something: nothing is told on the page, and not taken for a no', async () => {
    const client = await Client.register(sandbox);
    const again = await client.allow(await consentOf(client), { untick: ALL });
    expect([again.status, again.text.includes('Nothing is ticked')]).toEqual([400, true]);
    expect([checkboxes(again), tickedBoxes(again)]).toEqual([ALL, []]);
    expect((await client.deny(again)).url.searchParams.get('error')).toBe('access_denied');
  });
});

describe('what is ticked for a client that was allowed something before', () => {
  const newcomers = ({ text }: Visit) =>
    [...text.matchAll(/<code>([^<]+)<\/code>(?:(?!<\/li>).)*New: asked for now/gs)].map(([, scope]) => scope);

  verifies('sandbox.consent-again', 'is what is new, first and marked, and what it had: Allow leads on', async () => {
    const client = await Client.register(sandbox);
    await client.authorize({ scope: READS.join(' ') });
    const consent = await client.begin({ scope: [...READS, 'organization:write'].join(' ') });
    expect(checkboxes(consent)).toEqual(['organization:write', ...READS]);
    expect(tickedBoxes(consent)).toEqual(checkboxes(consent));
    expect(newcomers(consent)).toEqual(['organization:write']);
    const untick = checkboxes(consent).filter((scope) => !tickedBoxes(consent).includes(scope));
    const { access_token } = await client.exchange(await client.allow(consent, { untick }));
    expect(decodeJwt(access_token)['scopes']).toContain('organization:write');
  });

  verifies('sandbox.consent-again', 'is what was refused before, and the one scope that is asked alone', async () => {
    const client = await Client.register(sandbox);
    await client.authorize({}, { untick: ALL.filter((scope) => !READS.includes(scope)) });
    const refused = await client.begin({ scope: 'environment:read environment:write' });
    expect([tickedBoxes(refused), newcomers(refused)]).toEqual([
      ['environment:write', 'environment:read'],
      ['environment:write'],
    ]);
    const alone = await client.begin({ scope: 'workspace:write' });
    expect([tickedBoxes(alone), newcomers(alone)]).toEqual([['workspace:write'], ['workspace:write']]);
  });

  verifies(
    'sandbox.consent-again',
    'is everything when nothing is new; what only looks stays one click away',
    async () => {
      const client = await Client.register(sandbox);
      await client.authorize();
      const consent = await client.begin();
      expect([tickedBoxes(consent), newcomers(consent)]).toEqual([ALL, []]);
      const look = /<a href="([^"]+)"[^>]*>only look<\/a>/.exec(consent.text)?.[1] ?? '';
      expect(tickedBoxes(await client.open(look))).toEqual(READS);
    },
  );

  verifies(
    'sandbox.consent-again',
    'is what only looks for another person, another client and after a no',
    async () => {
      const client = await Client.register(sandbox);
      await client.authorize();
      const begun = await client.begin({ prompt: 'login' });
      expect(tickedBoxes(await client.signIn(begun, PERSON_IDS.colleague))).toEqual(READS);
      const other = await Client.register(sandbox);
      await other.deny(await consentOf(other));
      expect(tickedBoxes(await other.begin())).toEqual(READS);
    },
  );
});

describe('the mark for what changes data', () => {
  verifies('sandbox.consent', 'stands at the scopes of every tool that is not made for looking', () => {
    for (const { name, scope, effect } of catalogue) {
      const areaChanges = scope === null ? false : describeScope(scope)?.changes;
      const toolChanges = describeScope(`mcp:tools:${name}`)?.changes;
      if (effect === 'read') expect([name, areaChanges, toolChanges]).toEqual([name, false, false]);
      else expect([name, toolChanges]).toEqual([name, true]);
    }
  });

  verifies('sandbox.consent', 'stands at what nobody here knows', () => {
    expect(describeScope('mcp:tools:a_tool_of_tomorrow')?.changes).toBe(true);
    expect(describeScope('mcp:tools:*')?.changes).toBe(true);
  });
});

verifies('sandbox.consent', 'the page says what scopes cover, for whom, and for how long', async () => {
  const consent = await consentOf(await Client.register(sandbox));
  for (const said of ['act as your users', 'run tools in their accounts', 'portal links', 'administrators']) {
    expect(consent.text).toContain(said);
  }
  expect(consent.text).toContain('<dd>Up to 30 days</dd>');
  expect(consent.text).not.toMatch(/withdraw|Calls itself/);
  const once = await Client.register(sandbox, { grant_types: ['authorization_code'] });
  expect((await consentOf(once)).text).toContain('<dd>One hour</dd>');
});

verifies('sandbox.consent', 'a name that an application gives itself is cut, and shows what it is', async () => {
  const client = await Client.register(sandbox, { client_name: `\u202eevil\u2066 ${'long '.repeat(20)}` });
  const login = await client.begin();
  const heading = /<h1[^>]*>(.*)<\/h1>/.exec((await client.signIn(login)).text)?.[1] ?? '';
  expect(heading.length).toBeLessThan(80);
  expect(heading).toContain('…');
  expect(heading).toContain('Allow evil long');
  const whole = `evil ${'long '.repeat(20)}`.trim();
  expect(login.text).toContain(`It calls itself ${whole}</p>`);
  expect((await client.begin()).text).toContain(`<dd>${whole}</dd>`);
});

verifies('sandbox.consent', 'the keyboard begins in the page, and its buttons stay in view', async () => {
  const client = await Client.register(sandbox);
  const login = await client.begin();
  const consent = await client.signIn(login);
  for (const page of [login, consent]) expect(page.text.match(/ autofocus/g)).toHaveLength(1);
  expect(consent.text).toMatch(/\.actions \{[^}]*position: sticky; bottom: 0/);
  expect(consent.text).toMatch(/forced-colors: active[^@]*\.primary \{[^}]*background: Highlight/);
});
