# shellcheck shell=bash
# Runs the package as a newcomer does: npx fetches what it depends on into an empty folder, and it serves its sandbox.

# serve_from_package NAME: packs what the build step has built, and walks through it.
serve_from_package() {
  local empty=$work/$1-empty url token
  mkdir "$empty"
  npm pack --ignore-scripts --loglevel=error --pack-destination "$work"
  cd "$empty"
  start_server "$1" npx --yes --package="$(echo "$work"/scalekit-mcp-server-*.tgz)" scalekit-mcp serve
  url=$(event "$1" ready url)
  has_keys
  token=$(machine_token "$(event "$1" sandbox url)")
  rpc tools/call '{ "name": "list_environments", "arguments": {} }' |
    expect 'it.result.structuredContent.environments[0].type === "DEV"'
  say "version $(curl -sS "$url/health" | json '`${it.version}, revision ${it.revision}`'), serves $(event "$1" ready tools) tools"
}

# The bundle, by the schema of those who have made the format, unpacked by their program.
bundle_is_valid() {
  local mcpb=$tools/node_modules/.bin/mcpb
  node scripts/bundle.mjs dist "$work/scalekit.mcpb" >&3
  "$mcpb" unpack "$work/scalekit.mcpb" "$work/bundle"
  "$mcpb" validate "$work/bundle/manifest.json"
}
