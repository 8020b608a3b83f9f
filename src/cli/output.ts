import type { Writable } from 'node:stream';
import { withoutControls } from '../core/invisible.ts';
import type { ToldFailure } from './failure.ts';

/** A stream of this process, as far as commands need to know it. */
export type OutputStream = Writable & { readonly isTTY?: boolean };

export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether a person types. */
  readonly isTyped: boolean;
  /** Whether results are JSON (`--json`). */
  readonly isJson: boolean;
}

/**
 * How a command speaks. Results go to stdout and nothing else does, so that programs can read them; all talk goes to
 * stderr. With `--json`, stdout holds exactly one JSON value: the result, or `{"error": …}`.
 *
 * Texts may be somebody else's, such as the name of an organization or the error of a hosted server. So nothing that is
 * written here steers a terminal.
 */
export class Output {
  /** Whether results are JSON. */
  readonly isJson: boolean;
  /** Whether a person reads and types, so that questions can be asked. Programs and agents are never asked anything. */
  readonly isInteractive: boolean;
  /** Where questions are asked. */
  readonly questions: OutputStream;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;

  constructor({ stdout, stderr, isTyped, isJson }: OutputOptions) {
    this.isJson = isJson;
    this.isInteractive = isTyped && stderr.isTTY === true && !isJson;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.questions = stderr;
    // A reader that has seen enough, such as `head`, ends no command with a stack.
    for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  }

  /** Writes the result: the value with `--json`, the text for people otherwise. */
  result(value: unknown, text: string): void {
    this.#stdout.write(this.isJson ? json(value) : shown(text));
  }

  /** Writes a text that is the same for people and programs, such as a script of a shell. */
  plain(text: string): void {
    this.#stdout.write(shown(text));
  }

  /** Says something to the person: progress, advice, what is about to happen. */
  say(text: string): void {
    this.#stderr.write(shown(text));
  }

  /** Says why the command has failed: the error with `--json`, the text for people otherwise. */
  error(error: object, text: string): void {
    if (this.isJson) this.#stdout.write(json({ error }));
    else this.say(text);
  }

  /** Says why the command has not run. */
  failure({ kind, text, run }: Pick<ToldFailure, 'kind' | 'text' | 'run'>): void {
    this.error({ code: kind, message: text, ...(run !== undefined && { run }) }, text);
  }
}

/** The text as a terminal may have it, with the end of its last line. */
function shown(text: string): string {
  const harmless = withoutControls(text);
  return harmless === '' || harmless.endsWith('\n') ? harmless : `${harmless}\n`;
}

/** The value as JSON. Of control characters, JSON itself escapes only those below U+0020. */
function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[\u007f-\u009f]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)}\n`;
}
