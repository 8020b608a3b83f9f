/**
 * Reads a .dockerignore: which paths of the context an image cannot copy. The last line that matches a path, or a folder
 * that it is in, decides.
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

/** `*` stands for anything but a slash, `**` for anything; what is in a folder that matches matches as well. */
function matcher(pattern: string): RegExp {
  const parts = pattern.replace(/\/$/, '').split(/(\*\*\/?|\*)/);
  const source = parts.map((part) => {
    if (part.startsWith('**')) return part === '**' ? '.*' : '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replace(/[.]/g, '\\.');
  });
  return new RegExp(`^${source.join('')}(?:/.*)?$`);
}
