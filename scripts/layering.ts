import { readFileSync } from 'node:fs';

/** The rooms of `src`, from top to bottom: each imports rooms below it. */
interface Rooms {
  readonly rooms: readonly { readonly room: string; readonly is: string }[];
  /** Packages that only some rooms import. */
  readonly packages: readonly {
    readonly package: string;
    readonly rooms: readonly string[];
    readonly message: string;
  }[];
}

const ROOMS = 'lint/rooms.json';
export const LAYERING = 'lint/layering.json';

/** Its files are no room; which rooms may import them is in the table of packages. */
const PACKAGE_NAMED_AS_A_ROOM = '!@modelcontextprotocol/server/**';

export const UPWARDS = 'A room imports only rooms below it (lint/rooms.json).';
export const SANDBOX = 'Only process.ts and the tests import the sandbox.';
export const APART = 'The sandbox shares nothing with the server that it tests.';

/** Reads the table of rooms. */
export function readRooms(): Rooms {
  return JSON.parse(readFileSync(new URL(`../${ROOMS}`, import.meta.url), 'utf8')) as Rooms;
}

/** The lint configuration for the table of rooms: one block for each room, and one for the sandbox. */
export function layering({ rooms, packages }: Rooms): string {
  const names = rooms.map(({ room }) => room);
  const blocks = names.map((room, i) => {
    const above = [...names.slice(0, i).map((name) => `**/${name}/**`), PACKAGE_NAMED_AS_A_ROOM];
    return block([`src/${room}/**`], packagesClosedTo(room), [
      { group: [...above, '**/main.ts', '**/process.ts', '**/tracing.ts'], message: UPWARDS },
      { group: ['**/sandbox/**'], message: SANDBOX },
      ...insidePackagesClosedTo(room),
    ]);
  });
  // Some folders of Scalekit's descriptors have the same names as rooms.
  const everyRoom = [...names.map((name) => `**/${name}/**`), '!@scalekit-sdk/node/lib/pkg/grpc/**'];
  const sandbox = block(['src/sandbox/**'], {}, [
    { group: [...everyRoom, '**/main.ts', '**/process.ts'], message: APART },
  ]);
  const configuration = {
    $schema: '../node_modules/@biomejs/biome/configuration_schema.json',
    overrides: [...blocks, sandbox],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;

  function packagesClosedTo(room: string): Record<string, string> {
    return Object.fromEntries(closedTo(room).map(({ package: name, message }) => [name, message]));
  }

  /** A file of a package is the package: without this, `undici/index.js` would be open to all. */
  function insidePackagesClosedTo(room: string): Pattern[] {
    return closedTo(room).map(({ package: name, message }) => ({ group: [`${name}/**`], message }));
  }

  function closedTo(room: string) {
    return packages.filter(({ rooms: open }) => !open.includes(room));
  }
}

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

function block(includes: readonly string[], paths: Record<string, string>, patterns: readonly Pattern[]) {
  const noRestrictedImports = { level: 'error', options: { paths, patterns } };
  return { includes, linter: { rules: { style: { noRestrictedImports } } } };
}
