/** So many places are named at most. */
const MAX_NAMED = 5;
/** So many digits of a number are kept for sure, whatever they are. */
const SURE_DIGITS = 15;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],]/gs;

/**
 * Where a JSON text holds numbers that JavaScript would change: integers that are not safe, and what would become
 * infinite or zero. Linear in the length of the text.
 * @param text well-formed JSON
 * @returns dotted paths, the first few
 */
export function lostNumbers(text: string): string[] {
  const lost: string[] = [];
  const place = new Place();
  for (const [token] of text.matchAll(TOKEN)) {
    place.pass(token);
    if (/^[-\d]/.test(token) && isLost(token)) lost.push(place.path());
    if (lost.length === MAX_NAMED) break;
  }
  return lost;
}

/** The place of the current value, while a text is read from token to token. */
class Place {
  /** Its name or its index, in each level. */
  readonly #path: (string | number)[] = [];
  #isNameNext = false;

  path(): string {
    return this.#path.join('.');
  }

  pass(token: string): void {
    if (token === '{') this.#enter('');
    else if (token === '[') this.#enter(0);
    else if (token === '}' || token === ']') this.#path.pop();
    else if (token === ',') this.#next();
    else if (this.#isNameNext) this.#name(token);
  }

  #enter(first: string | number): void {
    this.#path.push(first);
    this.#isNameNext = first === '';
  }

  #next(): void {
    const last = this.#path.at(-1);
    this.#isNameNext = typeof last === 'string';
    if (typeof last === 'number') this.#path[this.#path.length - 1] = last + 1;
  }

  #name(token: string): void {
    this.#path[this.#path.length - 1] = JSON.parse(token);
    this.#isNameNext = false;
  }
}

/** Whether a number of JSON is another one once it is read, but for the last digits of a fraction. */
function isLost(written: string): boolean {
  const value = Number(written);
  const [mantissa = ''] = written.split(/[eE]/);
  const digits = withoutZeros(mantissa.replace(/[-.]/g, ''));
  if (!Number.isFinite(value)) return true;
  if (value === 0) return digits !== '';
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return false;
  return /^-?\d+$/.test(written) || digits.length > SURE_DIGITS;
}

/** Digits without the zeros around them. */
function withoutZeros(digits: string): string {
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  return digits.slice(start, end);
}
