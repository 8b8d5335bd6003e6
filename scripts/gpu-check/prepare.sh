#!/bin/bash
# Makes the folder that gpu-check.sh run works in: see there. Sources only, one copy of the runtime for
# all programs; beside each program a file that says what it is to be held against.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${AUTOPAR_BIN:-$root/build/bin}
folder=$1
gpu=${GPU:-h100}
curve_steps=20

if [[ -e $folder && -n $(ls -A "$folder") && ! -d $folder/programs ]]; then
  echo "error: $folder holds other files; name a folder of the check's own" >&2
  exit 1
fi
for tool in autopar-model autopar-compile; do
  [[ -x $bin/$tool ]] || { echo "error: $bin/$tool is not built" >&2; exit 1; }
done
rm -rf "$folder"
mkdir -p "$folder"/{programs,gpu-check}
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_WAIT_POLICY=passive

# A model's file, made once: model NAME OPTIONS…; prints its path.
model() {
  local file=$work/${*// /_}.mlir
  file=${file// /_}
  [[ -f $file ]] || "$bin/autopar-model" "$@" -o "$file"
  echo "$file"
}

# program NAME PART "MODEL OPTIONS" "COMPILER OPTIONS" ["KEY=VALUE …" for check.py]
program() {
  local name=$1 part=$2 options=$3 compile=$4 facts=${5-} file
  # shellcheck disable=SC2086 # options are words
  file=$(model $options)
  echo "== $name"
  # shellcheck disable=SC2086
  if ! "$bin/autopar-compile" "$file" --target cuda --gpu "$gpu" --no-build --quiet $compile \
    -o "$folder/programs/$name" 2> "$work/error"; then
    cat "$work/error" >&2
    missing=$((missing + 1))
    return
  fi
  [[ -d $folder/runtime ]] || cp -r "$folder/programs/$name/autopar" "$folder/runtime"
  rm -rf "$folder/programs/$name"/{autopar,CMakeLists.txt}
  printf '%s\n' "part=$part" "model=$options" "compile=$compile" > "$folder/programs/$name/facts"
  tr ' ' '\n' <<< "$facts" >> "$folder/programs/$name/facts"
}

# The CPU's losses of a model: losses NAME "MODEL OPTIONS"
losses() {
  local name=$1 options=$2 file
  # shellcheck disable=SC2086
  file=$(model $options)
  echo "== losses of $name on the CPU"
  "$bin/autopar-compile" "$file" --target cpu --mesh 1x1 --quiet -o "$work/$name"
  "$work/$name/train_rank" --data synthetic --steps $curve_steps --log "$folder/programs/$name.jsonl" > /dev/null
}

missing=0
# Losses: small enough for the CPU that records them, every layer of the real networks.
resnet="resnet50 --cifar --batch 16"
gpt2="gpt2 --batch 1 --seq 128"
losses resnet50-losses "$resnet"
losses gpt2-losses "$gpt2"
# In fp16 a scale that no step has to be skipped for: the CPU skips none.
for precision in f32 bf16 "fp16 --loss-scale 1024"; do
  for network in resnet50 gpt2; do
    options=$resnet
    [[ $network == gpt2 ]] && options=$gpt2
    program $network-${precision%% *} losses "$options" "--mesh 1x1 --precision $precision" "against=$network-losses"
  done
done
program resnet50-2x2 four-ranks "$resnet" "--mesh 2x2 --precision f32" "against=resnet50-losses"
program gpt2-2x2 four-ranks "$gpt2" "--mesh 2x2 --precision f32" "against=gpt2-losses"
program sanitized sanitizer "resnet18 --cifar --batch 4" "--mesh 1x1 --precision bf16"

# Memory: three budgets each, from ample to tight.
for budget in 40GB 24GB 16GB; do
  program resnet50-$budget memory "resnet50 --batch 256" "--mesh 1x1 --precision bf16 --mem-budget $budget"
done
for budget in 72GB 48GB 32GB; do
  program resnet152-$budget memory "resnet152 --batch 512" "--mesh 1x1 --precision bf16 --mem-budget $budget"
done
for budget in 72GB 40GB 24GB; do
  program gpt2-medium-$budget memory "gpt2-medium --batch 8 --seq 1024" "--mesh 1x1 --precision bf16 --mem-budget $budget"
done

# Speed: marks are those to pass on an H100; ResNet-152 has the reference's 73,300 MB and its marks.
program speed-resnet50-bf16 speed "resnet50 --batch 256" "--mesh 1x1 --precision bf16" "mark=3500 beside=torch"
program speed-resnet50-fp16 speed "resnet50 --batch 256" "--mesh 1x1 --precision fp16" "mark=5000 beside=torch"
# PyTorch beside one batch of it: there is no time for three.
for batch in "512 mark=254 beside=torch" "1024 mark=398" "2048 mark=277"; do
  program speed-resnet152-${batch%% *} speed "resnet152 --batch ${batch%% *}" \
    "--mesh 1x1 --precision bf16 --mem-budget 69904MiB" "${batch#* }"
done
program speed-gpt2 speed "gpt2 --batch 16 --seq 1024 --padded-vocab 128" "--mesh 1x1 --precision bf16" "mark=450000 beside=torch"
program speed-gpt2-medium speed "gpt2-medium --batch 8 --seq 1024 --padded-vocab 128" "--mesh 1x1 --precision bf16" "mark=180000 beside=torch"

# The conformance suite, with the tests' framework, and what measures the device.
cp -r "$root/runtime/conformance" "$folder/runtime/conformance"
cp -r /usr/src/googletest/googletest "$folder/googletest"
rm -rf "$folder/googletest"/{test,samples,docs}
cp "$root"/scripts/gpu-check/{*.py,Probe.cu} "$root/test/integration/oracle/gpt2.py" "$folder/gpu-check"
cp "$root/scripts/gpu-check.sh" "$folder"
{ git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown; } > "$folder/commit"

echo "$folder: $(du -sm "$folder" | cut -f1) MiB, $(ls -d "$folder"/programs/*/ | wc -l) programs, $missing could not be compiled"
((missing == 0))
