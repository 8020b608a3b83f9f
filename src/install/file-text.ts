import type { Json, Setup } from './setup.ts';

/** What a file of a client looks like with this entry, as people paste it. */
export function fileText({ format, member }: Pick<Setup, 'format' | 'member'>, name: string, entry: Json): string {
  const path = [member].flat();
  if (format === 'json') return JSON.stringify(below(path, { [name]: entry }), null, 2);
  const lines = Object.entries(entry).map(([key, value]) => [key, JSON.stringify(value)] as const);
  if (format === 'toml') {
    return [`[${path[0]}.${tomlKey(name)}]`, ...lines.map(([key, value]) => `${key} = ${value}`)].join('\n');
  }
  return [`${path[0]}:`, `  ${name}:`, ...lines.map(([key, value]) => `    ${key}: ${plain(value)}`)].join('\n');
}

/** An object in members that lead to it. */
export function below(path: readonly string[], members: Json): Json {
  return path.reduceRight<Json>((inner, name) => ({ [name]: inner }), members);
}

/** A key of TOML 1.0: quoted where it is no bare one. */
export function tomlKey(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

/** A word stands without quotes in YAML, as people write it. */
function plain(json: string): string {
  return /^"[a-z_]+"$/.test(json) ? json.slice(1, -1) : json;
}
