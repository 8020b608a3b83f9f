import { isObject, parseJson } from '../core/json.ts';
import { CommandFailure } from './failure.ts';

type Args = Readonly<Record<string, unknown>>;

/**
 * Reads the arguments of a call from the command line.
 * @param given `name=value` each. A value is text, which the tool reads as the number or boolean that its schema names; what
 *   the schema says is a list or an object is written in JSON, or for a list of texts, with commas
 * @param json further arguments as a JSON object
 * @param schema of the tool's arguments, as JSON Schema
 * @throws CommandFailure `usage`
 */
export function readCallArguments(given: readonly string[], json: string | undefined, schema: Args): Args {
  const whole = json === undefined ? {} : parseJson(json);
  if (!isObject(whole)) throw new CommandFailure('usage', '--json-args is no JSON object. Write {"name": "value"}.');
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const entries = given.map((each): [string, unknown] => {
    const at = each.indexOf('=');
    if (at <= 0) throw new CommandFailure('usage', '--arg takes name=value, such as --arg organizationId=org_1.');
    const name = each.slice(0, at);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, readValue(name, each.slice(at + 1), property)];
  });
  const names = [...Object.keys(whole), ...entries.map(([name]) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new CommandFailure('usage', `The argument ${twice} is given twice.`);
  return Object.fromEntries([...Object.entries(whole), ...entries]);
}

function readValue(name: string, text: string, property: unknown): unknown {
  const type = isObject(property) ? property['type'] : undefined;
  if (type !== 'array' && type !== 'object') return text;
  const value = parseJson(text);
  if (type === 'array' ? Array.isArray(value) : isObject(value)) return value;
  const items = isObject(property) ? property['items'] : undefined;
  if (type === 'array' && isObject(items) && items['type'] === 'string')
    return text.split(',').map((part) => part.trim());
  throw new CommandFailure('usage', `${name} is ${type === 'array' ? 'a list' : 'an object'}: write it in JSON.`);
}
