import { namesOf } from '../access/select.ts';
import { type Config, parseConfig } from '../config/config.ts';
import { type Environment, readEnvironment, type StartedAs } from '../config/environment.ts';
import { Problems } from '../config/problems.ts';
import type { Use } from '../config/scalekit.ts';
import { catalogue } from '../tools/index.ts';

/** The configuration, and where it comes from. */
export interface Settings extends Environment {
  readonly config: Config;
}

/**
 * Reads the settings of this process: its environment, completed by `.env`.
 * @param as a command uses the catalogue from here; the others are about a server
 * @throws ConfigurationError with every problem
 */
export function readSettings(as: StartedAs): Settings {
  const problems = new Problems();
  const environment = readEnvironment(problems, as);
  const { variables, envFile } = environment;
  const use: Use = as === 'command' ? 'stdio' : 'http';
  return { ...environment, config: parseConfig(variables, problems, envFile, namesOf(catalogue), use) };
}
