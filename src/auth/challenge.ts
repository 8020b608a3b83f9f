/** The parameters of a Bearer challenge (RFC 6750 §3, RFC 9728 §5.1). */
export interface Challenge {
  /** Left out when the request carried no token at all. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly description?: string;
  readonly scopes?: readonly string[];
  readonly resourceMetadata: string;
}

/** The value of a `WWW-Authenticate` header with a Bearer challenge. */
export function bearerChallenge({ error, description, scopes = [], resourceMetadata }: Challenge): string {
  const parameters = [
    error !== undefined && `error=${quote(error)}`,
    description !== undefined && `error_description=${quote(description)}`,
    scopes.length > 0 && `scope=${quote(scopes.join(' '))}`,
    `resource_metadata=${quote(resourceMetadata)}`,
  ];
  return `Bearer ${parameters.filter((parameter) => parameter !== false).join(', ')}`;
}

/** A quoted-string (RFC 9110 §5.6.4). Characters that RFC 6750 §3 does not allow become spaces. */
function quote(value: string): string {
  return `"${value.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ')}"`;
}
