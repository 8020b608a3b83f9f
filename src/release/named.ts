import { type AddCut, type Cut, withoutCuts } from './cuts.ts';
import { addElements } from './elements.ts';
import { REDACTED } from './known-secrets.ts';
import { addManifests } from './manifests.ts';
import { addOptions } from './options.ts';
import { addPairs } from './pairs.ts';
import { readingsOf } from './readings.ts';

/**
 * Redacts values by their names in a text: pairs, elements of XML, options of commands and manifests, as they are and in other
 * spellings of the same. Linear in the length of the text.
 */
export function withoutNamed(text: string): string {
  const cuts: Cut[] = [];
  addNamed(text, (start, end, mark) => cuts.push({ start, end, mark }));
  for (const { text: read, originalAt } of readingsOf(text)) {
    addNamed(read, (start, end) => cuts.push({ start: originalAt(start), end: originalAt(end), mark: REDACTED }));
  }
  return withoutCuts(text, cuts);
}

function addNamed(text: string, add: AddCut): void {
  addPairs(text, add);
  addElements(text, add);
  addOptions(text, add);
  addManifests(text, add);
}
