import { WHOLE_TOOLSET } from '../access/selection.ts';
import { INFO_PATH } from '../http/origin.ts';
import type { Front } from './front.ts';
import { type Html, html } from './html.ts';
import { groupsOf } from './tool-groups.ts';

/**
 * The form with which a URL is put together. It asks this server for the page of that URL, and means what the endpoint
 * understands. A script does so at every change.
 */
export function builder({ whole, selection, problem }: Front): Html {
  const [{ toolsets, tools } = { toolsets: [], tools: [] }] = selection.named ?? [];
  const isOpen = problem !== undefined || Object.keys(selection).length > 0;
  const box = (name: string, title: string, count: number) => html`
<label><input type="checkbox" name="toolsets" value="${name}"${toolsets.includes(name) && html` checked`}> ${title} <small>${count}</small></label>`;
  const groups = groupsOf(whole);
  return html`<details class="builder"${isOpen && html` open`}><summary>Show it less: toolsets, reading only, one environment</summary>
<form id="builder" action="${INFO_PATH}#connect">
<p>An address can only narrow what your sign-in allows. Choose nothing, and your assistant sees the usual tools and finds the others.</p>
<fieldset><legend>Toolsets</legend><div class="boxes">${box(
    WHOLE_TOOLSET,
    'All tools',
    groups.reduce((sum, group) => sum + group.tools.length, 0),
  )}${groups.map(({ name, title, tools: { length } }) => box(name, title, length))}
</div></fieldset>
<p class="fields"><label class="check"><input type="checkbox" name="read_only" value="true"${selection.readOnly === true && html` checked`}> Only read, change nothing</label>
${
  whole.realm.mode === 'workspace' &&
  html`<label>One environment <input name="environment" placeholder="env_…" pattern="env_\\w{1,28}" autocomplete="off" spellcheck="false" maxlength="32" value="${selection.environment ?? ''}"></label>
`
}<label>Single tools <input name="tools" placeholder="list_users, get_user" autocomplete="off" spellcheck="false" value="${tools.join(', ')}"></label></p>
<p class="buttons"><button class="button">Update the address</button> <a href="${INFO_PATH}#connect">Start again</a></p>
</form></details>`;
}
