#!/usr/bin/env bash
# Sweeps and shards on a real Slurm of one machine: tasks and daemons are killed in mid-work, and what comes out is that of undisturbed
# ones. Needs root on Debian or Ubuntu. It installs Slurm, in a mount namespace of its own where the system allows that, so that the
# machine stays as it is. The last line is 'N passed, N failed'.
#
#   tests/cluster.sh              everything, in about four minutes on two cores
#   tests/cluster.sh NAME...      some of: array killed controller requeue shards ranks
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$root/artifacts/bin/NoisyNN.Pipelines/release/NoisyNN.Pipelines

say()  { printf 'cluster: %3s s  %s\n' "$SECONDS" "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Makes a view of the machine's files whose changes stay in memory, and runs this script in it.
in_overlay() {
    local overlay=$1 folder
    shift
    mount -t tmpfs tmpfs "$overlay"
    mkdir "$overlay/changes" "$overlay/work" "$overlay/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$overlay/changes,workdir=$overlay/work" "$overlay/root"
    for folder in /sys /dev "$root"; do mount --rbind "$folder" "$overlay/root$folder"; done
    mount -t proc proc "$overlay/root/proc"
    exec chroot "$overlay/root" "$root/tests/cluster.sh" --here "$@"
}

case ${1:-} in
    --here) shift ;;
    --overlay) shift; in_overlay "$@" ;;
    *)
        [ "$(id -u)" = 0 ] || fail "Slurm's daemons need root."
        command -v apt-get > /dev/null || fail "this script installs Slurm with apt-get, which is missing."
        [ -x "$program" ] || "$root/noisynn" setup
        # Its own numbers of processes, too: all of them end with it.
        if unshare --mount --pid --fork true 2> /dev/null; then
            overlay=$(mktemp -d -t noisynn-cluster-XXXXXX)
            trap 'rmdir "$overlay"' EXIT
            unshare --mount --pid --fork --kill-child --propagation private "$0" --overlay "$overlay" "$@"
            exit
        fi
        say "the system allows no namespace: Slurm is installed on this machine"
        exec "$0" --here "$@"
        ;;
esac

work=$(mktemp -d -t noisynn-slurm-XXXXXX)
passed=0 failed=0
declare -A daemons

finish() {
    local daemon
    for daemon in "${!daemons[@]}"; do kill_daemon "$daemon" || true; done
    rm -rf "$work"
}
trap finish EXIT

# shellcheck source=check.sh
source "$root/tests/check.sh"

# within SECONDS COMMAND...: repeats a command until it succeeds.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { echo "not within the time: $*"; return 1; }
        sleep 0.3
    done
}

# --- Slurm ----------------------------------------------------------------------------------------------------------------------

install_slurm() {
    say "installing Slurm"
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d   # packages start no daemons
    chmod +x /usr/sbin/policy-rc.d
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -q --no-install-recommends slurmctld slurmd slurm-client munge openmpi-bin libopenmpi3 libpmix-dev)
    "${install[@]}" > "$work/apt.log" 2>&1 ||
        { apt-get update -q && "${install[@]}"; } > "$work/apt.log" 2>&1 ||
        { tail -n 5 "$work/apt.log" >&2; fail "Slurm could not be installed."; }
}

# Starts a daemon in the foreground of this script, so that its number is known.
daemon() {
    local name=$1
    "$@" > "$work/$name.log" 2>&1 &
    daemons[$name]=$!
}

kill_daemon() {
    kill -9 "${daemons[$1]}" 2> /dev/null
    wait "${daemons[$1]}" 2> /dev/null || true
}

start_controller() { daemon slurmctld -D; }
start_node() { daemon slurmd -D -N localhost; }
node_is() { sinfo -h -o %T | grep -qE "$1"; }

start_slurm() {
    mkdir -p "$work/munge" "$work/controller" "$work/node"
    chmod 755 "$work"
    mungekey --create --keyfile="$work/munge/key"
    chown -R munge:munge "$work/munge"
    chmod 755 "$work/munge"
    su -s /bin/sh munge -c "exec munged --foreground --socket='$work/munge/socket' --key-file='$work/munge/key' \
        --pid-file='$work/munge/pid' --log-file='$work/munge/log' --seed-file='$work/munge/seed'" > "$work/munged.log" 2>&1 &
    daemons[munged]=$!
    export SLURM_CONF=$work/slurm.conf
    cat > "$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/controller
SlurmdSpoolDir=$work/node
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
JobRequeue=1
RequeueExit=75
MpiDefault=none
ReturnToService=2
SlurmdTimeout=8
KillWait=5
MinJobAge=3600
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
NodeName=localhost NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
END
    within 10 test -S "$work/munge/socket" || fail "munged does not run: $(cat "$work/munged.log")"
    start_controller
    start_node
    within 20 node_is idle || { tail -n 5 "$work/slurmctld.log" "$work/slurmd.log" >&2; fail "Slurm does not run."; }
    say "$(slurmctld -V) runs"
}

# A requeued job waits for two minutes; a test does not.
hurry() {
    local job
    for job in $(squeue -h -r -t PENDING -o %A); do scontrol update "jobid=$job" starttime=now || true; done 2> /dev/null
}

# --- Experiments ----------------------------------------------------------------------------------------------------------------

# experiment NAME TRIALS EPOCHS: a sweep over seeds, of a network that trains in seconds.
experiment() {
    cat > "$work/$1.yaml" <<END
name: $1
seed: [$(seq -s ', ' "$2")]
data: {manifest: fashion-mnist, trainLimit: 512, validationLimit: 64, testLimit: 64}
network: {architecture: noisy-vit, patchSize: 7, dimension: 16, depth: 2, heads: 2}
training: {epochs: $3, batchSize: 16, learningRate: 2e-3, checkpointSteps: 20}
evaluation: {baseline: false}
END
}

runs=$work/runs

submit() { "$program" train "$work/$1.yaml" --output "$runs" --on slurm "${@:2}"; }
states() { "$program" status "$runs/$1" --json | sed -E 's/.*"state":"([a-z]+)".*/\1/' | sort | uniq -c | tr -s ' \n' ' '; }
summed_up() { test -s "$runs/$1/summary.json" -a -s "$runs/$1/report.html"; }
complete() { [ "$(find "$runs/$1" -mindepth 2 -name summary.json | wc -l)" = "$2" ]; }
begun() { [ "$(find "$runs/$1" -name 'checkpoint-*.json' -printf '%h\n' | sort -u | wc -l)" -ge "$2" ]; }

# attempted NAME NUMBER: every trial was begun as many times.
attempted() {
    [ "$(find "$runs/$1/.attempts" -name '*-*.json' | wc -l)" = "$2" ] || { echo "not $2 attempts:"; cat "$runs/$1"/.attempts/*; return 1; }
}

# The weights of every trial, and its reports by step: no step of a training may be reported twice.
fingerprint() {
    (cd "$1" && find . -mindepth 2 \( -name model.onnx -o -name '*.safetensors' \) -exec sha256sum {} + | sort -k 2)
}
no_step_twice() {
    local file
    for file in "$runs/$1"/*/*/metrics.jsonl; do
        [ -z "$(sed -E 's/.*"step":([0-9]+).*/\1/' "$file" | sort -n | uniq -d)" ] || { echo "a step twice in $file"; return 1; }
    done
}

# --- Tests ----------------------------------------------------------------------------------------------------------------------

array() {
    experiment array 8 1
    submit array
    [ ! -e "$runs/array/summary.json" ]   # the command has returned before the work is done
    within 90 summed_up array
    complete array 8
    attempted array 8
}

killed() {
    experiment killed 2 24
    "$program" train "$work/killed.yaml" --output "$work/undisturbed" --threads 1
    submit killed
    within 40 begun killed 2
    sleep 1
    # The daemon of the node, what it started, and the trials, as when the node loses power.
    kill -9 $(pgrep -x slurmstepd) $(pgrep -f "NoisyNN.Pipelines trial $runs/killed")
    kill_daemon slurmd
    complete killed 0
    within 60 node_is 'down'
    echo "the node is down; states:$(states killed)"
    start_node
    within 20 node_is 'idle|mixed|alloc'
    # A node that has just come back clears up what it finds: a task that starts meanwhile loses its script. On a cluster requeued tasks
    # wait two minutes.
    sleep 8
    within 90 no_tasks_left killed || { squeue; states killed; tail -n 5 "$runs"/killed/.slurm/*; tail -n 20 "$work"/slurm[dc]*.log; return 1; }
    attempted killed 4
    no_step_twice killed
    fingerprint "$runs/killed" > "$work/killed.sums"
    fingerprint "$work/undisturbed/killed" > "$work/undisturbed.sums"
    [ "$(wc -l < "$work/killed.sums")" -ge 4 ]
    diff "$work/undisturbed.sums" "$work/killed.sums"
}

controller() {
    experiment controller 6 2
    submit controller
    within 40 complete controller 1
    kill_daemon slurmctld
    sleep 2
    start_controller
    within 20 sinfo
    # Slurm may start a task again that it has just started, find it running, and drain the node: its faults are no trial's.
    within 30 no_tasks_left controller || { squeue; sinfo; scontrol update nodename=localhost state=resume || true; }
    summed_up controller || { submit controller --resume; within 60 summed_up controller; }
    complete controller 6
    attempted controller 6
    no_step_twice controller
}
no_tasks_left() { hurry; summed_up "$1"; }

requeue() {
    experiment requeue 2 40
    "$program" train "$work/requeue.yaml" --output "$runs" --threads 1 --prepare
    # A process outside of Slurm works on a trial, so that the task of Slurm ends with 75.
    "$program" trial "$runs/requeue" 0 > "$work/outside.log" 2>&1 &
    local outside=$!
    within 20 test -e "$runs/requeue/.attempts/0000-1.json"
    submit requeue --resume
    within 40 restarted
    wait "$outside"
    within 60 no_tasks_left requeue
    attempted requeue 2
}
restarted() { scontrol show jobs | grep -q 'Restarts=[1-9]'; }

shards() {
    awk 'BEGIN { for (row = 0; row < 200; row++) for (value = 0; value < 784; value++)
        printf "%d%s", (row * 31 + value * 7) % 256, value < 783 ? "," : "\n" }' > "$work/rows.csv"
    local model=$runs/array/seed-1/model.onnx
    if [ ! -e "$model" ]; then
        experiment array 8 1
        "$program" train "$work/array.yaml" --output "$runs" --threads 1 --prepare
        "$program" trial "$runs/array" 0
    fi
    local request=(score "$model" --input "$work/rows.csv" --batch-size 4)
    "$program" "${request[@]}" --output "$work/whole.csv"
    "$program" "${request[@]}" --output "$work/scores.csv" --shards 16 --on slurm
    within 100 test -e "$work/scores.csv"
    [ "$(find "$work/scores.csv.shards" -name '*-of-0016.*.csv' | wc -l)" = 16 ]
    cmp "$work/whole.csv" "$work/scores.csv"
}

# Slurm starts the two processes of a training, and they find each other through PMIx.
ranks() {
    cat > "$work/ranks.yaml" <<END
name: ranks
data: {manifest: fashion-mnist, trainLimit: 512, validationLimit: 64, testLimit: 64}
network: {architecture: noisy-vit, patchSize: 7, dimension: 16, depth: 2, heads: 2}
training: {epochs: 2, batchSize: 16, learningRate: 2e-3, threads: 1}
evaluation: {baseline: false}
END
    "$program" train "$work/ranks.yaml" --output "$work/one" --set training.batchSize=8 --set training.accumulationSteps=2
    timeout 60 srun --mpi=pmix --ntasks=2 "$program" train "$work/ranks.yaml" --output "$runs" --ranks 2
    local weights
    weights=$(cd "$runs/ranks" && find . -name '*.safetensors' | head -n 1)
    cmp "$work/one/ranks/$weights" "$runs/ranks/$weights"
}

names=("$@")
[ $# -gt 0 ] || names=(array killed controller requeue shards ranks)
install_slurm
start_slurm
for name in "${names[@]}"; do
    case $name in
        array) check "an array of 8 trials is complete, and summed up by a job that follows it" array ;;
        killed) check "trials whose node was killed are requeued, resume, and have the same weights" killed ;;
        controller) check "a controller that was killed loses nothing, and nothing is done twice" controller ;;
        requeue) check "a task that ends with 75 is requeued, and finds its trial complete" requeue ;;
        shards) check "16 shards are one table" shards ;;
        ranks) check "two processes that srun starts train as one" ranks ;;
        *) fail "there is no test '$name'." ;;
    esac
done
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
