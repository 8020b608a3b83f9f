# shellcheck shell=bash
# Asks the registry for known vulnerabilities of what package-lock.json installs.

# Fails only on a finding. Whether the registry answers, this repository cannot decide; that it did not is said.
audit_dependencies() {
  local report
  # npm ends with the same status for a finding and for a registry that does not answer: only the report tells.
  report=$(npm audit --json || true)
  case $(json 'it.metadata?.vulnerabilities?.total ?? "none"' <<<"${report:-"{}"}" || echo none) in
    none) say 'NOT AUDITED: the registry does not answer. Repeat this with one that does: npm audit' ;;
    0) say 'no known vulnerabilities' ;;
    *) give_up "Known vulnerabilities: $(json 'Object.values(it.vulnerabilities).map(({ name, severity }) => `${name} (${severity})`).join(", ")' \
      <<<"$report"). Update them: npm audit fix" ;;
  esac
}
