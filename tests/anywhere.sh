#!/usr/bin/env bash
# Runs the tests as other people's systems would: with a Turkish and a German locale, without a home, from a folder whose name has blanks
# and letters of several scripts, and as a user without rights.
#
#   tests/anywhere.sh             the tests of files, commands and experiments
#   tests/anywhere.sh FILTER      those of a filter; '' for all
#
# Needs localedef (Debian: package locales or libc-bin) and, for the other user, root and setpriv. The last line is 'N passed, N failed'.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
default='RealFiles.Folders TextTests Tests.Yaml Tests.Data Tests.Cli Tests.Reports'
printf -v default '|FullyQualifiedName~%s' $default
filter=${1-${default:1}}
passed=0 failed=0

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
command -v localedef > /dev/null || fail "localedef is missing; it makes the locales"
[ -e /usr/share/i18n/locales/tr_TR ] || fail "the sources of the locales are missing; install Debian's package 'locales'"

"$root/noisynn" test --filter "FullyQualifiedName~Structure" > /dev/null    # builds what has changed

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
chmod 755 "$place"
locales=$place/locales
mkdir "$locales"
for name in tr_TR de_DE; do localedef -i "$name" -f UTF-8 "$locales/$name.UTF-8"; done

# A copy that needs nothing of this user's folders: files in place of the links into the package cache.
copy="$place/a folder with blanks, Ğüneş und 鳥"
mkdir -p "$copy/artifacts/bin"
git -C "$root" ls-files -z | tar -C "$root" --null -T - -cf - | tar -C "$copy" -xf -
for program in NoisyNN.Tests NoisyNN.Pipelines Serve Compose Predict; do
    cp -rL "$root/artifacts/bin/$program" "$copy/artifacts/bin/"
done

# run NAME FOLDER COMMAND...: the tests below a folder, behind a command such as env.
run() {
    local name=$1 folder=$2 log=$place/log ok bad skipped
    shift 2
    counted() { sed -nE "s/^ *$1: ([0-9]+).*/\\1/p" "$log" | tail -n 1; }
    (cd "$folder" && "$@" "$folder/artifacts/bin/NoisyNN.Tests/release/NoisyNN.Tests" --progress off --ansi off \
        ${filter:+--filter "$filter"}) > "$log" 2>&1 || grep -A 12 '^failed' "$log" || tail -n 20 "$log"
    ok=$(counted succeeded) bad=$(counted failed) skipped=$(counted skipped)
    # A run without a summary has failed, and a test that was skipped has shown nothing.
    [ -n "$ok" ] && bad=$((bad + skipped)) || { ok=0; bad=1; }
    printf '%s: %s passed, %s failed\n' "$name" "$ok" "$bad"
    passed=$((passed + ok)) failed=$((failed + bad))
}

for name in tr_TR de_DE; do
    run "$name, no home" "$root" env -u HOME -u XDG_STATE_HOME LOCPATH="$locales" LANG="$name.UTF-8" LC_ALL="$name.UTF-8"
done
run "blanks and Unicode" "$copy" env
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
    mkdir "$place/tmp"
    chown nobody "$place/tmp"
    run "user nobody, no home, a folder that is not its own" "$copy" \
        setpriv --reuid nobody --regid nogroup --clear-groups env -u HOME TMPDIR="$place/tmp"
fi
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
