# shellcheck shell=bash
# Starts servers and sends requests to them. Every server of a step ends with the step.

# start_server NAME [VARIABLE=value…] COMMAND…: starts it on free ports, with these variables and no others, and waits
# until it is ready. Its process id is in $server.
start_server() {
  local log=$work/$1.jsonl
  shift
  # Emptied here, since the background job does it at any time: a server of an earlier step may have had this name.
  : >"$log"
  env -i PATH="$PATH" HOME="$HOME" PORT=0 SANDBOX_PORT=0 "$@" >"$log" &
  server=$!
  for _ in {1..1200}; do
    if grep -q '"event":"ready"' "$log"; then return; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log"
  give_up "It did not get ready: $*"
}

# has_keys: waits until the server at $url can check tokens. On a busy machine that takes seconds after the start.
has_keys() {
  for _ in {1..120}; do
    if [[ $(curl -sS -o "$work/readiness" -w '%{http_code}' "$url/health/ready") == 200 ]]; then return; fi
    sleep 0.5
  done
  give_up "It did not get its keys: $(cat "$work/readiness")"
}

# event NAME EVENT FIELD: a field of the first line with an event in the log of a server.
event() { grep -m 1 "\"event\":\"$2\"" "$work/$1.jsonl" | json "it.$3"; }

# machine_token SANDBOX_URL: an access token for the server that the sandbox belongs to, without a person.
machine_token() {
  curl -sS -u sandbox-machine:sandbox-secret -d grant_type=client_credentials "$1/oauth/token" | json it.access_token
}

# json EXPRESSION: its value, where `it` is the JSON document on standard input.
json() { node -p "const it = JSON.parse(fs.readFileSync(0, 'utf8')); $1"; }

# expect EXPRESSION: fails unless it is true of the JSON document on standard input.
expect() {
  local document
  document=$(cat)
  [[ $(json "$1" <<<"$document") == true ]] || give_up "Expected $1 of $document"
}
