import type { ServerResponse } from 'node:http';

/** Resolves after that many milliseconds, or as soon as the response's connection is gone. Leaves no timer behind. */
export function pause(res: ServerResponse, ms: number): Promise<void> {
  if (res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      res.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    res.on('close', done);
  });
}
