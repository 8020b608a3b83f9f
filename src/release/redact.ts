import { withoutPairs } from './pairs.ts';
import { withoutKnownShapes } from './shapes.ts';

/** Redacts secrets by their shape and by the names before them, also inside longer texts. Linear in their length. */
export function withoutShapes(text: string): string {
  return withoutPairs(withoutKnownShapes(text));
}
