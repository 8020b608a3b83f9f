import { readFileSync } from 'node:fs';

/**
 * Ends this process with one sentence when Node.js is older than the package wants. Programs call it before they import
 * anything else, so this file uses nothing that old lines of Node.js lack.
 */
export function demandNode(): void {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  if (!isOlder(process.versions.node, wanted)) return;
  process.stderr.write(
    `This needs Node.js ${wanted} or newer, and this is ${process.version}. Install Node.js 24 from https://nodejs.org, then try again.\n`,
  );
  process.exit(1);
}

function isOlder(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
