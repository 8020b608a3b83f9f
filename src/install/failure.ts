/** Why a client was not changed: its file is not one to write, somebody else has just changed it, or its own command failed. */
export type InstallFailureKind = 'file' | 'changed' | 'command' | 'place' | 'url';

/** A client that was left as it was. The message says what happened and what to do, and quotes nothing of a file. */
export class InstallFailure extends Error {
  override readonly name = 'InstallFailure';
  readonly kind: InstallFailureKind;

  constructor(kind: InstallFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
