#!/usr/bin/env bash
# Builds the program with ONNX Runtime for CUDA and libtorch for the CPU (Gpu=onnx), into a folder of its own. It then scores on the CPU,
# and on device 0, which must either work or say why not and what to do. The packages have 400 MB, so ./noisynn test leaves this out.
#
#   tests/gpu-onnx.sh MODEL IMAGES
set -euo pipefail
[ $# = 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2; }

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build "$root/pipelines/NoisyNN.Pipelines.csproj" -c Release --nologo -v quiet -p:Gpu=onnx -p:ArtifactsPath="$work"
noisynn() { dotnet "$work/bin/NoisyNN.Pipelines/release/NoisyNN.Pipelines.dll" "$@"; }
check() { if "${@:2}"; then echo "passed: $1"; else echo "FAILED: $1" >&2; exit 1; fi; }

doctor=$(noisynn doctor || true)
check "doctor sees a build for CUDA" grep -q 'CUDAExecutionProvider' <<< "$doctor"
check "no library of another system is copied" test -z "$(find "$work/bin" -name '*onnxruntime*.dll' ! -name 'Microsoft.*')"
check "the CPU scores" noisynn score "$1" "$2" --output "$work/cpu.csv"

if noisynn score "$1" "$2" --output "$work/gpu.csv" --gpu 0 2> "$work/error"; then
    check "doctor finds nothing against CUDA" grep -qE 'onnxCuda +device 0' <<< "$doctor"
else
    cat "$work/error" >&2
    check "the error names the device" grep -q 'ONNX Runtime cannot use CUDA device 0: ' "$work/error"
    check "the error names the remedy" grep -q 'Install CUDA 13 and cuDNN 9' "$work/error"
    check "doctor tells the same" grep -q 'onnxCuda: .*Install CUDA 13' <<< "$doctor"
fi
