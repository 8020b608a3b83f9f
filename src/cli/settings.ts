import { namesOf } from '../access/select.ts';
import { type Config, parseConfig } from '../config/config.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { Problems } from '../config/problems.ts';
import type { Use } from '../config/scalekit.ts';
import { catalogue } from '../tools/index.ts';

/** The configuration, and where it comes from. */
export interface Settings extends Environment {
  readonly config: Config;
}

/**
 * Reads the settings of this process: its environment, completed by `.env`.
 * @param use whether a server is to be started, or the catalogue used from here
 * @throws ConfigurationError with every problem
 */
export function readSettings(use: Use = 'http'): Settings {
  const problems = new Problems();
  const environment = readEnvironment(problems);
  const { variables, envFile } = environment;
  return { ...environment, config: parseConfig(variables, problems, envFile, namesOf(catalogue), use) };
}
