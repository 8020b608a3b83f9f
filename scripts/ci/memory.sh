# shellcheck shell=bash
# Attacks the built server in a control group that has the memory of a container. Needs root, or sudo, and fails where no
# such group can be made.

stays_within_memory() {
  say "$("${as_root[@]}" node --import tsx bench/memory/main.ts)"
}
