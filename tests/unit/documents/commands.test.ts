import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { clientsOf } from '../../../src/install/clients.ts';
import { bridgeTo } from '../../../src/install/own-call.ts';
import { read } from '../../fixtures/deployments.ts';
import { blocksOf, problemsIn } from '../../fixtures/documents/commands.ts';
import { readShell } from '../../fixtures/documents/shell.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const pages = ['.', 'docs', 'docs/decisions', 'docs/runbooks'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

verifies.each('docs.block-commands', pages)('%s has commands that are known, and name what there is', (page) => {
  expect(problemsIn(read(page))).toEqual([]);
});

verifies.each('docs.block-commands', pages)('%s marks its commands as what is looked at', (page) => {
  const text = read(page);
  expect([...text.matchAll(/^ *```(bash|shell|console|zsh|fish|powershell|cmd)\b/gm)]).toEqual([]);
  expect(blocksOf(text).length).toBe([...text.matchAll(/^ *```sh\b/gm)].length);
});

verifies.each('docs.block-commands', ['README.md', 'docs/clients.md'])(
  '%s starts the bridge as `install` does',
  (page) => {
    const [program, ...args] = bridgeTo('URL');
    expect(read(page)).toContain(`\`${[program, ...args].join(' ')}\``);
    expect(read(page)).toContain('`npx -y mcp-remote URL`');
  },
);

verifies('docs.install-links', 'README.md has the links of the page, as far as GitHub lets them through', () => {
  const links = clientsOf('http://localhost:3002/mcp').flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'link' && step.web !== undefined ? [`[${step.label}](${step.web})`] : [])),
  );
  expect(links.length).toBeGreaterThan(2);
  for (const link of links) {
    expect(read('README.md')).toContain(link);
    expect(link).toContain('](https://');
  }
});

describe('a document with a mistake', () => {
  const of = (...lines: string[]) => problemsIn(['Say `server.mjs`.', '```sh', ...lines, '```', ''].join('\n'));

  verifies.each('docs.block-commands', [
    ['frobnicate --now', 'frobnicate is a command that is not known'],
    ['cat x | frobnicate', 'frobnicate is a command that is not known'],
    ['echo "$(frobnicate)"', 'frobnicate is a command that is not known'],
    ["docker exec scalekit-mcp sh -c 'frobnicate'", 'frobnicate is a command that is not known'],
    ['constructor', 'constructor is a command that is not known'],
    ['npm run nothing', 'npm run nothing: there is no such script'],
    ['npm publish', 'npm publish is not known'],
    ['npx somebodys-package', 'npx somebodys-package: a package that is not known'],
    ['npx mcp-remote https://mcp.example.com/mcp', 'npx mcp-remote without -y asks before it fetches'],
    ['scalekit-mcp nothing', 'scalekit-mcp has no command nothing'],
    ['scalekit-mcp tools --everything', 'scalekit-mcp tools has no option --everything'],
    ['npx -y scalekit-mcp-server@latest audit nothing', 'scalekit-mcp has no command nothing'],
    ['scalekit-mcp audit verify', 'scalekit-mcp verify needs more arguments'],
    ['scalekit-mcp login here', 'scalekit-mcp login takes no here'],
    ['scalekit-mcp tools --toolsets nothing', 'there is no toolset nothing'],
    ['scalekit-mcp call nothing', 'there is no tool nothing'],
    ['scalekit-mcp call list_organizations --arg colour=red', 'list_organizations has no argument colour'],
    ['scalekit-mcp install nothing --url https://mcp.example.com/mcp', 'nothing is no client that is known'],
    ['node dist/main.js --nothing', 'scalekit-mcp serve has no option --nothing'],
    ['node dist/nothing.js', 'dist/nothing.js: there is no such program'],
    ['node other.mjs', 'other.mjs: there is no such program'],
    ["node -p 'JSON.parse('", expect.stringContaining('node cannot read JSON.parse(:')],
    ['PORTS=1 npm start', 'PORTS is no setting, and not used'],
    ['docker run --env PORTS=1 scalekit-mcp-server', 'PORTS is no setting, and not used'],
    ["cat > server.env <<'END'\nPORTS=1\nEND", 'PORTS is no setting, and not used'],
    ['echo "$PORTS"', 'PORTS is set nowhere'],
    ['docker compose --file deploy/compose.yaml logs server-9', 'compose.yaml has no service server-9'],
    ['docker compose --file deploy/nothing.yaml ps', 'deploy/nothing.yaml is not there'],
    ['kubectl --namespace other get pods', 'there is no namespace other'],
    ['kubectl rollout status deployment/nothing', 'there is no deployment/nothing'],
    ['systemctl restart nothing', 'there is no unit nothing'],
    ['sh scripts/nothing.sh', 'sh without -c'],
    ['cp scripts/nothing.mjs .', 'scripts/nothing.mjs is not there'],
    ['curl https://mcp.example.com/nothing', '/nothing is no path of this server'],
    ['curl "http://localhost:3002/mcp?toolsets=nothing"', 'there is no toolset nothing'],
    ['echo "not ended', expect.stringContaining('" is missing')],
    ['cat <<END\nnot ended', expect.stringContaining('END is missing')],
  ] as const)('is found out: %s', (line, problem) => {
    expect(of(line)).toContainEqual(problem);
  });

  verifies('docs.block-commands', 'is found out in a sentence too', () => {
    expect(problemsIn('Run `npm run\nnothing`, or `scalekit-mcp nothing`.')).toEqual([
      'npm run nothing: there is no such script',
      'scalekit-mcp has no command nothing',
    ]);
  });

  verifies('docs.block-commands', 'and one without any is not', () => {
    expect(
      of(
        'f() { npm ci; }        # not looked at: frobnicate',
        'FILE=x; f "$FILE" && npm run check --silent',
        'PORT=1 node --import ./dist/tracing.js dist/main.js --check',
        'cp -R deploy/kubernetes/overlays/example deploy/kubernetes/overlays/mine',
        'kubectl apply -k deploy/kubernetes/overlays/mine',
        'node server.mjs',
      ),
    ).toEqual([]);
  });
});

verifies('docs.block-commands', 'commands are read as a shell reads them', () => {
  const { commands, functions, reads } = readShell(
    [
      'A=1 B="x $C" one "two $(three | four \'5 6\')" \\',
      '  seven\\ eight > out 2>&1   # not this',
      'f() { nine; }',
      '( cd x && ten ) || for each in a b; do eleven "$each"; done <<END',
      '$(twelve)',
      'END',
      '[ -f x ] || continue',
    ].join('\n'),
  );
  expect(
    commands
      .map(({ words }) => words.join(' '))
      .filter(Boolean)
      .sort(),
  ).toEqual(
    [
      'one two $() seven eight',
      ...[
        'three',
        'four 5 6',
        'nine',
        'cd x',
        'ten',
        'for each in a b',
        'eleven $each',
        'twelve',
        '[ -f x ]',
        'continue',
      ],
    ].sort(),
  );
  expect(commands.find(({ words }) => words[0] === 'one')).toMatchObject({
    sets: [
      ['A', '1'],
      ['B', 'x $C'],
    ],
    files: ['out'],
  });
  expect([...functions]).toEqual(['f']);
  expect([...reads].sort()).toEqual(['C', 'each']);
});
