import { parseConfig } from '../../src/config/config.ts';
import { NO_CONTENT } from '../../src/core/content.ts';
import { createLog } from '../../src/observability/log/log.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { start } from '../../src/server/start.ts';
import { catalogue } from '../../src/tools/index.ts';
import { fixtureServer, mayStream } from './fixtures.ts';

// This server as it is, from the socket to where messages are answered; there, the fixtures of the conformance suite answer.
const log = createLog({ level: 'info', sink: process.stdout, pretty: false });
await start({
  config: parseConfig({ PORT: '0', SANDBOX_PORT: '0', RATE_LIMIT: 'off', AUDIT_LOG: 'off' }),
  log,
  stderr: (bytes, done) => process.stderr.write(bytes, () => done(null, bytes.length)),
  catalogue,
  content: NO_CONTENT,
  protocol: { server: fixtureServer, mayStream, asksClients: true },
  startSandbox,
});
