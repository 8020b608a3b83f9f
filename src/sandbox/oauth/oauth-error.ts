import type { ErrorRequestHandler, Response } from 'express';

/** An error answer of an endpoint that is no page (RFC 6749 §5.2, RFC 8707 §2, RFC 7591 §3.2.2). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: string;
  readonly status: 400 | 401 | 403;

  constructor(code: string, description: string, status: 400 | 401 | 403 = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}

export function sendOAuthError(res: Response, { code: error, message: error_description, status }: OAuthError): void {
  if (status === 401) res.set('WWW-Authenticate', 'Basic realm="scalekit"');
  res.status(status).set('Cache-Control', 'no-store').json({ error, error_description });
}

/** Answers a body that cannot be read with that error; anything else that went wrong is passed on. */
export function refuseUnreadable(refusal: OAuthError): ErrorRequestHandler {
  return (error: { status?: number }, _req, res, next) => {
    if (error.status === undefined || error.status >= 500) next(error);
    else sendOAuthError(res, refusal);
  };
}
