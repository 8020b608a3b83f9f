import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withoutShapesButAddress } from '../../../src/release/addresses.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

/** Where the sentences are written that go through the cleaner, as the texts of strangers do. */
const ROOMS = /^(access|core|diagnosis|knowledge|outgoing|platform|prompts|resources|run|scalekit|tools)\/.*\.ts$/;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const TEXT = /(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/g;

/** The texts of a source that have several words, with a word in the place of each value. */
function sentencesIn(source: string): string[] {
  const texts = [...source.replace(COMMENT, '').matchAll(TEXT)].map(([, , text = '']) =>
    text.replace(/\$\{[^}]*\}/g, 'X'),
  );
  return texts.filter((text) => text.includes(' ') && !/^\^|\\[sdwpu]/.test(text));
}

verifies('secrets.own-words', 'no sentence of this server loses a part of itself as a secret', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    ROOMS.test(file),
  );
  const sentences = files.flatMap((file) => sentencesIn(readFileSync(join(ROOT, 'src', file), 'utf8')));
  expect(sentences.length).toBeGreaterThan(1_000);
  expect(sentences.filter((text) => withoutShapesButAddress(text) !== text)).toEqual([]);
});
