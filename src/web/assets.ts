import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

const files = new Map<string, { readonly type: string; readonly bytes: Buffer }>();

/** The style sheet of all pages. */
export const STYLE = asset('pages', 'css');
/** Copies, and updates what is shown for a URL while somebody puts it together. */
export const FRONT_SCRIPT = asset('front', 'js');
/** Signs in to the sandbox and calls a tool. */
export const TRIAL_SCRIPT = asset('trial', 'js');
/** Filters the list of tools. */
export const TOOLS_SCRIPT = asset('tools', 'js');

/** Reads a file beside this one. Its name as served changes with its content, so that browsers may keep it. */
function asset(name: string, kind: keyof typeof TYPES): string {
  const bytes = readFileSync(new URL(`./assets/${name}.${kind}`, import.meta.url));
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const path = `/assets/${name}.${version}.${kind}`;
  files.set(path, { type: TYPES[kind], bytes });
  return path;
}

/** Serves the style sheet and the scripts of pages. */
export const assets: RequestHandler = (request, response, next) => {
  const file = files.get(request.path);
  if (file === undefined) return next();
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', file.bytes.byteLength);
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.end(file.bytes);
};
