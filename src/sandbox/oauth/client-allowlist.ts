import type { NewerResource } from '../contract/published/clients.ts';
import { parseUrl } from '../parse-url.ts';

type Entry = NewerResource['cimd_client_allowlist'][number];

/** Whose documents the known names stand for. Scalekit names one as an example; which addresses it means is inferred. */
const PREDEFINED: Readonly<Record<string, string>> = { CLAUDE: 'https://claude.ai/*' };

/**
 * What is wrong with an entry (documented): an address begins with https, and has a path or a star at its end; there is no
 * other star. `undefined`: nothing.
 */
export function problemOf({ type, value }: Entry): string | undefined {
  if (type === 'PREDEFINED') return undefined;
  const isWild = value.endsWith('*');
  const address = isWild ? value.slice(0, -1) : value;
  if (address.includes('*')) return 'value may have one star, at its end';
  const url = parseUrl(address);
  if (url?.protocol !== 'https:') return 'value must be an https URL';
  return isWild || url.pathname !== '/' ? undefined : 'value must have a path';
}

/** Whether an entry allows the client whose document is at that address. */
export function allows({ type, value }: Entry, clientId: string): boolean {
  const pattern = type === 'PREDEFINED' ? PREDEFINED[value] : value;
  const url = parseUrl(clientId);
  if (pattern === undefined || url === undefined) return false;
  if (!pattern.endsWith('*')) return clientId === pattern;
  // The star stands for a path, and never for more of the host.
  const allowed = new URL(pattern.slice(0, -1));
  return url.origin === allowed.origin && url.pathname.startsWith(allowed.pathname);
}
