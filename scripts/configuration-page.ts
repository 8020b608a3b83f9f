// docs/configuration.md: what .env.example explains, as tables.

const INTRODUCTION = `# Configuration

Generated from [\`.env.example\`](../.env.example) by \`npm run generate\`. Settings are environment variables, or lines of a file
called \`.env\` in the folder in which the server is started; variables of the process win. What is shown behind a name is its
default, or an example where it has none. \`node dist/main.js serve --check\` reads them as a start would, and starts nothing.
`;

interface Section {
  readonly title: string;
  readonly rows: { readonly settings: string[]; readonly words: string[] }[];
}

/**
 * The page of all settings.
 * @param example the text of .env.example: sections under `# --- title ---`, and in them paragraphs of explanation, each with
 *   the settings that it explains
 */
export function configurationPage(example: string): string {
  const sections = sectionsOf(example).map(({ title, rows }) => {
    const lines = rows
      .filter(({ settings }) => settings.length > 0)
      .map(({ settings, words }) => `| ${settings.map(code).join('<br>')} | ${inCell(words.join(' '))} |`);
    return `## ${title}\n\n| Setting | What it does |\n|---|---|\n${lines.join('\n')}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function sectionsOf(example: string): Section[] {
  const sections: Section[] = [];
  for (const paragraph of example.split(/\n\s*\n/)) {
    const lines = paragraph.split('\n').filter((line) => line.startsWith('#'));
    const [, title] = /^# --- (.+) ---$/.exec(lines[0] ?? '') ?? [];
    if (title !== undefined) sections.push({ title, rows: [] });
    const section = sections.at(-1);
    if (section === undefined) continue;
    const said = lines.filter((line) => !line.startsWith('# --- ')).map((line) => line.replace(/^# ?/, ''));
    const settings = said.filter((line) => /^[A-Z][A-Z0-9_]*=/.test(line));
    const words = said.filter((line) => !settings.includes(line));
    if (said.length > 0) section.rows.push({ settings, words });
  }
  return sections;
}

/** A setting as code, which a table can hold: a backtick in it would end the code, a bar the cell. */
function code(setting: string): string {
  return `\`${setting.replaceAll('|', '\\|')}\``;
}

function inCell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
