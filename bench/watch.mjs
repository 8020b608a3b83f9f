// Loaded before the server (`node --import`): answers questions about the process over IPC. It measures nothing until
// it is asked to, so that it does not influence the server.

import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two samples. */
const RESOLUTION_MS = 10;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
/**
 * The delays of the event loop without the time in which this process waited for a core: those that it caused itself.
 */
const ownDelays = [];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** How long the main thread has waited for a core so far, in milliseconds. */
const waitedMs = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;

function watchOwnDelays() {
  let [looked, waited] = [performance.now(), waitedMs()];
  const look = () => {
    const [now, nowWaited] = [performance.now(), waitedMs()];
    ownDelays.push(Math.max(0, now - looked - (nowWaited - waited) - RESOLUTION_MS));
    [looked, waited] = [now, nowWaited];
  };
  setInterval(look, RESOLUTION_MS).unref();
}

/** The histogram includes the time between two samples in each delay, so it is subtracted. */
const delay = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

const answers = {
  watchDelay: () => {
    watchOwnDelays();
    return delays.enable();
  },
  delay: () => {
    const own = ownDelays.toSorted((a, b) => a - b);
    return {
      p50: delay(delays.percentile(50)),
      p99: delay(delays.percentile(99)),
      max: delay(delays.max),
      ownP99: own[Math.ceil(own.length * 0.99) - 1],
      ownMax: own.at(-1),
    };
  },
  /** What is still in use, in bytes. */
  liveHeap: () => {
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  },
};

process.on('message', ({ id, question }) => process.send({ id, answer: answers[question]() }));
// The server, not this, decides when the process ends.
process.channel?.unref();
