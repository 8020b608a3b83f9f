import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { verifies } from '../../verifies.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 37) % 256)).toString('base64url');
const TOKEN = `${part({ alg: 'RS256', kid: 'snk_1' })}.${part({ iss: 'https://x.scalekit.dev', sub: 'usr_1', aud: ['res_1'], exp: 1, iat: 2, jti: 'abcdefghijk' })}.${signature}`;

const BREAKS = ['\n', '\r\n', '\n  ', '\n\t', '=\n', String.raw`\n`, '\\\n', '<br>', '" + "', "' +\n  '"];

describe('a token that is broken into lines', () => {
  verifies.each(
    'secrets.by-shape',
    BREAKS.map((separator) => [JSON.stringify(separator), separator] as const),
  )('by %s is redacted at any width', (_, separator) => {
    const cleaner = new Cleaner([]);
    for (const width of [40, 50, 60, 64, 70, 72, 76, 80, 100, 120]) {
      const lines = TOKEN.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      const shown = cleaner.text(`token below\n${lines.join(separator)}\nand on`);
      const left = (TOKEN.match(/.{20}/g) ?? []).filter((piece) => shown.includes(piece));
      expect([width, left]).toEqual([width, []]);
      expect(shown).toContain('and on');
    }
  });
});
