# Counts checks in $passed and $failed; for scripts that have a folder $work and a command say.
# shellcheck shell=bash

# check NAME COMMAND...: counts it, and shows what a failure printed.
check() {
    local name=$1 status
    shift
    # Outside of a condition, where 'set -e' would have no effect.
    set +e
    (set -e; "$@") > "$work/check.log" 2>&1
    status=$?
    set -e
    if [ "$status" = 0 ]; then
        passed=$((passed + 1))
        say "passed: $name"
    else
        failed=$((failed + 1))
        say "FAILED: $name"
        tail -n 25 "$work/check.log" >&2
    fi
}
