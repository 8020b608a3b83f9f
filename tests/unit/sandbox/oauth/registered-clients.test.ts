import { describe, expect } from 'vitest';
import { RegisteredClients } from '../../../../src/sandbox/oauth/registered-clients.ts';
import type { EnvironmentContent, Store } from '../../../../src/sandbox/store.ts';
import { verifies } from '../../../verifies.ts';

describe('clients that register themselves', () => {
  verifies('sandbox.bounded', 'push out the oldest of their own server alone, with what they said', async () => {
    const content = { serverClients: [], consents: [], resources: [] } as unknown as EnvironmentContent;
    const clients = new RegisteredClients({} as Store, content, 'res_1');
    const others = new RegisteredClients({} as Store, content, 'res_2');
    const said = (id: string) => ({ client_id: id, client_name: id, redirect_uris: ['http://127.0.0.1/callback'] });
    await others.upsert('other', said('other'));
    for (let i = 0; i < 502; i++) await clients.upsert(`client_${i}`, said(`client_${i}`));
    expect(content.serverClients).toHaveLength(501);
    for (const gone of ['client_0', 'client_1']) expect(await clients.find(gone)).toBeUndefined();
    for (const kept of ['client_2', 'client_501']) expect(await clients.find(kept)).toMatchObject(said(kept));
    expect(await others.find('other')).toMatchObject(said('other'));
  });
});
