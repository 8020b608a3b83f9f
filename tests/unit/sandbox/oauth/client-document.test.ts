import { describe, expect } from 'vitest';
import { allows, problemOf } from '../../../../src/sandbox/oauth/client-allowlist.ts';
import { fetchClientDocument, namesDocument } from '../../../../src/sandbox/oauth/client-document.ts';
import { isPublicAddress, isThisMachine } from '../../../../src/sandbox/oauth/public-address.ts';
import { clientDocuments } from '../../../fixtures/client-document.ts';
import { listening } from '../../../fixtures/listening.ts';
import { verifies } from '../../../verifies.ts';

const reasonOf = (id: string) =>
  fetchClientDocument(id).then(
    () => 'taken',
    ({ code, message }) => `${code}: ${message}`,
  );

describe('the address of a client’s document', () => {
  verifies.each('sandbox.client-documents', [
    'https://10.0.0.1/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.1.1/client.json',
    'https://[fd00::1]/client.json',
    'https://[fe80::1]/client.json',
    'https://[::ffff:10.0.0.1]/client.json',
    'https://[2002:a00:1::]/client.json',
    'https://0.0.0.0/client.json',
    'https://2130706434.0/client.json',
    'http://93.184.216.34/client.json',
    'http://client.example/client.json',
    'https://client.example',
    'https://client.example/',
    'https://user@client.example/client.json',
    'https://:secret@client.example/client.json',
    'https://client.example/client.json#part',
    'https://',
    'https://exa mple/x',
  ])('%s is refused without being asked', async (id) => {
    expect(await reasonOf(id)).toMatch(/^invalid_client_metadata_url: (The address|Its client id)/);
  });

  verifies('sandbox.client-documents', 'counts as one from http on', () => {
    expect(['https://a.example/x', 'HTTP://a/x', 'm2m_1', 'ftp://a/x', 'x https://'].map(namesDocument)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  verifies('sandbox.client-documents', 'is this machine by its own names alone', () => {
    const own = ['localhost', 'LOCALHOST', 'app.localhost', '127.0.0.1', '127.9.9.9', '[::1]'];
    const others = ['localhost.evil.example', 'evil.example', '10.0.0.1', '[::]', '0.0.0.0', '[::2]'];
    expect([...own, ...others].filter(isThisMachine)).toEqual(own);
  });

  verifies('sandbox.client-documents', 'is public or not', () => {
    const open = ['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'];
    const closed = [
      '198.18.0.1',
      '168.63.129.16',
      'fec0::1',
      '64:ff9b:1::1',
      '::8.8.8.8',
      '127.0.0.1',
      '::1',
      '100.64.0.1',
      '172.16.0.1',
      '224.0.0.1',
      '::ffff:127.0.0.1',
      'fe80::1',
      'x',
      '',
    ];
    expect([...open, ...closed].filter(isPublicAddress)).toEqual(open);
  });
});

describe('a client’s document', () => {
  const good = (client_id: string) => ({ client_id, redirect_uris: ['http://127.0.0.1/callback'] });
  const answering = (change: (document: Record<string, unknown>) => unknown) =>
    clientDocuments((req, res) => {
      const document = good(`https://${req.headers.host}${req.url}`);
      const answer = change(document);
      res.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });

  verifies.each<[string, (document: Record<string, unknown>) => unknown, RegExp]>('sandbox.client-documents', [
    ['another client_id', (document) => ({ ...document, client_id: 'https://other.example/x' }), /not the address/],
    ['no client_id', ({ client_id: _, ...document }) => document, /client_id/],
    ['no redirect addresses', (document) => ({ ...document, redirect_uris: [] }), /redirect_uris/],
    ['a secret', (document) => ({ ...document, client_secret: 'x' }), /client_secret/],
    [
      'authentication by secret',
      (document) => ({ ...document, token_endpoint_auth_method: 'client_secret_post' }),
      /auth_method/,
    ],
    ['no JSON', () => '<html>', /no JSON/],
    ['no object', () => '[]', /Of the document/],
    ['more than it may be', (document) => ({ ...document, more: 'x'.repeat(20_000) }), /longer than/],
  ])('with %s is refused', async (_name, change, reason) => {
    const documents = await answering(change);
    expect(await reasonOf(documents.at('/client.json'))).toMatch(reason);
    await documents.close();
  });

  verifies('sandbox.registration-blanks', 'may leave members empty or null', async () => {
    const documents = await answering((document) => ({
      ...document,
      client_uri: '',
      logo_uri: null,
      grant_types: null,
    }));
    const client = await fetchClientDocument(documents.at('/client.json'));
    expect(client).toMatchObject({ grant_types: ['authorization_code', 'refresh_token'] });
    expect(client).not.toHaveProperty('client_uri');
    expect(client).not.toHaveProperty('logo_uri');
    await documents.close();
  });

  verifies('sandbox.client-documents', 'is not looked for where its address leads on, or fails', async () => {
    const redirecting = await clientDocuments((_req, res) => res.writeHead(302, { location: '/other' }).end());
    expect(await reasonOf(redirecting.at('/client.json'))).toContain('status 302');
    expect(redirecting.asked).toBe(1);
    await redirecting.close();
    expect(await reasonOf(redirecting.at('/client.json'))).toContain('ECONNREFUSED');
    const cut = await clientDocuments((_req, res) => void res.write('{', () => res.destroy()));
    expect(await reasonOf(cut.at('/client.json'))).toContain('could not be fetched');
    await cut.close();
  });

  verifies('sandbox.client-documents', 'may come by http from this machine', async () => {
    const server = await listening(
      (req, res) => void res.end(JSON.stringify(good(`http://${req.headers.host}${req.url}`))),
    );
    const id = `${server.url}/client.json`;
    expect(await fetchClientDocument(id)).toMatchObject({ client_id: id, token_endpoint_auth_method: 'none' });
    await server.close();
  });
});

describe('a list of documents', () => {
  const matches = (type: string, value: string, ids: readonly string[]) =>
    ids.filter((id) => allows({ type, value }, id));
  const IDS = ['https://a.example/x', 'https://a.example/x/y', 'https://a.example.evil/x', 'https://b.example/x', 'no'];

  verifies('sandbox.client-documents', 'names addresses, and hosts or paths by a star at the end', () => {
    expect(matches('URL', 'https://a.example/x', IDS)).toEqual([IDS[0]]);
    for (const star of ['https://a.example*', 'https://a.example/*']) {
      expect(matches('URL', star, IDS)).toEqual(IDS.slice(0, 2));
    }
    expect(matches('URL', 'https://a.example/x/*', IDS)).toEqual([IDS[1]]);
    expect(matches('PREDEFINED', 'CLAUDE', ['https://claude.ai/oauth/client', 'https://claude.ai.evil/x'])).toEqual([
      'https://claude.ai/oauth/client',
    ]);
    expect(matches('PREDEFINED', 'NOBODY', IDS)).toEqual([]);
  });

  verifies('sandbox.client-documents', 'takes what a client could be', () => {
    const values = ['https://a.example/x', 'https://a.example/*', 'https://a.example*'];
    expect(values.map((value) => problemOf({ type: 'URL', value }))).toEqual(values.map(() => undefined));
  });
});
