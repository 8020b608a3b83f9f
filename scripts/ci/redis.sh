# shellcheck shell=bash
# The limits are tested against a real Redis, which tests start by themselves. Without it they would be skipped.

provide_redis() {
  command -v redis-server >/dev/null || install_redis
  say "$(redis-server --version)"
}

install_redis() {
  local as_root=()
  [[ $EUID == 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server
}
