/** What has been opened so far, to be closed in reverse order. */
export class DisposalStack {
  readonly #closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.#closers.unshift(close);
  }

  /** Closes everything, one after the other; the last one that was added comes first. A second call does nothing. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}
