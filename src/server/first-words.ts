import type { Log } from '../observability/log/log.ts';
import type { EmbeddedSandbox, StartSandbox } from './sandbox.ts';

/** Where the demo looks by itself. */
const README_PORT = '3002';

/** What a newcomer sees on a terminal when the sandbox is ready: where it is, and what to do next. */
export class FirstWords {
  #endpoint = '';
  #sandbox: EmbeddedSandbox | undefined;

  /** Starts a sandbox, and remembers the addresses that the README calls them by. */
  watching(startSandbox: StartSandbox): StartSandbox {
    return async (options) => {
      this.#endpoint = options.resource;
      this.#sandbox = await startSandbox(options);
      return this.#sandbox;
    };
  }

  /** Says them, if there is a sandbox. */
  say(log: Log, { ledger }: { readonly ledger: 'off' | 'kept' }): void {
    if (this.#sandbox === undefined) return;
    const { port, origin } = new URL(this.#endpoint);
    const rows = [
      `  connect  claude mcp add --transport http scalekit ${this.#endpoint}`,
      `  browse   ${origin} installs it in your client, and lets you try it`,
      `  look     ${this.#sandbox.url} says what this sandbox is`,
      `  demo     ${port === README_PORT ? '' : `PORT=${port} `}npm run demo, in a second terminal`,
      ...(ledger === 'off' ? ['  ledger   off on a terminal; AUDIT_LOG=audit.jsonl keeps it in a file'] : []),
    ];
    log.info('welcome', { banner: ['', ...rows, ''].join('\n') });
  }
}
