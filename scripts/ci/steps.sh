# shellcheck shell=bash
# Runs steps one after the other, each under its title and with the time it took. The first that fails ends the run with
# the end of its log; whatever a step started ends with it.

# Everything that a step leaves in the file system goes here, and goes away in the end.
work=$(mktemp -d)
export TMPDIR=$work

durations=()
title=
group=

export NO_COLOR=1
unset FORCE_COLOR

# step TITLE COMMAND…
step() {
  title=$1
  shift
  local started=$SECONDS
  printf '\n%s\n' "$title"
  # Job control gives the step a process group of its own, by which to end what it leaves running.
  set -m
  "$@" 3>&1 >"$work/log" 2>&1 </dev/null &
  group=$!
  set +m
  wait "$group" || fail "$title"
  end_group
  durations+=("$((SECONDS - started)) s"$'\t'"$title")
  printf '  ok, %d s\n' $((SECONDS - started))
}

# say TEXT: shows a line of a step that is worth showing when all is well.
say() { printf '  %s\n' "$*" >&3; }

# give_up REASON: ends a step.
give_up() {
  printf '%s\n' "$*" >&2
  exit 1
}

summarize() {
  printf '\nAll of it passed.\n'
  printf '%s\n' "${durations[@]}" "$SECONDS s"$'\t'"in all" | awk -F '\t' '{ printf "%8s  %s\n", $1, $2 }'
}

fail() {
  printf '\n%s\n' '--- the end of its log ---'
  tail -n 60 "$work/log"
  printf '\nFAILED: %s\n' "$1"
  exit 1
}

end_group() {
  [[ $group ]] || return 0
  { kill -KILL -- "-$group"; wait "$group"; } 2>/dev/null || true
  group=
}

trap 'end_group; rm -rf "$work"' EXIT
trap 'fail "$title (interrupted)"' INT
trap 'fail "$title (terminated, or not done within ${CI_WITHIN-})"' TERM
