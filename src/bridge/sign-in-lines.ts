import { ownCall } from '../install/own-call.ts';

/** Scopes of letters that no shell gives a meaning. What else a server says is in no line to paste. */
const SCOPES = /^[\w:./-]+(?: [\w:./-]+)*$/;
const LONGEST = 2_000;

/** The lines by which a person signs in at a server, and out: whole, so that they work wherever they are pasted. */
export class SignInLines {
  readonly #options: readonly string[];
  readonly #client: readonly string[];

  /**
   * @param url of the server, as the person calls it
   * @param clientId the client that they have given, if they have
   */
  constructor(url: string, clientId?: string) {
    this.#options = ['--url', url];
    this.#client = clientId === undefined ? [] : ['--client-id', clientId];
  }

  /** @param scope what to ask for, in place of what the server says; left out of the line where it is no scope */
  login(scope?: string): string {
    const isScope = scope !== undefined && scope.length <= LONGEST && SCOPES.test(scope);
    return ownCall('login', ...this.#options, ...(isScope ? ['--scope', scope] : []), ...this.#client);
  }

  logout(): string {
    return ownCall('logout', ...this.#options);
  }
}
