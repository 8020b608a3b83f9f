import type { RequestHandler } from 'express';

/**
 * Opens a route to scripts of any origin, without credentials, and answers their preflights (Fetch standard, CORS
 * protocol). Browser-based clients discover, register and fetch tokens from pages that nobody knows beforehand.
 */
export const openToBrowsers: RequestHandler = (req, res, next) => {
  res.set('Access-Control-Allow-Origin', '*');
  if (req.method !== 'OPTIONS') {
    res.set('Access-Control-Expose-Headers', 'WWW-Authenticate');
    return next();
  }
  res.set('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  // Authorization is not covered by a wildcard.
  res.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, MCP-Protocol-Version, *');
  res.set('Access-Control-Max-Age', '86400');
  res.status(204).end();
};
