import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentedRun, readDockerRun } from '../../../scripts/image/docker-run.ts';
import { readDockerfile } from '../../../scripts/image/dockerfile.ts';
import { readDockerignore } from '../../../scripts/image/ignore.ts';
import { expand } from '../../../scripts/image/variables.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

verifies.group('deploy.image', 'the Dockerfile', () => {
  const { args, stages } = readDockerfile(read('Dockerfile'));
  const image = stages.at(-1);
  const base = `node:\${NODE_MAJOR}-alpine\${NODE_DIGEST}`;

  it('builds in stages on one pinned line of Node.js, to which a digest can be added', () => {
    expect(args).toEqual([
      expect.objectContaining({ name: 'NODE_MAJOR', value: expect.stringMatching(/^\d+$/) }),
      expect.objectContaining({ name: 'NODE_DIGEST', value: expect.stringMatching(/^(@sha256:[\da-f]{64})?$/) }),
    ]);
    expect(read('docs/operations.md')).toContain('--build-arg NODE_DIGEST=@');
    expect(stages.map(({ name, base }) => [name, base])).toEqual([
      ['dependencies', base],
      ['build', base],
      [undefined, base],
    ]);
  });

  it('installs from the lock file before a source changes, without development dependencies in what is kept', () => {
    for (const { steps } of stages.slice(0, 2)) {
      const copied = steps.findIndex((step) => step.does === 'COPY' && step.sources.includes('package-lock.json'));
      const installed = steps.findIndex((step) => step.does === 'RUN' && step.command.startsWith('npm ci '));
      expect(steps[copied]).toMatchObject({ sources: ['package.json', 'package-lock.json', '.npmrc'] });
      expect(installed).toBe(copied + 1);
    }
    expect(stages[0]?.steps).toContainEqual(
      expect.objectContaining({ command: expect.stringContaining('--omit=dev --omit=optional') }),
    );
    const kept = image?.steps.flatMap((step) => (step.does === 'COPY' ? [[step.from, ...step.sources]] : []));
    expect(kept).toEqual([
      ['dependencies', '/build/node_modules'],
      ['build', '/build/dist'],
      [undefined, 'package.json', 'LICENSE', 'scripts/healthcheck.mjs'],
    ]);
  });

  it('starts Node.js without a shell, as a user in numbers, and says how it is', () => {
    expect(image?.steps).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ does: 'USER', value: '65532:65532' }),
        expect.objectContaining({ does: 'STOPSIGNAL', value: 'SIGTERM' }),
        expect.objectContaining({ does: 'ENTRYPOINT', argv: ['node'] }),
        expect.objectContaining({ does: 'HEALTHCHECK', argv: ['node', 'healthcheck.mjs'] }),
      ]),
    );
    const after = image?.steps.slice(image.steps.findIndex(({ does }) => does === 'USER')) ?? [];
    expect(after.filter(({ does }) => does === 'RUN' || does === 'COPY')).toEqual([]);
  });

  it('carries the labels of the Open Container Initiative', () => {
    const labels = image?.steps.flatMap((step) => (step.does === 'LABEL' ? step.entries : [])).map(([name]) => name);
    const names = ['title', 'description', 'licenses', 'version', 'revision', 'created', 'base.name'];
    expect(labels).toEqual(names.map((name) => `org.opencontainers.image.${name}`));
  });
});

verifies.group('deploy.walk', 'the walk', () => {
  it.each([
    'ADD a b',
    'VOLUME /data',
    'SHELL ["/bin/bash"]',
    'ONBUILD RUN x',
    'MAINTAINER me',
    'RUN --mount=type=cache,target=/x npm ci',
    'RUN ["npm", "ci"]',
    'RUN <<EOF\nx\nEOF',
    'RUN one \\\n  # not this\n  two',
    'COPY --chmod=755 a b',
    'COPY --link a b',
    'COPY *.json ./',
    'COPY a',
    'ENV NAME value',
    'CMD node dist/main.js',
    'ENTRYPOINT node',
    'HEALTHCHECK NONE',
    'HEALTHCHECK --every=1s CMD ["x"]',
    'USER "node"',
    'FROM --platform=linux/amd64 node',
  ])('refuses %j, which it could not follow', (instruction) => {
    expect(() => readDockerfile(`FROM node:24-alpine\n${instruction}\n`)).toThrow(/^line 2: cannot follow /);
  });

  it('refuses what an engine refuses', () => {
    expect(() => readDockerfile('')).toThrow('no FROM');
    expect(() => readDockerfile('RUN x\nFROM node')).toThrow('line 1: RUN in front of the first FROM');
  });

  it('reads instructions over several lines as one', () => {
    const { stages } = readDockerfile('FROM a AS b\nRUN one \\\n  two\nENV A=1 B="two words"\n');
    expect(stages[0]).toMatchObject({ name: 'b', base: 'a' });
    expect(stages[0]?.steps).toEqual([
      { line: 2, does: 'RUN', command: expect.stringMatching(/^one\s+two$/) },
      {
        line: 4,
        does: 'ENV',
        entries: [
          ['A', '1'],
          ['B', 'two words'],
        ],
      },
    ]);
  });

  it('puts variables in, and refuses one that nobody has set', () => {
    expect(expand(`$A-\${B}-\${C:-c}-\${D:-d}`, { A: 'a', B: 'b', D: '' })).toBe('a-b-c-d');
    expect(() => expand(`node:\${MAJOR}`, {})).toThrow('MAJOR} is not set here');
  });

  it.each([
    ['src/main.ts', false],
    ['src/sandbox/gateway/x.ts', false],
    ['package.json', false],
    ['scripts/build.mjs', false],
    ['scripts/preflight.mjs', false],
    ['scripts/start.mjs', true],
    ['.env', true],
    ['deploy/.env', true],
    ['deploy/secrets/redis-url', true],
    ['node_modules/x/package.json', true],
    ['package.json.orig', true],
    ['.git/config', true],
  ])('sees through .dockerignore: %s', (path, ignored) => {
    expect(readDockerignore(read('.dockerignore'))(path)).toBe(ignored);
  });

  it('reads patterns of .dockerignore as an engine does, and refuses those that it does not know', () => {
    const ignored = readDockerignore('# all\n*.md\n**/*.log\n!docs/keep.log\nbuild\n');
    const paths = ['a.md', 'docs/a.md', 'a.log', 'docs/deep/a.log', 'docs/keep.log', 'build/x', 'rebuild'];
    expect(paths.filter(ignored)).toEqual(['a.md', 'a.log', 'docs/deep/a.log', 'build/x']);
    for (const pattern of ['[ab]', 'a?', '/a', 'a\\b'])
      expect(() => readDockerignore(pattern)).toThrow('cannot follow');
  });
});

verifies.group('deploy.run', 'the documented docker run line', () => {
  it('is there once, and demands nothing that the image lacks', () => {
    const run = documentedRun(read('docs/operations.md'));
    expect(run).toMatchObject({ image: 'scalekit-mcp-server', env: { PUBLIC_URL: 'https://mcp.example.com' } });
    expect(() => documentedRun('```sh\ndocker run a\n```\n```sh\ndocker run b\n```')).toThrow('2 docker run lines');
    expect(() => documentedRun('`docker run a`')).toThrow('docker run lines');
  });

  it.each([
    ['--privileged a', /--privileged/],
    ['--cap-drop NET_RAW a', /--cap-drop NET_RAW/],
    ['--volume /etc:/etc a', /--volume/],
    ['--env NAME a', /--env/],
    ['--cap-drop ALL --env A=$(id) a', /needs a shell/],
    ['--cap-drop ALL --env A=1', /without an image/],
    ['a', /without --cap-drop ALL/],
  ])('cannot be %j', (rest, expected) => {
    expect(() => readDockerRun(`docker run ${rest}`)).toThrow(expected);
  });
});
