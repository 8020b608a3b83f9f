import { charactersOf, hasAnyOf, PARAMETER, SEPARATOR } from './characters.ts';
import { withoutPairs } from './pairs.ts';
import { HINTS } from './secret-names.ts';
import { MARKS, withoutKnownShapes } from './shapes.ts';

/**
 * The characters of what is redacted, each set enough for something: for a shape those of its mark; for a pair a
 * separator, and a name of a secret, a parameter of a URL, or a member of a JSON Web Key beside `kty`.
 */
const SUSPICIOUS: readonly number[] = [
  ...MARKS.map(charactersOf),
  ...[...HINTS, 'kty'].map((hint) => charactersOf(hint) | SEPARATOR),
  PARAMETER | SEPARATOR,
];

/**
 * Redacts secrets by their shape and by the names before them, also inside longer texts. Linear in their length.
 * @param characters those of the text, or more
 */
export function withoutShapes(text: string, characters = charactersOf(text)): string {
  return hasAnyOf(characters, SUSPICIOUS) ? withoutPairs(withoutKnownShapes(text)) : text;
}
