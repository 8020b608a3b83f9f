# shellcheck shell=bash
# Tests the Dockerfile without a Docker engine: its steps run in empty folders, with Node.js of the same major version. The
# result runs as the documented `docker run` line says, isolated by the kernel like a container. A second server with its
# sandbox is used as the Scalekit environment. Needs root, or sudo.

as_root=()
[[ $EUID == 0 ]] || as_root=(sudo --preserve-env=HTTP_PROXY,HTTPS_PROXY,NO_PROXY,NODE_EXTRA_CA_CERTS env PATH="$PATH")

walk_through_dockerfile() {
  local image=$work/image root sandbox issuer port url token settings
  in_image build "$image" "$tools"
  root=$(json it.root <"$image/image.json")
  say "$(in_image check "$image")"
  notices_what_does_not_belong

  printf 'sandbox-secret\n' >"$work/client-secret"
  start_server scalekit SANDBOX_MODE=environment node dist/main.js
  sandbox=$(event scalekit sandbox url)
  issuer=$(curl -sS "$(event scalekit ready url)/.well-known/oauth-protected-resource" | json 'it.authorization_servers[0]')
  port=$(free_port)
  # Replace the example values of the documentation.
  settings=(PORT="$port" SCALEKIT_ENV_URL="$sandbox" SCALEKIT_MCP_SERVER_ID="${issuer##*/}"
    SCALEKIT_CLIENT_ID=skc_71204418093056099 -ALLOWED_ORGANIZATIONS +ALLOWED_CLIENTS=sandbox-machine
    "\$PWD/deploy/secrets/scalekit-client-secret=$work/client-secret")

  refuses_to_start_without_public_url
  ! in_image run "$image" health "${settings[@]}" || give_up 'It was well before it ran.'
  start_server image "${as_root[@]}" node --import tsx scripts/image/run.ts "$image" "${settings[@]}"
  url=http://127.0.0.1:$port
  becomes_well
  has_keys
  curl -sS "$url/health" | expect 'it.status === "healthy"'
  curl -sS "$url/health/live" | expect 'it.status === "alive"'
  curl -sS "$url/health/ready" | expect 'it.status === "ready"'
  refuses_without_token
  token=$(machine_token "$sandbox")
  rpc tools/list '{}' | expect 'it.result.tools.some(({ name }) => name === "list_organizations")'
  # The token for this call is requested with the secret from its file.
  rpc tools/call '{ "name": "list_organizations", "arguments": {} }' |
    expect 'it.result.structuredContent.organizations.length > 0'
  is_confined

  "${as_root[@]}" kill "$(cat "$image/pid")"
  wait "$server" || give_up "It ended with $? when told to stop."
  say "serves $(event image ready tools) tools as user $(json it.user <"$image/image.json"), and stops when told to"
  "${as_root[@]}" rm -rf "$image"
}

# in_image build|check|run ARGUMENTS…
in_image() {
  local script=$1
  shift
  "${as_root[@]}" node --import tsx "scripts/image/$script.ts" "$@"
}

# Plants files that do not belong into the image, to prove that the check can fail.
notices_what_does_not_belong() {
  local refusal
  "${as_root[@]}" sh -c 'echo >"$1/planted" && chmod 666 "$1/planted" && mkdir "$1/node_modules/vitest" &&
    echo {} >"$1/node_modules/vitest/package.json"' sh "$root/app"
  ! refusal=$(in_image check "$image" 2>&1) || give_up 'The check of its files notices nothing.'
  [[ $refusal == *'/app/planted can be written by 65532'* ]] || give_up "$refusal"
  [[ $refusal == *'node_modules/vitest is not for production'* ]] || give_up "$refusal"
  "${as_root[@]}" rm -r "$root/app/planted" "$root/app/node_modules/vitest"
}

refuses_to_start_without_public_url() {
  local code=0 refusal
  refusal=$(in_image run "$image" "${settings[@]}" -PUBLIC_URL 2>&1) || code=$?
  [[ $code == 78 && $refusal == *'PUBLIC_URL: required in production'* ]] || give_up "Without PUBLIC_URL it ended with $code: $refusal"
}

# Checks with the kernel that the server is the first process of its container, without privileges and without a way to get
# some, and that its root directory is read-only even for root.
is_confined() {
  local pid status line
  pid=$(child_of "$(child_of "$(cat "$image/pid")")")
  status=$("${as_root[@]}" cat "/proc/$pid/status")
  for line in 'Uid:( 65532){4}' 'Gid:( 65532){4}' 'Groups: *' 'CapEff: 0+' 'CapPrm: 0+' 'NoNewPrivs: 1' 'NSpid: [0-9]+ 1'; do
    tr '\t' ' ' <<<"$status" | grep -qxE "$line" || give_up "Expected $line of $status"
  done
  ! "${as_root[@]}" nsenter --target "$pid" --mount --root sh -c ': >/app/planted' || give_up 'Its file system can be written.'
}

child_of() { "${as_root[@]}" cat "/proc/$1/task/$1/children" | tr -d ' '; }

# Waits until the health check succeeds: the server answers before it has the keys of its issuer.
becomes_well() {
  for _ in {1..120}; do
    if in_image run "$image" health "${settings[@]}"; then return; fi
    sleep 0.2
  done
  give_up 'It did not become well.'
}
