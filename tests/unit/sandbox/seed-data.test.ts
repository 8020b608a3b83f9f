import { expect, it } from 'vitest';
import * as ids from '../../../src/sandbox/data/ids.ts';
import { seedOrganizations } from '../../../src/sandbox/data/organizations.ts';
import { PEOPLE } from '../../../src/sandbox/data/people.ts';
import { ENVIRONMENTS, MEMBERS, WORKSPACE } from '../../../src/sandbox/data/workspace.ts';

const { organizations: DEVELOPMENT_ORGANIZATIONS } = seedOrganizations('development');
const { organizations: PRODUCTION_ORGANIZATIONS } = seedOrganizations('production');
const ORGANIZATIONS = [...DEVELOPMENT_ORGANIZATIONS, ...PRODUCTION_ORGANIZATIONS];

it.each([
  ['development', DEVELOPMENT_ORGANIZATIONS, ids.DEVELOPMENT_ORGANIZATION_IDS],
  ['production', PRODUCTION_ORGANIZATIONS, ids.PRODUCTION_ORGANIZATION_IDS],
])(
  'organizations of %s have the exported ids, in order of creation, with external ids of their own',
  (_, all, known) => {
    expect(all.map(({ id }) => id)).toEqual(Object.values(known));
    const created = all.map(({ create_time }) => create_time);
    expect(created).toEqual(created.toSorted());
    const externalIds = all.flatMap(({ external_id }) => external_id ?? []);
    expect(new Set(externalIds).size).toBe(externalIds.length);
  },
);

it('organizations keep the rules that the API has for them', () => {
  for (const { id, display_name, metadata, slug, create_time, update_time } of ORGANIZATIONS) {
    expect(id).toMatch(/^org_\d{1,28}$/);
    expect([...display_name].length).toBeLessThanOrEqual(200);
    expect(slug ?? 'none').toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/);
    expect(Object.keys(metadata).length).toBeLessThanOrEqual(10);
    for (const [key, value] of Object.entries(metadata)) {
      expect(key.length >= 3 && key.length <= 25 && value.length >= 1 && value.length <= 256).toBe(true);
    }
    expect(Date.parse(String(update_time))).toBeGreaterThanOrEqual(Date.parse(String(create_time)));
  }
});

it('organizations show every state that a customer can be in', () => {
  const has = (name: string) =>
    DEVELOPMENT_ORGANIZATIONS.some((organization) =>
      organization.settings?.features.some((feature) => feature.name === name && feature.enabled),
    );
  expect([has('sso'), has('dir_sync')]).toEqual([true, true]);
  expect(DEVELOPMENT_ORGANIZATIONS.some(({ settings }) => settings === undefined)).toBe(true);
  expect(DEVELOPMENT_ORGANIZATIONS.some(({ display_name }) => [...display_name].length === 200)).toBe(true);
  expect(DEVELOPMENT_ORGANIZATIONS.map(({ metadata }) => metadata['plan'])).toEqual(
    expect.arrayContaining(['trial', 'none', 'business', 'enterprise', undefined]),
  );
});

it('environments, workspace, members and people fit together', () => {
  expect(ENVIRONMENTS.map(({ id }) => id)).toEqual(Object.values(ids.ENVIRONMENT_IDS));
  expect(ENVIRONMENTS.map(({ domain }) => domain)).toEqual(Object.values(ids.ENVIRONMENT_DOMAINS));
  expect(WORKSPACE.id).toBe(ids.WORKSPACE_ID);
  expect(MEMBERS.map(({ id }) => id)).toEqual([...PEOPLE.map(({ id }) => id), ...Object.values(ids.MEMBER_IDS)]);
  expect(PEOPLE.map(({ id }) => id)).toEqual(Object.values(ids.PERSON_IDS));
  for (const { id } of PEOPLE) expect(id).toMatch(/^usr_\d{15,21}$/);
});
