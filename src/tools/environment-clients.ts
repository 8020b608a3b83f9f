import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { ClientSecret } from '../platform/entities/environment-client.ts';
import { findCredentials } from '../platform/environment-client.ts';

/** The clients through which applications reach an environment. */
export const environmentClients = toolset('environment_clients', { area: 'environment' }, (t) => [
  t.read('get_environment_credentials', {
    description:
      'Show the API credentials of an application: URL, client id, how its secrets end, a .env file. A secret is shown once, when it is made; replace a lost one.',
    output: {
      environment_url: z.string(),
      client_id: z.string(),
      secrets: z.array(ClientSecret),
      env_file: z.string().describe('Lines for a .env file; the secret is left for the person to fill in'),
    },
    async run(_args, { api, environmentUrl }) {
      const [url, { id, secrets }] = await Promise.all([environmentUrl(), findCredentials(api)]);
      return { environment_url: url, client_id: id, secrets: secrets ?? [], env_file: envFile(url, id) };
    },
  }),
]);

/** The content of a `.env` file, with the names that Scalekit's documentation and SDK examples use. */
function envFile(url: string, clientId: string): string {
  const lines = [`SCALEKIT_ENVIRONMENT_URL=${url}`, `SCALEKIT_CLIENT_ID=${clientId}`, 'SCALEKIT_CLIENT_SECRET='];
  return lines.map((line) => `${line}\n`).join('');
}
