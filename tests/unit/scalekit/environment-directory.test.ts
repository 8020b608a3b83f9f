import { beforeEach, describe, expect, it } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { EnvironmentDirectory, type Principal } from '../../../src/scalekit/environment-directory.ts';

/** A look-up that a test answers. */
interface Asked {
  readonly bearer: string;
  readonly id: string;
  answer(domain: string): void;
  fail(): void;
}

let clock: number;
let asked: Asked[];
let directory: EnvironmentDirectory;

beforeEach(() => {
  clock = 0;
  asked = [];
  const lookUp = (principal: Principal, id: string) =>
    new Promise<unknown>((resolve, reject) => {
      asked.push({
        bearer: principal.bearer(),
        id,
        answer: (domain) => resolve({ environment: { domain } }),
        fail: () => reject(new ToolError('unauthenticated', principal.bearer())),
      });
    });
  directory = new EnvironmentDirectory(lookUp, () => clock);
});

const caller = (key: string, token: string): Principal => ({ key, bearer: () => token });
const anna = caller('usr_anna', 'first');
const annaAgain = caller('usr_anna', 'second');
const bearers = () => asked.map(({ bearer }) => bearer);
/** Lets everything go on that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the domain of an environment', () => {
  it('is kept for a minute, for this caller and this environment [api.directory]', async () => {
    const found = directory.find(anna, 'env_1');
    asked[0]?.answer('a.example.com');
    expect(await found).toBe('a.example.com');
    clock = 59_999;
    expect(directory.known(annaAgain, 'env_1')).toBe('a.example.com');
    expect(directory.known(anna, 'env_2')).toBeUndefined();
    expect(directory.known(caller('usr_ben', 'first'), 'env_1')).toBeUndefined();
    clock = 60_000;
    expect(directory.known(anna, 'env_1')).toBeUndefined();
  });

  it('is asked for once by calls at the same time, whichever token they carry [api.directory]', async () => {
    const found = [anna, annaAgain, anna].map((principal) => directory.find(principal, 'env_1'));
    expect(bearers()).toEqual(['first']);
    asked[0]?.answer('a.example.com');
    expect(await Promise.all(found)).toEqual(Array(3).fill('a.example.com'));
  });

  it('is asked for again with a token that did not fail yet, once [api.directory]', async () => {
    const found = [anna, anna, annaAgain, annaAgain].map((principal) =>
      directory.find(principal, 'env_1').catch((error: Error) => error.message),
    );
    asked[0]?.fail();
    await settle();
    expect(bearers()).toEqual(['first', 'second']);
    asked[1]?.answer('a.example.com');
    expect(await Promise.all(found)).toEqual(['first', 'first', 'a.example.com', 'a.example.com']);
    expect(directory.known(anna, 'env_1')).toBe('a.example.com');
  });

  it('fails for both tokens when neither is good, and is forgotten [api.directory]', async () => {
    const found = [anna, annaAgain].map((principal) =>
      directory.find(principal, 'env_1').catch((error: Error) => error.message),
    );
    asked[0]?.fail();
    await settle();
    asked[1]?.fail();
    expect(await Promise.all(found)).toEqual(['first', 'second']);
    expect(bearers()).toEqual(['first', 'second']);
    directory.find(anna, 'env_1');
    expect(asked).toHaveLength(3);
  });
});
