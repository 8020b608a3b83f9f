# shellcheck shell=bash
# Limits are tested with a real Redis, which the tests start themselves. Without Redis those tests would be skipped.

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
