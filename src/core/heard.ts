/** In so many steps a wait is measured. */
const STEPS = 5;

/** Nothing was heard in time. */
export class NotHeard extends Error {
  override readonly name = 'NotHeard';
}

/**
 * Waits for an answer from elsewhere, in time that this process has spent listening. Where it is busy, timers are late,
 * and an answer that has arrived long ago has not been read yet: a timer alone would say of another process what is true of
 * this one. So the wait is measured in steps, between each two of which everything that has arrived is read.
 * @param ms the longest wait, in milliseconds
 * @returns the value of the promise
 * @throws NotHeard when the wait was too long; the reason of the promise, if it is rejected in time
 */
export function heard<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = STEPS;
    let timer: NodeJS.Timeout;
    const step = () => {
      if (left === 0) reject(new NotHeard(`No answer within ${ms} ms.`));
      else timer = setTimeout(step, ms / STEPS);
      left--;
    };
    step();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
