import { afterAll, beforeAll, expect } from 'vitest';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

verifies(
  'breaker.others',
  'an API that fails for one person, through any number of clients, serves all others',
  async () => {
    const subjectOf = (authorization = '') =>
      JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()).sub;
    scalekit.serveApi(({ headers }, response) =>
      subjectOf(headers.authorization) === 'usr_failing'
        ? json(response, 503, {})
        : json(response, 200, { organizations: [] }),
    );
    const call = async (claims: Record<string, string>) => {
      const token = await scalekit.mint({ claims });
      const { body } = await callTool(`${server.url}/mcp`, 'modern', 'create_organization', ARGUMENTS, { token });
      return body.result.structuredContent?.error?.code ?? failureIn(body.result)?.code ?? 'ok';
    };
    const failing = async () => {
      const codes = [];
      for (let i = 0; i < 12; i++) codes.push(await call({ sub: 'usr_failing', client_id: `m2m_${i % 4}` }));
      return new Set(codes);
    };
    const others = ['usr_1', 'usr_2', 'usr_3'];
    for (let i = 0; i < 2; i++) {
      expect(await failing()).toEqual(new Set(['upstream_unavailable']));
      for (const sub of others) {
        const token = await scalekit.mint({ claims: { sub } });
        const { body } = await callTool(`${server.url}/mcp`, 'modern', 'list_organizations', LIST, { token });
        expect(body.result.structuredContent).toEqual({ organizations: [] });
      }
    }
    const opened = server.lines.filter(({ event }) => event === 'circuit_open');
    expect(new Set(opened.map(({ of, caller }) => `${of} ${caller}`))).toEqual(new Set(['person usr_failing']));
  },
);

const LIST = { environmentId: 'env_1' };
const ARGUMENTS = { ...LIST, name: 'Acme' };
