/**
 * Waits for a promise, but only so long. The work behind it goes on all the same; a failure after that is ignored.
 * @param ms how long at most, in milliseconds
 * @returns what the promise yields, or `undefined` when that took longer
 * @throws what the promise is rejected with, if it is in time
 */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
