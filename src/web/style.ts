/** The style sheet of every page. The Content-Security-Policy of pages contains its hash. */
export const STYLE = `
:root {
  --page: #f5f6f9; --card: #fff; --text: #16181d; --soft: #565d6d; --line: #dfe2e9; --accent: #3347d0; --tint: #eef0fd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101217; --card: #191c23; --text: #eceef3; --soft: #a3aabb; --line: #2e333f; --accent: #97a5ff; --tint: #20263a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
header { font-weight: 600; font-size: .875rem; }
header a { color: var(--soft); text-decoration: none; }
header a:hover { text-decoration: underline; }
footer { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
h1 { margin: .25rem 0 .5rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.02em; }
p { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .3em; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; overflow-wrap: anywhere; }
.option { white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ul { display: grid; gap: .75rem; margin: 0 0 2rem; padding: 0; list-style: none; }
nav li > a { font-weight: 600; }
nav span { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .875rem; }
section {
  margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
h2:target { color: var(--accent); }
section:target { border-color: var(--accent); background: var(--tint); box-shadow: 0 0 0 1px var(--accent); }
h2 { margin: 2rem 0 .75rem; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1.0625rem; line-height: 1.4; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: .75rem 0 .35rem; color: var(--soft); font-size: .8125rem; font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd + dt { margin-top: .5rem; } }
`;
