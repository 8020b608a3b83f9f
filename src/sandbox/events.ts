/**
 * A structured event of the sandbox, for the log of whoever started it. Carries no token, code or secret.
 * `oauth_token_request` is written for each call of a token endpoint, `sandbox_defect` when the sandbox itself failed.
 */
export type SandboxEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

export type Log = (event: SandboxEvent) => void;

/** One call of a token endpoint, whatever came of it. */
export interface TokenRequest {
  readonly clientId: string | undefined;
  readonly grantType: string | undefined;
  /** Asked for in this request, or held by the code or refresh token that it presents. */
  readonly scopes: readonly string[];
  readonly success: boolean;
}

/** Writes the event that every call of a token endpoint leaves behind. */
export function logTokenRequest(log: Log, { clientId, grantType, scopes, success }: TokenRequest): void {
  log({
    event: 'oauth_token_request',
    client_id: bounded(clientId),
    grant_type: bounded(grantType),
    requested_scopes: scopes.slice(0, 50).map(bounded),
    success,
  });
}

/** The caller chose these texts and has not been authenticated yet. */
function bounded(text: string | undefined): string | undefined {
  return text?.slice(0, 200);
}
