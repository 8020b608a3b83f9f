# shellcheck shell=bash
# The MCP Inspector's command line against a server on its sandbox. It needs Node.js 22 or newer, hence $node24.

inspect_with_token() {
  start_server inspected npm start
  local token
  token=$(machine_token "$(event inspected sandbox url)")
  new_person
  # With --strict it fails on a schema that some client could not read.
  inspector --header "Authorization: Bearer $token" --method tools/list --strict |
    expect "it.result.tools.length === $(event inspected ready tools)"
  inspector --header "Authorization: Bearer $token" --method tools/call --tool-name whoami |
    expect 'it.result.structuredContent.subject === "sandbox-machine"'
  documented_line "$token"
}

# documented_line TOKEN: README's own line, on the Node.js of this machine and not on $node24, but for the port.
documented_line() {
  local line
  line=$(grep -o '`npx -y @modelcontextprotocol/inspector@[^`]*`' README.md | tr -d '`')
  line=${line//http:\/\/localhost:3002\/mcp/$(event inspected ready endpoint)}
  (cd "$tools" && TOKEN=$1 timeout --foreground 120 bash -c "$line" </dev/null) >"$work/documented" ||
    give_up "README's line for the Inspector ended with $?: $line"
  grep -q '"name": "whoami"' "$work/documented" || give_up "README's line for the Inspector listed nothing: $line"
}

# Tests discovery, registration, login, consent, listing, reading and writing, once in each era of the protocol.
inspect_signing_in() {
  start_server inspected npm start
  local era environment
  for era in legacy modern; do
    new_person
    inspector --protocol-era $era --method tools/list |
      expect 'it.result.tools.some(({ name }) => name === "create_organization")'
    call whoami '{}' |
      expect 'it.result.structuredContent.subject.startsWith("usr_") && it.result.structuredContent.client_id.startsWith("m2m_")'
    environment=$(call list_environments '{}' | json 'it.result.structuredContent.environments[0].id')
    call create_organization "{ \"environmentId\": \"$environment\", \"name\": \"From the $era era\" }" |
      expect "it.result.structuredContent.organization.display_name === 'From the $era era'"
    say "$era: registered, signed in, read and wrote"
  done
}

# call TOOL ARGUMENTS, in $era
call() { inspector --protocol-era "$era" --method tools/call --tool-name "$1" --tool-args-json "$2"; }

# inspector ARGUMENTS…: with a time limit, because it would wait for a person for a quarter of an hour.
inspector() {
  env -i PATH="$person:$node24:$PATH" HOME="$person" BROWSER="$person/xdg-open" \
    MCP_AUTO_OPEN_ENABLED=true MCP_INSPECTOR_SECRET_STORE=file \
    timeout --foreground 60 "$tools/node_modules/.bin/mcp-inspector" --cli "$(event inspected ready endpoint)" \
    --transport http --callback-url "$callback" --format json "$@"
}

# Creates a person who has never signed in, with a script as the browser.
new_person() {
  person=$(mktemp -d -p "$work")
  printf '#!/bin/sh\nexec "%s" "%s" "%s" "$@"\n' \
    "$node24/node" "$PWD/node_modules/tsx/dist/cli.mjs" "$PWD/tests/fixtures/open-browser.ts" >"$person/xdg-open"
  chmod +x "$person/xdg-open"
  callback=http://127.0.0.1:$(free_port)/oauth/callback
}

free_port() {
  node -e 'const server = net.createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
    server.close();
  });'
}
