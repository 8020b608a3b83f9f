import { Keys } from '../src/scalekit/keys.ts';
import { tokenVerifier } from '../src/scalekit/tokens.ts';
import { FakeScalekit, SERVER_ID } from '../tests/fixtures/scalekit.ts';

const TIMES = 100_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** CPU that verifying a token costs once it has been verified, in microseconds. */
export async function verifyMicroseconds(): Promise<number> {
  const scalekit = await FakeScalekit.start();
  const token = await scalekit.mint();
  const keys = new Keys({ environmentUrl: scalekit.url, log: silent });
  const verify = tokenVerifier({ keys, issuers: [scalekit.issuer], audiences: [SERVER_ID] });
  for (let i = 0; i < 1000; i++) await verify(token);
  const before = process.cpuUsage();
  for (let i = 0; i < TIMES; i++) await verify(token);
  const { user, system } = process.cpuUsage(before);
  await scalekit.close();
  return (user + system) / TIMES;
}
