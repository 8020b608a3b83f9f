/**
 * What is wrong with a configuration, one line for each mistake. A variable that has a problem of its own is left out of
 * the checks between several, because it is not known what its value would have been.
 */
export class Problems {
  readonly #lines: string[] = [];
  readonly #faulty = new Set<string>();

  /** One line for each problem. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Whether a variable has a problem of its own. */
  has(name: string): boolean {
    return this.#faulty.has(name);
  }

  /**
   * Adds the problem of one variable, or one mistake that several show.
   * @param meant a variable whose value was given under the wrong name, or in a way that does not work
   */
  of(names: string | readonly string[], text: string, meant?: string): void {
    const all = [names].flat();
    this.#lines.push(`${all.join(', ')}: ${text}`);
    for (const name of [...all, ...(meant === undefined ? [] : [meant])]) this.#faulty.add(name);
  }

  /** Adds a problem between several variables, unless one of them has a problem of its own. */
  between(names: readonly string[], line: string): void {
    if (!names.some((name) => this.#faulty.has(name))) this.#lines.push(line);
  }
}
