import { expect } from 'vitest';
import { isUrl, parseUrl } from '../../../src/core/parse-url.ts';
import { verifies } from '../../verifies.ts';

verifies('arguments.exact', 'a host in letters of any script is one, however often it is asked', () => {
  let refused = 0;
  for (let i = 0; i < 20_000; i++) if (!isUrl('https://bücher.example/cb')) refused++;
  expect(refused).toBe(0);
  expect(isUrl('/cb', 'https://bücher.example')).toBe(true);
  expect(parseUrl('/cb', 'https://bücher.example')?.href).toBe('https://xn--bcher-kva.example/cb');
  expect(parseUrl('https://')).toBeUndefined();
  expect(['', 'cb', 'https://', 'https://a b/'].filter((text) => isUrl(text))).toEqual([]);
});
