import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLines, completed, repeatedIn, type StartedAs, warnOfIdleLines } from '../../../src/config/environment.ts';
import { Problems } from '../../../src/config/problems.ts';
import { verifies } from '../../verifies.ts';

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const KEY = join(folder, 'id_rsa');
writeFileSync(KEY, 'of the person\n');

const PATH = '/project/.env';
function read(as: StartedAs, ofProcess: Record<string, string>, ofFile: Record<string, string>) {
  const problems = new Problems();
  const { variables, ...told } = completed(ofProcess, { path: PATH, variables: ofFile }, problems, as);
  const warnings: string[] = [];
  warnOfIdleLines({ path: PATH, isRead: told.whyNot === undefined, ...told }, warnings);
  return { variables, problems: problems.lines, warnings };
}

const ELSEWHERE = {
  DOCS_URL: 'https://docs.stranger.example',
  SCALEKIT_ENV_URL: 'https://elsewhere.example',
  PRODUCTION_WRITES: 'allow',
};
const FOREIGN = ['command', 'doctor'] as const;

describe.each(FOREIGN)('the .env of a folder in which a %s is started', (as) => {
  verifies.each('config.folder', [
    ['SCALEKIT_CLIENT_SECRET', 's3cret'],
    ['SCALEKIT_CLIENT_SECRET_FILE', KEY],
    ['REDIS_URL', 'redis://:s3cret@redis.internal'],
    ['CONFIRMATION_KEYS_FILE', KEY],
  ] as [string, string][])('has no say where the process has a secret: %s', (name, value) => {
    const { variables, problems, warnings } = read(as, { [name]: value }, ELSEWHERE);
    expect(variables).toEqual(expect.not.objectContaining(ELSEWHERE));
    expect(Object.keys(variables).some((variable) => variable in ELSEWHERE)).toBe(false);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^/project/\\.env: not read, because ${name} is set `)),
    ]);
    expect(warnings.join()).not.toContain('s3cret');
  });

  verifies.each(
    'config.folder',
    ['SCALEKIT_CLIENT_SECRET_FILE', 'REDIS_URL_FILE', 'CONFIRMATION_KEYS_FILE'].map((name) => [name]),
  )('names no file that is read as a secret: %s', (name) => {
    const { variables, problems } = read(as, {}, { ...ELSEWHERE, [name]: KEY });
    expect(Object.values(variables)).not.toContain('of the person');
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: not taken from /project/\\.env, because `))]);
    // What it advises must not lead to the next refusal: with a secret of the process, nothing of the file is read.
    expect(problems.join()).toMatch(/Set everything for the process .*, or the secret itself in the file\.$/);
  });

  it('gives a whole environment, which the process may correct', () => {
    const whole = { ...ELSEWHERE, SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'of the project' };
    const { variables, problems, warnings } = read(as, { SCALEKIT_ENV_URL: 'https://mine.example' }, whole);
    expect(variables).toEqual({ ...whole, SCALEKIT_ENV_URL: 'https://mine.example' });
    expect([...problems, ...warnings]).toEqual([]);
  });

  it('is not told of where the process has all of it as well', () => {
    const process = { ...ELSEWHERE, SCALEKIT_CLIENT_SECRET: 's3cret' };
    expect(read(as, process, ELSEWHERE).warnings).toEqual([]);
  });
});

verifies.each('config.folder', [
  ['LOG_FILE', '/home/me/.bashrc', false],
  ['AUDIT_LOG', '../.profile', false],
  ['DOCS_CACHE_DIR', '/home/me', false],
  ['AUDIT_LOG', 'off', true],
  ['AUDIT_LOG', ' stderr ', true],
] as [string, string, boolean][])('a command takes %s=%s from .env: %s', (name, value, isTaken) => {
  const { variables, warnings } = read('command', {}, { [name]: value, LOG_LEVEL: 'info' });
  expect(variables).toEqual({ LOG_LEVEL: 'info', ...(isTaken && { [name]: value }) });
  expect(warnings).toHaveLength(isTaken ? 0 : 1);
  if (!isTaken) expect(warnings[0]).toMatch(new RegExp(`^${name}: not taken from /project/\\.env, because `));
  // A server is started by its operator, in a folder of his own; what the process says counts for everybody.
  expect(read('server', {}, { [name]: value }).variables).toEqual({ [name]: value });
  expect(read('command', { [name]: value }, {}).variables).toEqual({ [name]: value });
});

it('a server takes all that is in the .env of its folder', () => {
  const { variables, warnings } = read(
    'server',
    { REDIS_URL: 'redis://redis' },
    { ...ELSEWHERE, SCALEKIT_CLIENT_SECRET_FILE: KEY },
  );
  expect(variables).toMatchObject({ ...ELSEWHERE, SCALEKIT_CLIENT_SECRET: 'of the person' });
  expect(warnings).toEqual([]);
});

describe('the lines of .env', () => {
  const problemsIn = (text: string) => {
    const problems = new Problems();
    checkLines(text, parse(text), { path: PATH, problems });
    return problems.lines;
  };

  verifies.each('config.env-lines', [
    ['set PORT=5002', '1'],
    ['A=1\r\n  - PORT=5002\r\n', '2'],
    ['A=1\n$env:PORT = "5002"\nset HOST=x', '2, 3'],
  ])('are refused by their number where they set nothing: %j', (text, lines) => {
    expect(problemsIn(text)).toEqual([
      expect.stringMatching(new RegExp(`^\\.env: lines? ${lines} of /project/\\.env sets? nothing\\.`)),
    ]);
  });

  verifies.each('config.env-lines', [
    ['\uFEFFPORT=5002\r\n# set A=1\r\n\r\n'],
    ['export PORT="5002" # comment = of it\nHOST: x\nA = 1\nEMPTY=\n'],
    [`RATE_LIMIT='{\n  "a=b": 1,\n  "default": {}\n}'\nPORT=1`],
    ['KEY="-----BEGIN\nabc==\n-----END"\n'],
    ['only words, as a note\n'],
  ])('are taken in every form that dotenv knows: %j', (text) => {
    expect(problemsIn(text)).toEqual([]);
  });

  verifies.each('config.repeated-lines', [
    [
      'PORT=1\nLOG_LEVEL=warn\r\nPORT=2\n',
      'PORT: set in lines 1 and 3 of /project/.env, of which the last one counts.',
    ],
    ['export A=1\nA = 1\n#A=2\nA: 3', 'A: set in lines 1, 2 and 4 of /project/.env, of which the last one counts.'],
    [`A='{\n "b": 1 }'\nA='\n{}'`, 'A: set in lines 1 and 3 of /project/.env, of which the last one counts.'],
  ])('are a warning where they set a variable again: %j', (text, warning) => {
    const warnings: string[] = [];
    warnOfIdleLines({ path: PATH, isRead: true, repeated: repeatedIn(text) }, warnings);
    expect(warnings).toEqual([warning]);
  });

  verifies('config.repeated-lines', 'are none where a text of several lines has them', () => {
    expect(repeatedIn("A='x\nB=1\nB=2\n'\nB=3\n")).toEqual([]);
    expect(repeatedIn('A=1\nB=2\n')).toEqual([]);
  });
});
