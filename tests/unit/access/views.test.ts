import { expect } from 'vitest';
import { narrow, type Realm } from '../../../src/access/surface.ts';
import { content } from '../../../src/resources/index.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const REALM: Realm = {
  mode: 'workspace',
  scopeSpelling: 'long',
  environmentUrl: 'https://issuer.test',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
  origin: 'https://mcp.test',
};

verifies('views.offered', 'what production writes have to be confirmed has the view of previews too', () => {
  const viewsWith = (productionWrites: 'allow' | 'confirm') => {
    const { tools } = narrow(catalogue, { ...REALM, productionWrites }, { optIns: [] }, {}, content, true);
    return new Map([...tools].map(([name, { view }]) => [name, view]));
  };
  const [usual, confirmed] = [viewsWith('allow'), viewsWith('confirm')];
  expect([usual.get('create_organization'), confirmed.get('create_organization')]).toEqual(['none', 'preview']);
  // What a workspace has beside its environments is not in production.
  expect(confirmed.get('invite_workspace_member')).toBe('none');
  for (const [name, view] of confirmed) {
    const { effect, standsForAnother } = catalogue.find((tool) => tool.name === name) ?? {};
    if (effect === 'read' && standsForAnother !== true) expect([name, view]).not.toEqual([name, 'preview']);
  }
});
