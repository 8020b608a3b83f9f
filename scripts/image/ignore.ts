/**
 * Reads a .dockerignore. The result says whether a path of the context is left out. The last pattern that matches the
 * path, or a folder that contains it, decides.
 * @throws Error for a pattern in a form that is not known here
 */
export function readDockerignore(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const pattern = line.replace(/^!/, '');
      if (!/^[\w.@/*-]+$/.test(pattern) || pattern.startsWith('/'))
        throw new Error(`.dockerignore: cannot follow ${line}`);
      return { ignores: !line.startsWith('!'), matches: matcher(pattern) };
    });
  return (path) => rules.findLast(({ matches }) => matches.test(path))?.ignores ?? false;
}

/** `*` matches anything except a slash, `**` anything. The content of a matching folder matches as well. */
function matcher(pattern: string): RegExp {
  const parts = pattern.replace(/\/$/, '').split(/(\*\*\/?|\*)/);
  const source = parts.map((part) => {
    if (part.startsWith('**')) return part === '**' ? '.*' : '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replace(/[.]/g, '\\.');
  });
  return new RegExp(`^${source.join('')}(?:/.*)?$`);
}
