import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { Host } from './cli/command.ts';
import { toldOf } from './cli/failure.ts';
import { Output } from './cli/output.ts';
import { ConfigurationError } from './config/error.ts';
import { writeTo } from './observability/log/writer.ts';
import type { StartSandbox } from './server/sandbox.ts';

/** So long after its beginning most of what this process needs is loaded, in milliseconds. Later, the first calls would let the heap grow. */
const STARTED_MS = 500;
/** So long after its beginning V8 optimizes in any case: a server may wait for what it needs to be ready. */
const LATEST_MS = 10_000;
/** Tells this script that it runs as a worker. */
const WORKER = '--worker';

/** Loaded only when it is needed: production images do not contain the packages that the sandbox uses. */
const startSandbox: StartSandbox = async (options) => {
  const { startSandbox } = await import('./sandbox/start.ts');
  return startSandbox(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigurationError(['The sandbox is not installed here: set SCALEKIT_ENV_URL, or run npm ci.']);
  });
};

const write = { stdout: writeTo(process.stdout.fd), stderr: writeTo(process.stderr.fd) };
const isTerminal = { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true };
const args = process.argv.slice(2);

// V8 lets the heap grow to a multiple of the live data before it collects garbage, and the multiple grows with the
// memory of the machine. This flag limits the growth to 60 % between two collections. The live data of this server is
// small, so that earlier collections cost no measurable time, and they save about a third of the memory
// (docs/decisions/0040). While it starts, the heap grows all the time, and they would take a tenth of the start.
setTimeout(() => setFlagsFromString('--heap-growing-percent=60'), STARTED_MS).unref();

// What a start runs, it runs a few times: V8 spends a sixth of the start on optimizing it, and that never pays
// (docs/decisions/0066).
setFlagsFromString('--no-opt');
const started = () => setFlagsFromString('--opt');
setTimeout(started, LATEST_MS).unref();

/** Runs the command that the arguments name. What a command needs is loaded when it runs. */
async function main(): Promise<void> {
  const output = new Output({
    stdout: process.stdout,
    stderr: process.stderr,
    isTyped: process.stdin.isTTY === true,
    isJson: args.includes('--json'),
  });
  const host: Host = {
    output,
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    write,
    isTerminal,
    script: fileURLToPath(import.meta.url),
    workerArgument: WORKER,
    startSandbox,
    started,
    fail: (error) => {
      const told = toldOf(error);
      output.failure(told);
      process.exitCode = told.exitCode;
    },
    endWith: (exitCode) => {
      process.exitCode = exitCode;
    },
  };
  if (isServing(args)) {
    const { serve } = await import('./cli/serving.ts');
    return serve(host).catch(host.fail);
  }
  const { runProgram } = await import('./cli/program.ts');
  return runProgram(args, host);
}

/** Whether there is no more to read in the arguments than that it serves, as most processes do: they need no parser. */
function isServing([command = 'serve', ...more]: readonly string[]): boolean {
  return command === 'serve' && more.length === 0;
}

/** Serves as one of the workers of a primary. */
async function runAsWorker(): Promise<void> {
  const [{ runWorker }, { catalogue }, { content }] = await Promise.all([
    import('./server/workers/worker.ts'),
    import('./tools/index.ts'),
    import('./resources/index.ts'),
  ]);
  const writeError = (line: string) => process.stderr.write(line);
  await runWorker({ catalogue, content, ...write, isTerminal: isTerminal.stdout, writeError, started });
}

/** Writes why this process ends to stderr, and sets its exit code. */
function fail(error: unknown): void {
  const { text, exitCode } = toldOf(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

if (args.includes(WORKER) && process.send !== undefined) {
  await runAsWorker().catch((error: unknown) => {
    fail(error);
    // The open channel to the primary would keep this process running.
    process.exit();
  });
} else {
  await main().catch(fail);
}
