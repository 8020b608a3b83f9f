import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { checkClients } from '../../../../src/cli/doctor/client-checks.ts';
import { type EmptyMachine, emptyMachine } from '../../../fixtures/clients-machine.ts';
import { verifies } from '../../../verifies.ts';

let machine: EmptyMachine;
beforeEach(() => {
  machine = emptyMachine();
});
afterEach(() => machine.remove());

/** What a doctor says of entries that a project brings along, where nothing answers. */
async function checked(mcpServers: object, url?: string) {
  writeFileSync(join(machine.project, '.mcp.json'), JSON.stringify({ mcpServers }));
  return checkClients(machine, { name: 'scalekit', url }, async (request) => ({
    ...{ url: request.url, redirects: [], headers: {}, text: '', error: 'connection_refused' },
  }));
}

describe('the entries in clients', () => {
  verifies('doctor.clients', 'are told to lead elsewhere without the password of the URL that was given', async () => {
    const checks = await checked(
      { scalekit: { type: 'http', url: 'https://a.example/mcp' } },
      'https://mira:s3cret@b.example/mcp',
    );
    expect(checks).toContainEqual(
      expect.objectContaining({ to_do: expect.stringContaining('--url https://b.example/mcp,') }),
    );
    expect(JSON.stringify(checks)).not.toContain('s3cret');
  });

  verifies('doctor.clients', 'have names and paths that move no cursor of a terminal and begin no line', async () => {
    const checks = await checked(
      {
        '\u001b[2J\u009b1mevil\u202e\n': { type: 'http', url: 'https://a.example/mcp' },
        scalekit: { command: '/gone\u001b[2J\u009b1m\u202e\nok' },
      },
      'https://a.example/mcp',
    );
    const seen = checks.map((check) => check.seen);
    expect(seen).toContainEqual(expect.stringContaining(String.raw`"\u001b[2J\u{9b}1mevil\u{202e}\n" (project)`));
    expect(seen).toContainEqual(
      expect.stringContaining(String.raw`"/gone\u001b[2J\u{9b}1m\u{202e}\nok", which it starts`),
    );
    expect(seen.filter((text) => /\p{C}/u.test(text))).toEqual([]);
  });

  verifies('doctor.clients', 'are not looked for on other machines', async () => {
    const elsewhere = [
      '//files.example/share/x',
      '\\\\files.example\\share\\x',
      '\\\\?\\UNC\\files.example\\x',
      '/\\files.example/x',
    ];
    const checks = await checked({ scalekit: { command: elsewhere[0], args: [...elsewhere, '/gone/for/good'] } });
    expect(checks.filter(({ state }) => state === 'fail').map(({ seen }) => seen)).toEqual([
      expect.stringContaining('/gone/for/good, which it starts, is not there'),
    ]);
  });
});
