import { expect, vi } from 'vitest';
import { healthOf } from '../../../src/core/health.ts';
import type { Front } from '../../../src/web/front.ts';
import { KeptPages, MAX_KEPT } from '../../../src/web/kept-pages.ts';
import { verifies } from '../../verifies.ts';

const build = { version: '1', revision: undefined };
const well = healthOf({ oauth_server: 'healthy', management_api: 'healthy' }, build);
const ill = healthOf({ oauth_server: 'healthy', management_api: 'unhealthy' }, build);
const says = (front: Partial<Front>) => ({ endpoint: 'https://a.example/mcp', health: well, ...front }) as Front;

verifies(
  'page.kept',
  'are made once for all who are told the same, and again for whoever is told anything else',
  () => {
    const kept = new KeptPages();
    const make = vi.fn(() => Buffer.from(String(make.mock.calls.length)));
    const first = kept.of('html', says({}), make);
    // When it was asked changes nothing.
    expect(kept.of('html', says({ health: { ...well, timestamp: 'later' } }), make)).toBe(first);
    const others = [
      kept.of('markdown', says({}), make),
      kept.of('html', says({ endpoint: 'https://a.example/mcp?read_only=true' }), make),
      kept.of('html', says({ endpoint: 'https://b.example/mcp' }), make),
      kept.of('html', says({ problem: 'No such toolset.' }), make),
      kept.of('html', says({ health: ill }), make),
    ];
    expect(make).toHaveBeenCalledTimes(1 + others.length);
    expect(new Set([first, ...others].map(String)).size).toBe(1 + others.length);
  },
);

verifies('page.kept', 'are forgotten above a number, those first that were asked for longest ago', () => {
  const kept = new KeptPages();
  const make = vi.fn(() => Buffer.from('page'));
  for (let i = 0; i <= MAX_KEPT; i++) kept.of('html', says({ endpoint: `https://a.example/mcp?tools=t${i}` }), make);
  kept.of('html', says({ endpoint: `https://a.example/mcp?tools=t${MAX_KEPT}` }), make);
  expect(make).toHaveBeenCalledTimes(MAX_KEPT + 1);
  kept.of('html', says({ endpoint: 'https://a.example/mcp?tools=t0' }), make);
  expect(make).toHaveBeenCalledTimes(MAX_KEPT + 2);
});
