import type { Argument, Command, Option } from 'commander';
import { DEFAULT_TOOLSET, WHOLE_TOOLSET } from '../access/selection.ts';
import { clientsOf } from '../install/clients.ts';
import { catalogue } from '../tools/index.ts';

const TOOLS = catalogue.map(({ name }) => name);
const TOOLSETS = [DEFAULT_TOOLSET, WHOLE_TOOLSET, ...new Set(catalogue.map(({ toolset }) => toolset))];

/** What an option takes, where this program knows it. */
const OF_OPTIONS: Readonly<Record<string, readonly string[]>> = { '--toolsets': TOOLSETS, '--tools': TOOLS };

/** A command with its path, such as `audit verify`; the program's own is empty. */
interface Known {
  readonly path: string;
  readonly command: Command;
  /** The command that it belongs to; none for the program. */
  readonly above?: Command;
}

/**
 * The script that makes a shell complete the command line: made of the commands themselves, so that it knows no other ones.
 * It starts nothing while somebody types.
 */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const known = commandsIn(program);
  if (shell === 'fish') return fishScript(program.name(), known);
  const shared = `${tableOf(known)}${FOUND}`;
  const { begin, end } = shell === 'bash' ? BASH : ZSH;
  return `${begin}${shared}${end.replaceAll('PROGRAM', program.name())}`;
}

function commandsIn(command: Command, path = '', above?: Command): readonly Known[] {
  const below = visibleIn(command).flatMap((one) =>
    commandsIn(one, path === '' ? one.name() : `${path} ${one.name()}`, command),
  );
  return [{ path, command, ...(above !== undefined && { above }) }, ...below];
}

const visibleIn = (command: Command) => command.createHelp().visibleCommands(command);

function optionsOf({ command }: Known): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

const takesValue = ({ required, optional }: Option) => required || optional;
const valuesOf = ({ long, argChoices }: Option) => argChoices ?? OF_OPTIONS[long ?? ''] ?? [];
const namesOf = ({ short, long }: Option) => [short, long].filter((name) => name !== undefined);

/** What stands behind a command: its own commands, or what its first argument takes. */
function wordsOf({ command, above }: Known): readonly string[] {
  const names = visibleIn(command).map((one) => one.name());
  const [first] = command.registeredArguments;
  return [...names, ...(first === undefined ? [] : argumentValues(first, above))];
}

function argumentValues(argument: Argument, above: Command | undefined): readonly string[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    tool: TOOLS,
    client: clientsOf('https://example.com/mcp').map(({ id }) => id),
    command: above === undefined ? [] : visibleIn(above).map((one) => one.name()),
  };
  return argument.argChoices ?? known[argument.name()] ?? [];
}

/** What is known, as a function of a shell: it prints a word on each line, or fails for what is not known. */
function tableOf(known: readonly Known[]): string {
  const rows = known.flatMap((one): (readonly [string, readonly string[]])[] => [
    [`command ${one.path}`, []],
    [`words ${one.path}`, wordsOf(one)],
    [`options ${one.path}`, optionsOf(one).flatMap(namesOf)],
    ...optionsOf(one)
      .filter(takesValue)
      .flatMap((option) => namesOf(option).map((name) => [`value ${one.path} ${name}`, valuesOf(option)] as const)),
  ]);
  const lines = rows.map(
    ([key, words]) => `    '${key}') ${words.length === 0 ? ':' : `printf '%s\\n' ${words.join(' ')}`} ;;\n`,
  );
  return `_scalekit_mcp_table() {
  case "$1" in
${lines.join('')}    *) return 1 ;;
  esac
}
`;
}

/** What may stand at the cursor, for shells of the Bourne kind: the current word, the one before, then all before it. */
const FOUND = `_scalekit_mcp_found() {
  local current="$1" previous="$2" at='' word list begin=''
  shift 2
  for word in "$@"; do
    case "$word" in -*) continue ;; esac
    _scalekit_mcp_table "command \${at:+$at }$word" >/dev/null || break
    at="\${at:+$at }$word"
  done
  if list=$(_scalekit_mcp_table "value $at $previous"); then
    case "$current" in *,*) begin="\${current%,*}," ;; esac
    [ -z "$list" ] || while read -r word; do printf '%s\\n' "$begin$word"; done <<<"$list"
    return
  fi
  case "$current" in
    -*) _scalekit_mcp_table "options $at" ;;
    *) _scalekit_mcp_table "words $at" ;;
  esac
}
`;

const BASH = {
  begin: '',
  end: `_scalekit_mcp() {
  local IFS=$'\\n' found
  found=$(_scalekit_mcp_found "$2" "$3" "\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=($(compgen -W "$found" -- "$2"))
}
complete -o default -F _scalekit_mcp PROGRAM
`,
};

const ZSH = {
  begin: '#compdef scalekit-mcp\n',
  end: `_scalekit_mcp() {
  local -a found
  found=("\${(@f)$(_scalekit_mcp_found "\${words[CURRENT]}" "\${words[CURRENT-1]}" "\${(@)words[2,CURRENT-1]}")}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _scalekit_mcp PROGRAM
`,
};

function fishScript(program: string, known: readonly Known[]): string {
  return known
    .flatMap((one) => {
      const when = one.path === '' ? '__fish_use_subcommand' : seen(one.path);
      const begin = `complete -c ${program} -n '${when}'`;
      const words = wordsOf(one);
      const described = new Map(visibleIn(one.command).map((command) => [command.name(), command.description()]));
      return [
        ...words.map((word) => `${begin} -f -a ${word}${about(described.get(word))}`),
        ...optionsOf(one).map((option) => {
          const names = [option.short && `-s ${option.short.slice(1)}`, option.long && `-l ${option.long.slice(2)}`];
          const values = valuesOf(option);
          const value = takesValue(option) ? (values.length > 0 ? ` -x -a '${values.join(' ')}'` : ' -r') : '';
          return `${begin} ${names.filter(Boolean).join(' ')}${value}${about(option.description)}`;
        }),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function seen(path: string): string {
  return path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
}

function about(description: string | undefined): string {
  return description === undefined ? '' : ` -d '${description.replaceAll(/['\\]/g, '\\$&')}'`;
}
