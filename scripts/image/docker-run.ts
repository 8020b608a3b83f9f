// Reads the documented `docker run` line, so that the line that people copy is tested.

export interface DockerRun {
  readonly env: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly file: string; readonly at: string }[];
  readonly readOnly: boolean;
  readonly noNewPrivileges: boolean;
  /** `host:container`, the host with or without an address. */
  readonly publish: readonly string[];
  readonly image: string;
  /** In place of the image's CMD. */
  readonly argv: readonly string[];
}

/** Flags that only the engine uses, and that do not change the process: its name, restarts and limits. */
const FOR_THE_ENGINE = ['name', 'restart', 'memory', 'pids-limit', 'stop-timeout'];

/**
 * Finds the one `docker run` in a Markdown document and reads it.
 * @throws Error when there is none or more than one, or for a flag whose meaning is not known here
 */
export function documentedRun(markdown: string): DockerRun {
  const blocks = [...markdown.matchAll(/^```sh\n([^`]*?)^```/gm)].map(([, block = '']) =>
    block.replaceAll('\\\n', ' '),
  );
  const [line, ...others] = blocks.flatMap((block) => block.split('\n')).filter((one) => one.startsWith('docker run '));
  if (line === undefined || others.length > 0) throw new Error(`${others.length + 1} docker run lines, not one`);
  return readDockerRun(line);
}

/** Reads a line. Flags must precede the image and have their long form. Only paths under `$PWD` may be quoted. */
export function readDockerRun(line: string): DockerRun {
  const plain = line.replace(/(?<= )"(\$PWD\/[\w./:-]+)"(?= )/g, '$1');
  if (/["'`;&|<>]|\$(?!PWD\/)/.test(plain)) throw new Error('a docker run line that needs a shell');
  const words = plain.trim().split(/\s+/).slice(2);
  const run = {
    env: {} as Record<string, string>,
    volumes: [] as DockerRun['volumes'][number][],
    publish: [] as string[],
  };
  const switches = { readOnly: false, noNewPrivileges: false, dropsAll: false };
  while (words[0]?.startsWith('-')) {
    const flag = (words.shift() ?? '').replace(/^--/, '');
    if (flag === 'detach') continue;
    if (flag === 'read-only') {
      switches.readOnly = true;
      continue;
    }
    take(flag, words.shift() ?? '', run, switches);
  }
  const [image, ...argv] = words;
  if (image === undefined) throw new Error('docker run without an image');
  // A user other than root has no capabilities in any case, but a setuid program could get some without this flag.
  if (!switches.dropsAll) throw new Error('docker run without --cap-drop ALL');
  return { ...run, readOnly: switches.readOnly, noNewPrivileges: switches.noNewPrivileges, image, argv };
}

function take(
  flag: string,
  value: string,
  run: { env: Record<string, string>; volumes: DockerRun['volumes'][number][]; publish: string[] },
  switches: { noNewPrivileges: boolean; dropsAll: boolean },
): void {
  if (FOR_THE_ENGINE.includes(flag)) return;
  if (flag === 'cap-drop' && value === 'ALL') switches.dropsAll = true;
  else if (flag === 'security-opt' && value === 'no-new-privileges') switches.noNewPrivileges = true;
  else if (flag === 'publish') run.publish.push(value);
  else if (flag === 'env') {
    const [, name = '', text = ''] = /^(\w+)=(.*)$/.exec(value) ?? refuse(flag, value);
    run.env[name] = text;
  } else if (flag === 'volume') {
    const [, file = '', at = ''] = /^(\$PWD\/[^:]+):(\/[^:]+):ro$/.exec(value) ?? refuse(flag, value);
    run.volumes.push({ file, at });
  } else refuse(flag, value);
}

function refuse(flag: string, value: string): never {
  throw new Error(`docker run --${flag} ${value}: cannot follow`);
}
