import type { RequestHandler } from 'express';
import { ICON_FILES } from '../icons/icons.ts';

/**
 * Serves the icons that the list of tools names. Programs fetch them without a token, from pages of any origin, and once:
 * another icon has another name.
 */
export const icons: RequestHandler = (request, response, next) => {
  const file = ICON_FILES.get(request.path);
  if (file === undefined) return next();
  response.setHeader('Content-Type', file.mimeType);
  response.setHeader('Content-Length', file.bytes.byteLength);
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.end(file.bytes);
};
