/** An error answer of a token endpoint (RFC 6749 §5.2, RFC 8707 §2). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: string;
  readonly status: 400 | 401;

  constructor(code: string, description: string, status: 400 | 401 = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }

  /** The JSON body. */
  toJSON(): { readonly error: string; readonly error_description: string } {
    return { error: this.code, error_description: this.message };
  }
}
