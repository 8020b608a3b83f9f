import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSpecification, Vitest } from 'vitest/node';
import { REDIS_NOTE } from './fixtures/redis.ts';
import { PROMISES } from './requirements.ts';

/** A test that has run or was skipped, and the promises that it is to verify. */
export interface Verification {
  readonly name: string;
  readonly promises: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** Promises that no test has verified. */
export interface Unverified {
  /** There is no test for them. */
  readonly untested: readonly string[];
  /** All of their tests were skipped, by promise, with the names of those tests. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
}

/** What a run of all tests leaves unverified. A failed test is reported as such, and not a second time here. */
export function unverified(ids: readonly string[], tests: readonly Verification[]): Unverified {
  const untested: string[] = [];
  const skipped = new Map<string, string[]>();
  for (const id of ids) {
    const about = tests.filter(({ promises }) => promises.includes(id));
    if (about.length === 0) untested.push(id);
    else if (about.every(({ state }) => state === 'skipped'))
      skipped.set(
        id,
        about.map(({ name }) => name),
      );
  }
  return { untested, skipped };
}

/** Fails a run of all tests when a promise has no test, and names those whose tests were skipped. */
export default class PromisesReporter implements Reporter {
  #vitest: Vitest | undefined;
  #isComplete = false;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    this.#isComplete = await this.#runsAll(specifications.length);
    if (!this.#isComplete) return;
    this.#say('All tests take five to ten minutes on two processors; `npm run test:unit` takes seconds.');
    if (REDIS_NOTE !== '') this.#say('redis-server is not installed: what needs Redis will be SKIPPED.');
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: TestRunEndReason): void {
    if (!this.#isComplete || reason === 'interrupted') return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]).map(verification);
    const { untested, skipped } = unverified(
      PROMISES.map(([id]) => id),
      tests,
    );
    for (const [id, names] of skipped) this.#say(`Not verified in this run: ${id}. Skipped: ${names.join('; ')}`);
    if (untested.length === 0) return;
    this.#vitest?.logger.error(`No test verifies these promises: ${untested.join(', ')}`);
    process.exitCode = 1;
  }

  #say(text: string): void {
    this.#vitest?.logger.log(text);
  }

  /** Whether the run is one of all tests of all projects, filtered in no way. */
  async #runsAll(count: number): Promise<boolean> {
    if (this.#vitest === undefined) return false;
    const { project, testNamePattern, tagsFilter } = this.#vitest.config;
    if (project.length > 0 || testNamePattern !== undefined || (tagsFilter?.length ?? 0) > 0) return false;
    return count === (await this.#vitest.globTestSpecifications()).length;
  }
}

function verification(test: TestCase): Verification {
  return { name: test.fullName, promises: test.tags, state: test.result().state };
}
