import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { verifies } from '../../verifies.ts';

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
const document = read('server.json');
const project = read('package.json');

/** An input of the registry: a variable of a URL, or of the process. */
interface Input {
  readonly name?: string;
  readonly description?: string;
  readonly isSecret?: boolean;
}

verifies('discovery.registry', 'has the members that the registry knows, within its limits', () => {
  expect(document.$schema).toBe('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json');
  expect(document.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  expect(document.name.length).toBeLessThanOrEqual(200);
  for (const text of [document.title, document.description]) {
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(100);
  }
  expect(document.version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  const known = ['$schema', 'name', 'title', 'description', 'version', 'websiteUrl', 'packages', 'remotes'];
  expect(Object.keys(document)).toEqual(known);
});

verifies('discovery.registry', 'names the package as npm knows it, with the version of this project', () => {
  // The registry reads mcpName in the published package, and refuses another name.
  expect(document.name).toBe(project.mcpName);
  expect(document.version).toBe(project.version);
  const [named] = document.packages;
  expect(named).toMatchObject({
    registryType: 'npm',
    registryBaseUrl: 'https://registry.npmjs.org',
    identifier: project.name,
    version: project.version,
  });
  // Where the source is, both say or neither; the bundle takes it from the package.
  expect(document.repository?.url).toBe(project.repository?.url);
  // npx finds what to run in a package that has one program.
  expect(Object.keys(project.bin)).toHaveLength(1);
  for (const { name = '', description = '', isSecret } of named.environmentVariables as Input[]) {
    expect(Object.keys(VARIABLES)).toContain(name);
    expect(description).not.toBe('');
    expect([name, isSecret === true]).toEqual([name, name.includes('SECRET')]);
  }
});

verifies('discovery.registry', 'has both endpoints, and says of each variable what it is', () => {
  expect(document.remotes.map(({ type }: { type: string }) => type)).toEqual(['streamable-http', 'streamable-http']);
  for (const { url, variables } of document.remotes) {
    expect(url).toMatch(/^https:\/\/\S+$/);
    const used = [...url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(variables)).toEqual(used);
    expect(new URL(url.replaceAll(/\{\w+\}/g, 'mcp.example.com')).pathname).toMatch(/^\/(mcp)?$/);
  }
});
