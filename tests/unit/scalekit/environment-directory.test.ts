import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { type Caller, EnvironmentDirectory } from '../../../src/scalekit/environment-directory.ts';
import { verifies } from '../../verifies.ts';

/** A look-up that a test answers. */
interface Asked {
  readonly bearer: string;
  readonly id: string;
  answer(domain: string, type?: unknown): void;
  fail(): void;
}

let asked: Asked[];
let directory: EnvironmentDirectory;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  asked = [];
  const lookUp = (caller: Caller, id: string) =>
    new Promise<unknown>((resolve, reject) => {
      asked.push({
        bearer: caller.bearer(),
        id,
        answer: (domain, type) => resolve({ environment: { domain, type } }),
        fail: () => reject(new ToolError('unauthenticated', caller.bearer())),
      });
    });
  directory = new EnvironmentDirectory(lookUp);
});

afterEach(() => {
  vi.useRealTimers();
});

const callerOf = (key: string, token: string): Caller => ({ key, person: key, bearer: () => token });
const anna = callerOf('usr_anna', 'first');
const annaAgain = callerOf('usr_anna', 'second');
const bearers = () => asked.map(({ bearer }) => bearer);
/** Lets everything go on that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the domain of an environment', () => {
  verifies('api.directory', 'is kept for a minute, for this caller and this environment', async () => {
    const found = directory.find(anna, 'env_1');
    asked[0]?.answer('a.example.com');
    expect(await found).toMatchObject({ domain: 'a.example.com' });
    vi.advanceTimersByTime(59_999);
    expect(directory.known(annaAgain, 'env_1')).toMatchObject({ domain: 'a.example.com' });
    expect(directory.known(anna, 'env_2')).toBeUndefined();
    expect(directory.known(callerOf('usr_ben', 'first'), 'env_1')).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(directory.known(anna, 'env_1')).toBeUndefined();
  });

  verifies(
    'confirm.production',
    'comes with whether it is one of production, which all are but those of the type DEV',
    async () => {
      for (const [i, [type, isProduction]] of [
        ['DEV', false],
        ['PRD', true],
        ['STAGING', true],
        [undefined, true],
        [7, true],
      ].entries()) {
        const found = directory.find(anna, `env_${i}`);
        asked[i]?.answer('a.example.com', type);
        expect(await found).toEqual({ domain: 'a.example.com', isProduction });
      }
    },
  );

  verifies('api.directory', 'is asked for once by calls at the same time, whichever token they carry', async () => {
    const found = [anna, annaAgain, anna].map((caller) => directory.find(caller, 'env_1'));
    expect(bearers()).toEqual(['first']);
    asked[0]?.answer('a.example.com');
    expect(await Promise.all(found)).toEqual(Array(3).fill({ domain: 'a.example.com', isProduction: true }));
  });

  verifies('api.directory', 'is asked for again with a token that did not fail yet, once', async () => {
    const found = [anna, anna, annaAgain, annaAgain].map((caller) =>
      directory.find(caller, 'env_1').catch((error: Error) => error.message),
    );
    asked[0]?.fail();
    await settle();
    expect(bearers()).toEqual(['first', 'second']);
    asked[1]?.answer('a.example.com');
    expect(await Promise.all(found)).toEqual([
      'first',
      'first',
      ...Array(2).fill({ domain: 'a.example.com', isProduction: true }),
    ]);
    expect(directory.known(anna, 'env_1')).toMatchObject({ domain: 'a.example.com' });
  });

  verifies('api.directory', 'fails for both tokens when neither is good, and is forgotten', async () => {
    const found = [anna, annaAgain].map((caller) =>
      directory.find(caller, 'env_1').catch((error: Error) => error.message),
    );
    asked[0]?.fail();
    await settle();
    asked[1]?.fail();
    expect(await Promise.all(found)).toEqual(['first', 'second']);
    expect(bearers()).toEqual(['first', 'second']);
    directory.find(anna, 'env_1');
    expect(asked).toHaveLength(3);
  });

  it('is not forgotten before others are that nobody has asked about for longer, however many there are', async () => {
    const found = Array.from({ length: 10_000 }, (_, i) => directory.find(anna, `env_${i}`));
    for (const { id, answer } of asked) answer(`${id.replace('_', '-')}.example.com`);
    await Promise.all(found);
    expect(directory.known(anna, 'env_0')).toMatchObject({ domain: 'env-0.example.com' });
    const one = directory.find(anna, 'one_more');
    asked.at(-1)?.answer('one-more.example.com');
    await one;
    expect(directory.known(anna, 'one_more')).toMatchObject({ domain: 'one-more.example.com' });
    expect(directory.known(anna, 'env_0')).toMatchObject({ domain: 'env-0.example.com' });
    expect(directory.known(anna, 'env_1')).toBeUndefined();
  });
});
