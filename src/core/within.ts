/**
 * Waits for a promise, but not longer than a given time. The work behind the promise is not cancelled; if it fails
 * later, that is ignored.
 * @param ms the longest wait, in milliseconds
 * @returns the value of the promise, or `undefined` if the wait was too long
 * @throws the reason of the promise, if it is rejected in time
 */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
