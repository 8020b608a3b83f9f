# shellcheck shell=bash
# Runs steps one after the other, and prints the title and duration of each. The first step that fails ends the run, and the
# end of its log is printed. All processes that a step has started end with it.

# The temporary files of all steps; removed at the end.
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
  # Job control gives the step its own process group, so that all its processes can be ended.
  set -m
  "$@" 3>&1 >"$work/log" 2>&1 </dev/null &
  group=$!
  set +m
  wait "$group" || fail "$title"
  end_group
  durations+=("$((SECONDS - started)) s"$'\t'"$title")
  printf '  ok, %d s\n' $((SECONDS - started))
}

# say TEXT: prints a line of a step even if the step succeeds.
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
