import type { Log } from '../observability/log/log.ts';

/**
 * Makes the warnings of Node.js, and of packages by way of it, lines of the log. Node itself writes them to stderr, where the
 * audit ledger may be, and a ledger with a foreign line in it is not whole.
 */
export function logNodeWarnings(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn('node_warning', { name, message }));
}
