import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { deliverFault } from '../../../src/sandbox/faults/deliver.ts';

it('a huge body waits for the client instead of piling up', async () => {
  // A connection whose other end never reads: the first write never completes.
  const stuck = new Writable({ write: () => undefined });
  Object.assign(stuck, { writeHead: () => stuck });
  const delivering = deliverFault(stuck as unknown as ServerResponse, { kind: 'huge' });
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(stuck.writableLength).toBeLessThan(1024 * 1024);
  stuck.destroy();
  await delivering;
});
