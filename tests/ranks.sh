#!/usr/bin/env bash
# Trains one network in several processes over a real MPI: the bits of one process, a killed rank, Ctrl-C, resume, and a launcher of the
# user's own. Installs Open MPI from Debian when it is missing (as root). About a minute on two cores.
#
#   tests/ranks.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$root/artifacts/bin/NoisyNN.Pipelines/release/NoisyNN.Pipelines
passed=0 failed=0

check() {
    if "${@:2}"; then
        passed=$((passed + 1)); echo "passed: $1"
    else
        failed=$((failed + 1)); echo "FAILED: $1" >&2
    fi
}

install_open_mpi() {
    command -v mpirun > /dev/null && ldconfig -p | grep -q 'libmpi\.so\.40' && return 0
    [ "$(id -u)" = 0 ] || { echo "error: Open MPI is missing. Run once as root: apt-get install -y openmpi-bin libopenmpi3" >&2; return 1; }
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openmpi-bin libopenmpi3; } > /dev/null
}

# A picture of 8 x 8 pixels, mostly of one colour: 24 bits a pixel, blue first.
picture() {
    local path=$1 class=$2 pixel shade
    {
        printf 'BM\xf6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\x01\0\x18\0\0\0\0\0\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
        for pixel in {1..64}; do
            shade=$(printf '\\x%02x' $((100 + RANDOM % 120)))
            if [ "$class" = red ]; then printf "\\x10\\x20$shade"; else printf "$shade\\x20\\x10"; fi
        done
    } > "$path"
}

prepare_rank_data() {
    local class number
    RANDOM=1
    for class in red blue; do
        mkdir -p "$1/images/$class"
        for number in {10..69}; do picture "$1/images/$class/$number.bmp" "$class"; done
    done
    cat > "$1/tiny.yaml" << YAML
name: tiny
data: {directory: $1/images, imageSize: 8, validationFraction: 0.2}
noise:
  input: {family: gaussian, standardDeviation: 20}
  latent: {family: gaussian, standardDeviation: 0.1, site: block-input}
network: {patchSize: 4, dimension: 16, depth: 2, heads: 2, dropout: 0.1}
training: {epochs: 3, batchSize: 16, learningRate: 3e-3, threads: 1}
evaluation: {baseline: false}
YAML
}

# The processes of a run, by its name on their command lines.
ranks_of() { pgrep -f -- "--set name=$1( |\$)" || true; }

rank_one_of() {
    local process
    for process in $(ranks_of "$1"); do
        if tr '\0' '\n' < "/proc/$process/environ" 2> /dev/null | grep -qx 'OMPI_COMM_WORLD_RANK=1'; then echo "$process"; return; fi
    done
}

wait_for_checkpoint() {
    local waited
    for waited in {1..300}; do
        if compgen -G "$1/noisy/checkpoint-*.json" > /dev/null; then return 0; fi
        sleep 0.2
    done
    return 1
}

[ -e "$program" ] || "$root/noisynn" setup
work=$(mktemp -d)
install_open_mpi
prepare_rank_data "$work"
train() { "$program" train "$work/tiny.yaml" --output "$work/runs" --set "name=$1" "${@:2}"; }
same() { cmp -s "$work/runs/$1/noisy/network.safetensors" "$work/runs/$2/noisy/network.safetensors"; }

train one --set training.batchSize=8 --set training.accumulationSteps=2 2> "$work/one.log"
train two --ranks 2 2> "$work/two.log"
check "two ranks have the bits of one process that accumulates half batches" same one two
check "the summary states the ranks and the library" grep -q '"library": "Open MPI 4' "$work/runs/two/summary.json"
check "one process reports" test "$(wc -l < "$work/runs/two/noisy/metrics.jsonl")" = "$(wc -l < "$work/runs/one/noisy/metrics.jsonl")"

mpirun_of_the_user() {
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -n "$1" \
        "$program" train "$work/tiny.yaml" --output "$work/runs" --set "name=$2" "${@:3}"
}
mpirun_of_the_user 2 launched --ranks 2 2> "$work/launched.log" > /dev/null
check "ranks that the user's own mpirun has started have the same bits" same one launched
mpirun_of_the_user 3 unequal --ranks 2 2> "$work/unequal.log" > /dev/null && code=0 || code=$?
check "another number of processes than ranks is refused" test "$code" != 0
check "... and named once" test "$(grep -c 'has started 3 processes, but training.ranks (--ranks) is 2' "$work/unequal.log")" = 1

options=(--set training.epochs=300 --set training.checkpointSteps=5)
train whole --ranks 2 "${options[@]}" 2> "$work/whole.log" > /dev/null
train killed --ranks 2 "${options[@]}" 2> "$work/killed.log" > /dev/null &
job=$!
wait_for_checkpoint "$work/runs/killed" || true
kill -KILL "$(rank_one_of killed)" || true
wait $job && code=0 || code=$?
check "a killed rank ends the job" test "$code" != 0
check "... with a plain sentence" grep -q '^error: a rank of the training was killed' "$work/killed.log"
check "... and leaves no process" test -z "$(ranks_of killed)"
check "... before its end" test ! -e "$work/runs/killed/summary.json"

train killed --ranks 3 "${options[@]}" --resume 2> "$work/other.log" > /dev/null && code=0 || code=$?
check "another number of ranks does not resume it" grep -q "ranks: 2.*ranks: 3" "$work/other.log"

# As in a terminal, where Ctrl-C reaches every process of the command. Bash lets what it starts beside itself ignore it.
env --default-signal=INT setsid "$program" train "$work/tiny.yaml" --output "$work/runs" --set name=killed --ranks 2 "${options[@]}" --resume \
    2> "$work/stopped.log" > /dev/null &
job=$!
until grep -qs 'training noisy' "$work/stopped.log" || ! kill -0 $job 2> /dev/null; do sleep 0.1; done
sleep 1
kill -INT -- -$job 2> /dev/null || true
wait $job && code=0 || code=$?
check "Ctrl-C ends all ranks with exit code 130" test "$code" = 130
check "... and says how to go on" grep -q 'Continue with: ./noisynn train .* --resume' "$work/stopped.log"
check "... and leaves no process" test -z "$(ranks_of killed)"

# The program itself, and not a shell around it.
"$program" train "$work/tiny.yaml" --output "$work/runs" --set name=killed --ranks 2 "${options[@]}" --resume \
    2> "$work/orphans.log" > /dev/null &
job=$!
until grep -qs 'training noisy' "$work/orphans.log" || ! kill -0 $job 2> /dev/null; do sleep 0.1; done
kill -KILL $job || true
wait $job 2> /dev/null || true
for code in {1..100}; do [ -n "$(ranks_of killed)" ] || break; sleep 0.2; done
check "ranks whose command was killed stop" test -z "$(ranks_of killed)"

check "... at a checkpoint, before their end" test ! -e "$work/runs/killed/summary.json"

train killed --ranks 2 "${options[@]}" --resume > "$work/resumed.json" --json 2> "$work/resumed.log" || true
check "killed, stopped and resumed, it has the bits of an uninterrupted training" same whole killed
check "standard output is rank 0's summary alone" cmp -s "$work/resumed.json" "$work/runs/killed/summary.json"
if [ "$failed" = 0 ]; then rm -rf "$work"; else echo "the logs are in $work" >&2; fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
