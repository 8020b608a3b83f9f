import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What would end an element with a script or a style sheet inside of it. */
const END = /<\/(?:script|style)|<!--/i;
/** How the script of a view takes what all views need, and how that is offered. Joined, they are one script. */
const IMPORT = /^import \{[^}]*\} from '\.\/host\.js';\n/m;
const EXPORT = /^export (?=(?:async )?function )/gm;
const MODULE = /^(?:import|export) /m;

/**
 * The document of a view: whole in itself, with a Content-Security-Policy that lets nothing run but its own script, and
 * nothing be loaded or sent anywhere. The policy of the host that shows it holds beside that.
 * @param title for those who hear the page
 * @param name of the script in `assets/`
 * @throws Error when a file is missing, or could not stand inside of an element
 */
export function documentOf(title: string, name: string): string {
  const style = read('view.css');
  const script = `${read('host.js')}\n${read(`${name}.js`)}`.replace(IMPORT, '').replace(EXPORT, '');
  if (MODULE.test(script)) throw new Error(`The script of the view ${name} imports or exports something else.`);
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main></main>',
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function read(file: string): string {
  const text = readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8');
  if (END.test(text)) throw new Error(`${file} cannot stand inside of a document.`);
  return text;
}

/** What is allowed by its content, as a source of a Content-Security-Policy (CSP Level 3 §2.3.1). */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
