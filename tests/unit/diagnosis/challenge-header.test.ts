import { expect } from 'vitest';
import { bearerParameters } from '../../../src/diagnosis/mcp-server/challenge-header.ts';
import { verifies } from '../../verifies.ts';

const parametersOf = (header: string) => {
  const parameters = bearerParameters(header);
  return parameters && Object.fromEntries(parameters);
};

verifies.each<[string, Record<string, string> | undefined]>('diagnosis.mcp-server', [
  ['', undefined],
  ['Basic realm="x"', undefined],
  ['Basic realm="Bearer scope=a"', undefined],
  ['Bearer', {}],
  ['bearer scope=a', { scope: 'a' }],
  ['Bearer resource_metadata="https://a/b?c=d", scope="x y"', { resource_metadata: 'https://a/b?c=d', scope: 'x y' }],
  ['Bearer RESOURCE_METADATA = "https://a"', { resource_metadata: 'https://a' }],
  ['Bearer realm="a \\"quoted\\" one", error="invalid_token"', { realm: 'a "quoted" one', error: 'invalid_token' }],
  ['Bearer resource_metadata=https://a/b', { resource_metadata: 'https://a/b' }],
  ['Negotiate, Bearer scope="a", Basic realm="b"', { scope: 'a' }],
  ['DPoP algs="ES256", Bearer scope="a", scope="b"', { scope: 'b' }],
  ['Bearer scope="never closed', { scope: '' }],
])('reads the Bearer challenge of %j', (header, parameters) => {
  expect(parametersOf(header)).toEqual(parameters);
});

verifies('diagnosis.safe', 'a challenge of any length is read to a limit', () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `p${i}=1`).join(', ');
  expect(Object.keys(parametersOf(`Bearer ${names}`) ?? {}).length).toBeLessThan(1_500);
  for (const filler of [' ', ',', '"', '\\', '=', 'a', 'a="', ' ,']) {
    expect(() => parametersOf(`Bearer ${filler.repeat(1_000_000)}`)).not.toThrow();
  }
});
