import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import type { Dockerfile, Stage, Step } from './dockerfile.ts';
import { contained, type Image } from './image.ts';
import { networkSettings } from './root.ts';
import { expand } from './variables.ts';

export interface WalkOptions {
  readonly dockerfile: Dockerfile;
  /** The folder from which COPY copies, without the files that .dockerignore names. */
  readonly context: string;
  /** An empty folder for the stages. */
  readonly work: string;
  /** Makes the base image in an empty folder. */
  readonly makeBase: (root: string, image: string) => Image;
  readonly say: (line: string) => void;
}

type Variables = Readonly<Record<string, string>>;

/** Runs all stages, each step with its command and user, and returns the last one. */
export function walk({ dockerfile, context, work, makeBase, say }: WalkOptions): Image {
  const globals: Record<string, string> = {};
  for (const { name, value } of dockerfile.args) globals[name] = expand(value ?? '', globals);
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const [i, stage] of dockerfile.stages.entries()) {
    const root = join(work, `stage-${i}`);
    mkdirSync(root);
    const base = startOf(stage, root, globals, built, makeBase);
    const copyFrom = (name: string | undefined) => (name === undefined ? context : rootOf(name, built));
    last = walkStage(stage, base, globals, copyFrom, say);
    if (stage.name !== undefined) built.set(stage.name, last);
  }
  if (last === undefined) throw new Error('a Dockerfile without stages');
  return last;
}

function startOf(
  stage: Stage,
  root: string,
  globals: Variables,
  built: ReadonlyMap<string, Image>,
  makeBase: WalkOptions['makeBase'],
): Image {
  const earlier = built.get(stage.base);
  if (earlier === undefined) return makeBase(root, expand(stage.base, globals));
  execFileSync('cp', ['-a', `${earlier.root}/.`, root]);
  return { ...earlier, root };
}

function rootOf(name: string, built: ReadonlyMap<string, Image>): string {
  const image = built.get(name);
  if (image === undefined) throw new Error(`no earlier stage is called ${name}`);
  return image.root;
}

function walkStage(
  { name, steps }: Stage,
  base: Image,
  globals: Variables,
  copyFrom: (name: string | undefined) => string,
  say: WalkOptions['say'],
): Image {
  let image = base;
  const args: Record<string, string> = {};
  for (const step of steps) {
    const variables = { ...args, ...image.env };
    try {
      say(`${name ?? 'image'}: line ${step.line}, ${step.does}`);
      if (step.does === 'ARG') args[step.name] = expand(step.value ?? globals[step.name] ?? '', variables);
      else if (step.does === 'RUN') runIn(image, step.command, variables);
      else if (step.does === 'COPY') copyInto(image, step, copyFrom(step.from));
      else image = configure(image, step, variables);
    } catch (error) {
      throw new Error(`Dockerfile, line ${step.line}: ${(error as Error).message}`, { cause: error });
    }
  }
  return image;
}

/** What a step says of the image, and does not do to its files. */
function configure(image: Image, step: Step, variables: Variables): Image {
  switch (step.does) {
    case 'ENV':
      return { ...image, env: { ...image.env, ...entries(step.entries, variables) } };
    case 'LABEL':
      return { ...image, labels: { ...image.labels, ...entries(step.entries, variables) } };
    case 'WORKDIR': {
      const workdir = posix.resolve(image.workdir, expand(step.value, variables));
      mkdirSync(join(image.root, workdir), { recursive: true });
      return { ...image, workdir };
    }
    case 'USER':
      return { ...image, user: numeric(expand(step.value, variables)) };
    case 'STOPSIGNAL':
      return { ...image, stopSignal: step.value };
    case 'EXPOSE':
      return { ...image, ports: [...image.ports, ...step.ports] };
    case 'ENTRYPOINT':
      // Removes CMD as a container engine does: the CMD of the base image belonged to its ENTRYPOINT.
      return { ...image, entrypoint: step.argv, cmd: [] };
    case 'CMD':
      return { ...image, cmd: step.argv };
    case 'HEALTHCHECK':
      return { ...image, healthcheck: step.argv };
    default:
      throw new Error(`${step.does} is no setting`);
  }
}

function entries(pairs: readonly (readonly [string, string])[], variables: Variables): Record<string, string> {
  return Object.fromEntries(pairs.map(([name, value]) => [name, expand(value, variables)]));
}

function numeric(user: string): string {
  if (!/^\d+:\d+$/.test(user)) throw new Error(`USER ${user}: no uid:gid in numbers, which Kubernetes could check`);
  return user;
}

function runIn(image: Image, command: string, variables: Variables): void {
  const [file = '', ...argv] = contained(image, ['/bin/sh', '-c', command]);
  execFileSync(file, argv, { env: { HOME: '/root', ...networkSettings(), ...variables }, stdio: 'inherit' });
}

/** Copies files and folders. They then belong to root, or to the user that `--chown` names. */
function copyInto({ root, workdir }: Image, step: Extract<Step, { does: 'COPY' }>, from: string): void {
  const toFolder = step.to.endsWith('/') || step.sources.length > 1;
  const target = join(root, posix.resolve(workdir, step.to));
  for (const source of step.sources) {
    const path = join(from, posix.resolve('/', source));
    if (!existsSync(path)) throw new Error(`${source} is not there, or .dockerignore keeps it out`);
    const isFolder = statSync(path).isDirectory();
    const at = !isFolder && (toFolder || isExistingFolder(target)) ? join(target, basename(path)) : target;
    mkdirSync(dirname(at), { recursive: true });
    cpSync(path, at, { recursive: true, verbatimSymlinks: true });
    execFileSync('chown', ['-R', '-h', step.chown === undefined ? '0:0' : numeric(step.chown), at]);
  }
}

function isExistingFolder(path: string): boolean {
  return existsSync(path) && lstatSync(path).isDirectory();
}
