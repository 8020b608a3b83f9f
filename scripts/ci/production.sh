# shellcheck shell=bash
# Tests the built server as in production. A second server with its sandbox is used as the Scalekit environment.

serve_in_production() {
  # Only the content of a production image, so that a dependency that is declared in the wrong place is missing.
  local image=$work/production
  mkdir "$image"
  cp -r dist package.json package-lock.json "$image"
  npm ci --prefix "$image" --omit=dev --omit=optional

  refuses_to_start_without_scalekit "$image"

  start_server scalekit node dist/main.js
  local sandbox issuer port
  sandbox=$(event scalekit sandbox url)
  issuer=$(curl -sS "$(event scalekit ready url)/.well-known/oauth-protected-resource" | json 'it.authorization_servers[0]')
  port=$(free_port)
  start_server production NODE_ENV=production PORT="$port" PUBLIC_URL="http://127.0.0.1:$port" \
    SCALEKIT_ENV_URL="$sandbox" SCALEKIT_API_URL="$sandbox" SCALEKIT_MCP_SERVER_ID="${issuer##*/}" node "$image/dist/main.js"
  url=$(event production ready url)

  has_keys
  curl -sS "$url/health" | expect 'it.status === "healthy"'
  refuses_without_token
  token=$(machine_token "$sandbox")
  rpc tools/list '{}' | expect 'it.result.tools.some(({ name }) => name === "list_environments")'
  rpc tools/call '{ "name": "list_environments", "arguments": {} }' |
    expect 'it.result.structuredContent.environments[0].type === "DEV"'

  kill "$server"
  wait "$server" || give_up "It ended with $? when told to stop."
  say "serves $(event production ready tools) tools, and stops when told to"
}

refuses_to_start_without_scalekit() {
  local code=0
  NODE_ENV=production node "$1/dist/main.js" || code=$?
  [[ $code == 78 ]] || give_up "Without SCALEKIT_ENV_URL it ended with $code, not with 78."
}

refuses_without_token() {
  local status
  status=$(curl -sS -o "$work/refusal" -w '%{http_code}' -X POST "$url/mcp")
  [[ $status == 401 ]] || give_up "Without a token it answered $status, not 401: $(cat "$work/refusal")"
}

# rpc METHOD PARAMS: one request to $url, with $token.
rpc() {
  curl -sS "$url/mcp" -H "Authorization: Bearer $token" -H 'MCP-Protocol-Version: 2025-11-25' \
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -d "{ \"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"$1\", \"params\": $2 }"
}
