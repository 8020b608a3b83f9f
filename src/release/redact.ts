import { charactersOf, HYPHEN, hasAnyOf, PARAMETER, SEPARATOR, smallest } from './characters.ts';
import { withoutNamed } from './named.ts';
import { HINTS } from './secret-names.ts';
import { MARKS, withoutKnownShapes } from './shapes.ts';

/** The characters of what is redacted by its shape: those of a mark of one. */
const SHAPES = smallest(MARKS.map(charactersOf));
/** The characters of names of secrets, and of the type of a JSON Web Key. */
const NAMES = smallest([...HINTS, 'kty'].map(charactersOf));
/** What is redacted by its name has one of these beside the name. */
const BESIDE = SEPARATOR | PARAMETER | HYPHEN;
/** What stands around a parameter of a URL, whatever its name is. */
const PARAMETERS = [PARAMETER | SEPARATOR];

/**
 * Redacts secrets by their shape and by the names before them, also inside longer texts. Linear in their length.
 * @param characters those of the text, or more
 */
export function withoutShapes(text: string, characters = charactersOf(text)): string {
  const shapeless = hasAnyOf(characters, SHAPES) ? withoutKnownShapes(text, characters) : text;
  return mayName(characters) ? withoutNamed(shapeless) : shapeless;
}

function mayName(characters: number): boolean {
  if ((characters & BESIDE) === 0) return false;
  return hasAnyOf(characters, NAMES) || hasAnyOf(characters, PARAMETERS);
}
