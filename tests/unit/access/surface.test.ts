import { describe, expect, it } from 'vitest';
import type { Selection } from '../../../src/access/selection.ts';
import { narrow, type Surface } from '../../../src/access/surface.ts';
import { Surfaces } from '../../../src/access/surfaces.ts';
import type { Era } from '../../../src/core/message.ts';
import { content } from '../../../src/resources/index.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const REALM = {
  mode: 'workspace',
  scopeSpelling: 'long',
  environmentUrl: 'https://acme.scalekit.dev',
  origin: 'https://mcp.example.com',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
} as const;
const BOUND = { optIns: [] };

const surfaceOf = (selection: Selection, realm = REALM) => narrow(catalogue, realm, BOUND, selection);
const namesOf = ({ tools }: Surface) => [...tools.keys()];
/** A selection of these, by one side of a request. */
const by = (toolsets: readonly string[], tools: readonly string[] = []) => ({ named: [{ toolsets, tools }] });
/** What the pieces of a list are together. */
const listOf = ({ list }: Surface, era: Era = 'legacy') => JSON.parse(`[${Buffer.concat(list[era]).toString()}]`);

describe('a selection', () => {
  verifies('tools.narrowed', 'shows the tools that it names, in the order of the catalogue, and their scopes', () => {
    const surface = surfaceOf(by([], ['list_organizations', 'whoami', 'no_such_tool']));
    expect(namesOf(surface)).toEqual(['whoami', 'list_organizations']);
    expect(surface.scopes).toEqual(['organization:read']);
    expect(listOf(surface)).toEqual([...surface.tools.values()].map(({ listed }) => listed));
    expect(listOf(surface, 'modern')).toEqual([...surface.tools.values()].map(({ listedIn }) => listedIn.modern));
  });

  verifies('tools.narrowed', 'shows the tools of the toolsets that it names, and those beside them', () => {
    const usual = catalogue.filter(({ rare }) => rare === undefined);
    const tools = usual.map((tool, i) => ({ ...tool, toolset: i % 2 === 0 ? 'even' : 'odd' }));
    const names = (selection: Selection) => namesOf(narrow(tools, REALM, BOUND, selection));
    const even = names(by(['even']));
    expect(even.length).toBeGreaterThan(20);
    expect(names(by(['even', 'odd']))).toEqual(names({}));
    const odd = names(by(['odd']));
    expect(names(by(['even'], odd.slice(0, 1)))).toHaveLength(even.length + 1);
    expect(names(by(['none']))).toEqual([]);
  });

  verifies('tools.narrowed', 'that only reads shows nothing that does more', () => {
    const surface = surfaceOf({ readOnly: true });
    expect(namesOf(surface).length).toBeGreaterThan(20);
    expect([...surface.tools.values()].filter(({ tool }) => tool.effect !== 'read')).toEqual([]);
    expect(surface.scopes).toEqual(['environment:read', 'organization:read', 'workspace:read']);
  });

  verifies('resources.narrowed', 'completes nothing by what the operator has left out', () => {
    const completedBy = (tools: readonly string[]) => {
      const named = { toolsets: [], tools };
      const { resources } = narrow(catalogue, REALM, { ...BOUND, named }, {}, content).content;
      const found = resources.get('scalekit://environments/{environmentId}/organizations/{organizationId}');
      return [...(found?.completers.keys() ?? ['not offered'])];
    };
    expect(completedBy(['list_environments'])).toEqual(['not offered']);
    expect(completedBy(['get_organization_details'])).toEqual([]);
    const whole = narrow(catalogue, REALM, BOUND, {}, content).content.resources;
    const usual = whole.get('scalekit://environments/{environmentId}/organizations/{organizationId}');
    expect([...(usual?.completers.keys() ?? [])]).toEqual(['environmentId', 'organizationId']);
  });

  verifies('tools.narrowed', 'shows nothing that the operator has not switched on', () => {
    expect(namesOf(surfaceOf(by([], ['execute_agent_tool'])))).toEqual([]);
  });

  verifies(
    ['tools.narrowed', 'types.environment'],
    'of one environment leaves no argument that could name another',
    () => {
      const surface = surfaceOf({ environment: 'env_1' });
      expect(surface.fence).toBe('env_1');
      const naming = listOf(surface).filter(({ inputSchema }: { inputSchema: { properties: object } }) =>
        Object.hasOwn(inputSchema.properties, 'environmentId'),
      );
      expect(naming).toEqual([]);
      const ofWorkspace = ['list_environments', 'get_environment_details', 'list_workspace_members'];
      const left = new Set([...ofWorkspace, 'invite_workspace_member']);
      expect(namesOf(surface)).toEqual(namesOf(surfaceOf({})).filter((name) => !left.has(name)));
    },
  );

  verifies(
    ['tools.narrowed', 'tools.environment-mode'],
    'leads nobody out of the environment of a server that has one',
    () => {
      const surface = narrow(catalogue, { ...REALM, mode: 'environment' }, BOUND, { environment: 'env_1' });
      expect(surface.fence).toBeUndefined();
    },
  );

  it('shares the bytes of each tool with all others that show it', () => {
    const bytes = (selection: Selection) => surfaceOf(selection).tools.get('list_organizations')?.bytes;
    expect(bytes({ readOnly: true })).toBe(bytes(by([], ['list_organizations'])));
    expect(bytes({ environment: 'env_1' })).toBe(bytes({ environment: 'env_2' }));
    expect(bytes({ environment: 'env_1' })).not.toBe(bytes({}));
  });
});

describe('the surfaces of a process', () => {
  it('are made once for each selection, however it is put', () => {
    const surfaces = new Surfaces(catalogue, REALM, BOUND);
    const one = surfaces.of({ ...by([], ['whoami', 'list_organizations']), readOnly: true });
    expect(surfaces.of({ readOnly: true, ...by([], ['list_organizations', 'whoami']) })).toBe(one);
    expect(surfaces.of(by([], ['whoami', 'list_organizations']))).not.toBe(one);
    expect(surfaces.of(by(['whoami']))).not.toBe(surfaces.of(by([], ['whoami'])));
  });

  it('do not grow with what callers ask for', () => {
    const surfaces = new Surfaces(catalogue, REALM, BOUND);
    const asked = (i: number) => surfaces.of(by([], [`tool_${i}`]));
    const first = asked(0);
    for (let i = 1; i <= 200; i++) asked(i);
    expect(asked(0)).not.toBe(first);
    expect(asked(200)).toBe(asked(200));
  });

  verifies(
    'tools.selections-bounded',
    'are made once for 200 selections in turn, of bytes that all of them share',
    () => {
      const surfaces = new Surfaces(catalogue, REALM, BOUND);
      const names = catalogue.map(({ name }) => name);
      const selections = Array.from({ length: 200 }, (_, i): Selection => {
        const tools = [
          names[i % names.length] ?? '',
          names[(i + 1 + Math.floor(i / names.length)) % names.length] ?? '',
        ];
        return {
          ...by(['default'], tools),
          ...(i % 2 === 1 && { readOnly: true }),
          ...(i % 3 === 1 && { environment: 'env_1' }),
        };
      });
      const inTurn = () => selections.map((selection) => surfaces.of(selection));
      const made = inTurn();
      expect(new Set(made).size).toBe(200);
      for (let round = 0; round < 3; round++) {
        expect(inTurn().filter((surface, i) => surface !== made[i])).toEqual([]);
      }
      // A tool has other arguments where the environment is fixed, and is shown otherwise where nothing can be changed.
      const entries = new Set(made.flatMap(({ reach }) => [...reach.values()]));
      expect(entries.size).toBeLessThanOrEqual(catalogue.length * 3);
      for (const era of ['modern', 'legacy'] as const) {
        const pieces = made.flatMap(({ list }) => list[era]);
        const kept = new Set(pieces.map(({ buffer }) => buffer));
        expect(pieces.length).toBeGreaterThan(5_000);
        expect(kept.size).toBeLessThanOrEqual(entries.size);
      }
    },
  );

  it('share all but the id of the environment, which callers can make up', () => {
    const surfaces = new Surfaces(catalogue, REALM, BOUND);
    const [one, other] = [surfaces.of({ environment: 'env_1' }), surfaces.of({ environment: 'env_2' })];
    expect([one.fence, other.fence]).toEqual(['env_1', 'env_2']);
    expect(other).toEqual({ ...one, fence: 'env_2' });
    for (const part of ['tools', 'reach', 'list', 'catalogue'] as const) expect(other[part]).toBe(one[part]);
    expect(surfaces.of({}).fence).toBeUndefined();
    expect(surfaces.of({ environment: 'env_1' }).fence).toBe('env_1');
  });

  it('list the whole in one piece, the same as its tools one by one', () => {
    const { whole } = new Surfaces(catalogue, REALM, BOUND);
    expect([whole.list.modern.length, whole.list.legacy.length]).toEqual([1, 1]);
    expect(listOf(whole)).toEqual([...whole.tools.values()].map(({ listed }) => listed));
  });
});
