import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentedRun } from './docker-run.ts';
import { type Confinement, contained, type Image } from './image.ts';

// Starts the image as the documented `docker run` line does, or runs its health check, as root.
//
//   tsx scripts/image/run.ts FOLDER [health] [NAME=value | +NAME=value | -NAME | $PWD/file=/other/file]…
//
// FOLDER/pid has the id of the process to send SIGTERM to; it ends with the exit code of what it started. Values
// replace those of the line, whose environment is only an example. `+NAME` adds a variable, `-NAME` leaves one out, and
// a path replaces that of a volume. Without `+`, PORT is the only new variable that is allowed: the container uses this
// machine's network, so that no port can be published.

const project = fileURLToPath(new URL('../..', import.meta.url));
const [folder = '', ...changes] = process.argv.slice(2);
const asksHealth = changes[0] === 'health';
const image: Image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8'));
const run = documentedRun(readFileSync(join(project, 'docs/operations.md'), 'utf8'));

const env: Record<string, string> = { ...image.env, ...run.env };
const files = new Map(run.volumes.map(({ file }) => [file, file]));
for (const change of asksHealth ? changes.slice(1) : changes) {
  const [, name = '', value = ''] = /^([^=]+?)(?:=(.*))?$/.exec(change) ?? [];
  if (files.has(name)) files.set(name, resolve(value));
  else if (name in env) env[name] = value;
  else if (name.startsWith('+')) env[name.slice(1)] = value;
  else if (!delete env[name.slice(1)] || !(name.slice(1) in run.env))
    throw new Error(`The docker run line has no ${name}.`);
}
for (const published of run.publish) {
  const port = published.split(':').at(-1) ?? '';
  if (!image.ports.includes(port))
    throw new Error(`The docker run line publishes ${port}, which the image does not expose.`);
}

const started = [...image.entrypoint, ...(run.argv.length > 0 ? run.argv : image.cmd)];
const confinement: Confinement = {
  readOnly: run.readOnly,
  noNewPrivileges: run.noNewPrivileges,
  volumes: run.volumes.map(({ file, at }) => ({ file: String(files.get(file)), at })),
};
const [command = '', ...argv] = contained(image, asksHealth ? (image.healthcheck ?? ['false']) : started, confinement);
const child = spawn(command, argv, { env, stdio: 'inherit' });
if (!asksHealth) writeFileSync(join(folder, 'pid'), String(process.pid));

// `docker stop` sends the signal to the first process of the container. `unshare` does not pass signals on to it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => process.kill(firstProcess(Number(child.pid)), image.stopSignal));
}
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});

function firstProcess(parent: number): number {
  return Number(readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim());
}
