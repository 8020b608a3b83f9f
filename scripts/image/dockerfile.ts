import { DockerfileParser, type Instruction, ModifiableInstruction, PropertyInstruction } from 'dockerfile-ast';

// Reads a Dockerfile as steps. Anything unknown is refused, because skipping it would build another image.

/** One instruction of a stage, before variables are expanded. */
export type Step = { readonly line: number } & (
  | { readonly does: 'RUN'; readonly command: string }
  | {
      readonly does: 'COPY';
      readonly from: string | undefined;
      readonly chown: string | undefined;
      readonly sources: readonly string[];
      readonly to: string;
    }
  | { readonly does: 'ENV' | 'LABEL'; readonly entries: readonly (readonly [name: string, value: string])[] }
  | { readonly does: 'ARG'; readonly name: string; readonly value: string | undefined }
  | { readonly does: 'WORKDIR' | 'USER' | 'STOPSIGNAL'; readonly value: string }
  | { readonly does: 'EXPOSE'; readonly ports: readonly string[] }
  | { readonly does: 'ENTRYPOINT' | 'CMD'; readonly argv: readonly string[] }
  | { readonly does: 'HEALTHCHECK'; readonly argv: readonly string[]; readonly flags: ReadonlyMap<string, string> }
);

export interface Stage {
  readonly name: string | undefined;
  /** An image, or the name of an earlier stage, before variables are expanded. */
  readonly base: string;
  readonly steps: readonly Step[];
}

export interface Dockerfile {
  /** `ARG` before the first stage. */
  readonly args: readonly Extract<Step, { does: 'ARG' }>[];
  readonly stages: readonly Stage[];
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  COPY: ['from', 'chown'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
};

/**
 * Reads a Dockerfile.
 * @throws Error with the line of the first instruction, flag or form that is not known here
 */
export function readDockerfile(text: string): Dockerfile {
  const args: Dockerfile['args'][number][] = [];
  const stages: { name: string | undefined; base: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const line = instruction.getRange().start.line + 1;
    const words = (instruction.getArgumentsContent() ?? '').trim();
    if (instruction.getKeyword() === 'FROM') {
      readFlags(instruction, line);
      stages.push(readFrom(words, line));
      continue;
    }
    const step = readStep(instruction, words, line);
    const stage = stages.at(-1);
    if (stage !== undefined) stage.steps.push(step);
    else if (step.does === 'ARG') args.push(step);
    else throw new Error(`line ${line}: ${step.does} in front of the first FROM`);
  }
  if (stages.length === 0) throw new Error('line 1: no FROM');
  return { args, stages };
}

function readFrom(words: string, line: number) {
  const [, base = '', name] = /^([^\s-]\S*)(?: +as +(\S+))?$/i.exec(words) ?? refuse(line, `FROM ${words}`);
  return { name, base, steps: [] };
}

function readStep(instruction: Instruction, words: string, line: number): Step {
  const does = instruction.getKeyword();
  const flags = readFlags(instruction, line);
  // A remaining line break means a comment between lines, or a here-document.
  if (words.includes('\n')) refuse(line, `${does} ${words}`);
  switch (does) {
    case 'RUN':
      if (words.startsWith('[')) refuse(line, `${does} ${words}`);
      return { line, does, command: words };
    case 'COPY': {
      const paths = words.split(/\s+/);
      const to = paths.pop() ?? '';
      if (paths.length === 0 || /[[*?"]|<</.test(words)) refuse(line, `${does} ${words}`);
      return { line, does, from: flags.get('from'), chown: flags.get('chown'), sources: paths, to };
    }
    case 'ENV':
    case 'LABEL':
      return { line, does, entries: properties(instruction, line) };
    case 'ARG': {
      const [, name = '', value] = /^(\w+)(?:=(\S*))?$/.exec(words) ?? refuse(line, `${does} ${words}`);
      return { line, does, name, value };
    }
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      if (!/^[^\s"']+$/.test(words)) refuse(line, `${does} ${words}`);
      return { line, does, value: words };
    case 'EXPOSE':
      return { line, does, ports: words.split(/\s+/) };
    case 'ENTRYPOINT':
    case 'CMD':
      return { line, does, argv: argv(words, line) };
    case 'HEALTHCHECK':
      if (!words.startsWith('CMD ')) refuse(line, `${does} ${words}`);
      return { line, does, argv: argv(words.slice(4), line), flags };
    default:
      return refuse(line, does);
  }
}

function readFlags(instruction: Instruction, line: number): Map<string, string> {
  const known = FLAGS[instruction.getKeyword()] ?? [];
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : [];
  return new Map(
    flags.map((flag) => {
      const value = flag.getValue();
      if (!known.includes(flag.getName()) || !value) refuse(line, `${instruction.getKeyword()} ${flag}`);
      return [flag.getName(), String(value)];
    }),
  );
}

function properties(instruction: Instruction, line: number): [string, string][] {
  const entries = instruction instanceof PropertyInstruction ? instruction.getProperties() : [];
  return entries.map((entry) => {
    if (entry.getAssignmentOperator() !== '=') refuse(line, `${instruction}`);
    return [entry.getName(), entry.getValue() ?? ''];
  });
}

/** Reads the exec form. The shell form is refused, because the shell would not pass signals on. */
function argv(words: string, line: number): string[] {
  try {
    const parsed: unknown = JSON.parse(words);
    if (Array.isArray(parsed) && parsed.every((word) => typeof word === 'string')) return parsed;
  } catch {
    // Refused below, with the text of the instruction.
  }
  return refuse(line, words);
}

function refuse(line: number, what: string): never {
  throw new Error(`line ${line}: cannot follow ${what.slice(0, 100)}`);
}
