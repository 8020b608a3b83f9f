/** The one style sheet of the pages; the policy that they are sent with names its hash. */
export const STYLE = `
:root {
  --page: #f4f5f8; --card: #ffffff; --text: #16181d; --soft: #5a6070; --line: #dfe2e9;
  --accent: #3a4fdc; --accent-text: #ffffff; --accent-hover: #2c3fc0; --tint: #eef0fd; --warn: #8a4b00; --warn-tint: #fdf1e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101217; --card: #191c23; --text: #eceef3; --soft: #a3aabb; --line: #2e333f;
    --accent: #8b9bff; --accent-text: #0d1024; --accent-hover: #a5b1ff; --tint: #23283a; --warn: #ffc173; --warn-tint: #33281a;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-bottom: 6rem; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; gap: 1.25rem;
  padding: clamp(1rem, 6vh, 4rem) 1rem 1.5rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 600; letter-spacing: -.01em; }
.brand svg { fill: none; stroke: var(--accent); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.tag {
  font-size: .75rem; font-weight: 600; line-height: 1; padding: .25rem .5rem; border-radius: 99px; letter-spacing: 0;
  color: var(--soft); border: 1px solid var(--line);
}
.tag.new { color: var(--accent); background: var(--tint); border-color: transparent; white-space: nowrap; }
.tag.changes { color: var(--warn); background: var(--warn-tint); border-color: transparent; white-space: nowrap; }
main {
  width: 100%; max-width: 31rem; padding: clamp(1.25rem, 5vw, 2rem); background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06);
}
h1 { text-wrap: balance; margin: 0 0 .35rem; font-size: 1.4rem; line-height: 1.25; letter-spacing: -.02em; overflow-wrap: anywhere; }
h1:focus { outline: none; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.last { margin-bottom: 0; }
footer { max-width: 31rem; color: var(--soft); font-size: .8125rem; text-align: center; text-wrap: balance; }
a { color: var(--accent); white-space: nowrap; text-underline-offset: .15em; }
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.people { display: grid; gap: .75rem; margin: 1.25rem 0 1.25rem; padding: 0; list-style: none; }
.person {
  width: 100%; display: flex; align-items: center; gap: .9rem; padding: .85rem 1rem; text-align: left;
  background: transparent; border: 1px solid var(--line); border-radius: .75rem;
}
.person:hover { border-color: var(--accent); background: var(--tint); }
.person > span:last-child { min-width: 0; }
.initials {
  flex: none; width: 2.75rem; height: 2.75rem; display: grid; place-items: center; border-radius: 50%;
  font-weight: 600; color: var(--accent); background: var(--tint);
}
.person strong, .person span span { display: block; overflow-wrap: anywhere; }
.person span span { font-size: .875rem; color: var(--soft); }
fieldset { margin: 1.25rem 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
.scopes { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .75rem; }
.scopes li + li { border-top: 1px solid var(--line); }
.scopes label { display: grid; grid-template-columns: auto 1fr; gap: .8rem; align-items: start; padding: .55rem .9rem; cursor: pointer; font-size: .9375rem; line-height: 1.4; }
.scopes label:hover { background: var(--tint); }
.scopes li:first-child label { border-radius: .7rem .7rem 0 0; }
.scopes li:last-child label { border-radius: 0 0 .7rem .7rem; }
.scopes li:only-child label { border-radius: .7rem; }
.scopes input { width: 1.1rem; height: 1.1rem; margin: .2rem 0 0; accent-color: var(--accent); }
.detail { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: center; margin-top: .1rem; }
.always { margin: 0 0 1.25rem; padding: 0 .9rem; list-style: none; font-size: .875rem; }
.always li { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: center; }
.scopes code, .always code { color: var(--soft); font-size: .8125rem; overflow-wrap: anywhere; }
.word { white-space: nowrap; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem; font-size: .875rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.clients { grid-template-columns: 1fr; gap: .15rem; }
.clients dt { margin-top: .6rem; font-weight: 600; color: var(--text); }
.clients code { font-size: .8125rem; user-select: all; }
.shortcuts { display: flex; gap: .75rem; margin: 0 0 .5rem; }
.shortcuts [aria-current] { font-weight: 600; text-decoration: none; color: var(--text); }
.alert { padding: .6rem .9rem; border: 1px solid var(--warn); border-radius: .65rem; color: var(--warn); background: var(--warn-tint); }
.actions {
  display: flex; gap: .75rem; position: sticky; bottom: 0; margin: 0 -.5rem; padding: .75rem .5rem;
  background: var(--card); border-top: 1px solid var(--line);
}
.actions button {
  flex: 1 1 auto; padding: .7rem 1rem; font-weight: 600; border-radius: .65rem;
  border: 1px solid var(--line); background: transparent;
}
.actions button:hover { border-color: var(--soft); }
.actions .primary { background: var(--accent); border-color: var(--accent); color: var(--accent-text); }
.actions .primary:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
@media (forced-colors: active) {
  .person, .actions button, .tag, .tag.new, .tag.changes { border-color: ButtonText; }
  .actions .primary { forced-color-adjust: none; background: Highlight; border: 3px double Highlight; color: HighlightText; }
  :focus-visible { outline-color: Highlight; }
}
`;
