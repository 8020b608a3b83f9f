import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { prometheusMetrics } from '../../../../src/observability/metrics/prometheus.ts';
import {
  ALARMS,
  knownHttpMethod,
  knownMcpMethod,
  knownOutcome,
  OTHER,
} from '../../../../src/observability/outcomes.ts';
import { path } from '../../../../src/platform/path.ts';
import { verifies } from '../../../verifies.ts';

const SOURCES = fileURLToPath(new URL('../../../../src', import.meta.url));

describe('the table of outcomes', () => {
  verifies.each('metrics.bounded', [knownOutcome, knownMcpMethod, knownHttpMethod])(
    'takes no word from outside',
    (known) => {
      for (const word of ['', 'evil', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]) {
        expect(known(word)).toBe(OTHER);
      }
    },
  );
});

describe('the template of a path', () => {
  verifies('metrics.upstream', 'holds no value, and is the one that is written in the code', () => {
    const values = ['org_1', 'app', 'a:b', 'ü/?#%', 'details:enable'];
    const makers = [
      [(id: string) => path`/connections/${id}`, '/connections/{}'],
      [(id: string) => path`/connections/${id}:enable`, '/connections/{}:enable'],
      [(id: string) => path`/organizations/${id}/users`, '/organizations/{}/users'],
    ] as const;
    for (const [make, template] of makers) {
      for (const value of values.filter((one) => !one.includes('/'))) expect(make(value).template).toBe(template);
    }
    expect(path`/connections/app`.template).toBe('/connections/app');
  });
});

verifies('metrics.deploy', 'alarms are events that the log has, at their level', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${SOURCES}/${file}`, 'utf8'))
    .join('\n');
  for (const [event, level] of Object.entries(ALARMS))
    expect(sources).toMatch(new RegExp(`log\\.${level}\\(\\s*'${event}'`));
});

verifies('metrics.bounded', 'events beyond a number that no code reaches have no series of their own', async () => {
  const { metrics, registry } = prometheusMetrics({ tools: [] });
  const valuesOf = async () => (await registry.getSingleMetric('scalekit_mcp_log_events_total')?.get())?.values ?? [];
  const known = (await valuesOf()).length;
  for (let i = 0; i < 1_000; i++) metrics.logged('warn', `event_${i}`);
  const values = await valuesOf();
  expect(values).toHaveLength(known + 101);
  expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(1_000);
});
