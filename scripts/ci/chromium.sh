# shellcheck shell=bash
# Pages are tested in a browser, the one of Debian. Without it those tests would be skipped.

provide_chromium() {
  [[ ${CHROMIUM_PATH-} ]] || command -v chromium >/dev/null || install_chromium
  say "$("${CHROMIUM_PATH:-chromium}" --version)"
}

install_chromium() {
  local as_root=()
  [[ $EUID == 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
}
