import { randomBytes } from 'node:crypto';

/**
 * Encloses prose of others in marks that its writers cannot know, so that nothing in it can pose as what comes after it.
 * Make a new one for each response.
 */
export class Boundary {
  readonly #mark = `docs-${randomBytes(6).toString('hex')}`;

  /** The length that the marks add, in characters of JSON. */
  readonly length = JSON.stringify(this.around('')).length - 2;

  around(text: string): string {
    return `<${this.#mark}>\n${text}\n</${this.#mark}>`;
  }
}
