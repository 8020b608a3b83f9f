import { type Cut, withoutCuts } from './cuts.ts';
import { elementsIn } from './elements.ts';
import { optionsIn } from './options.ts';
import { pairsIn } from './pairs.ts';
import { readingsOf } from './readings.ts';

/**
 * Redacts values by their names in a text: pairs, elements of XML and options of commands, as they are and in other
 * spellings of the same. Linear in the length of the text.
 */
export function withoutNamed(text: string): string {
  const cuts = namedIn(text);
  for (const { text: read, originalOf } of readingsOf(text)) {
    for (const { start, end } of namedIn(read)) cuts.push(originalOf(start, end));
  }
  return withoutCuts(text, cuts);
}

function namedIn(text: string): Cut[] {
  return [...pairsIn(text), ...elementsIn(text), ...optionsIn(text)];
}
