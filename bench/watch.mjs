// Loaded in front of the server (`node --import`): answers questions about the process over IPC. Between them it does
// nothing, so that the server is measured as it is.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. The histogram counts them as a part of each delay. */
const RESOLUTION_MS = 10;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

const answers = {
  watchDelay: () => {
    delays.reset();
    return delays.enable();
  },
  delay: () => ({ p50: ms(delays.percentile(50)), p99: ms(delays.percentile(99)), max: ms(delays.max) }),
  /** Of what is still in use, in bytes. */
  liveHeap: () => {
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  },
};

process.on('message', ({ id, question }) => process.send({ id, answer: answers[question]() }));
// The server, not this, decides when the process ends.
process.channel?.unref();
