#!/bin/bash
# Makes the folder that gpu-check.sh run works in: see there. Programs, built; their sources, with one
# copy of the runtime for all; and what the CPU's programs compute, to be held against.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=${AUTOPAR_BIN:-$root/build/bin}
gpu=${GPU:-h100}
arch=${GPU_CHECK_ARCH:-sm_90}
standin=''
[[ $1 == --standin ]] && { standin=$2; shift 2; }
folder=$1

if [[ -e $folder && -n $(ls -A "$folder") && ! -d $folder/programs ]]; then
  echo "error: $folder holds other files; name a folder of the check's own" >&2
  exit 1
fi
for tool in autopar-model autopar-compile; do
  [[ -x $bin/$tool ]] || { echo "error: $bin/$tool is not built" >&2; exit 1; }
done
rm -rf "$folder"
mkdir -p "$folder"/{programs,gpu-check,expected}
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_WAIT_POLICY=passive

# A model's file, made once: model NAME OPTIONS…; prints its path.
model() {
  local file=$work/${*// /_}.mlir
  file=${file// /_}
  if [[ ! -f $file ]]; then
    "$bin/autopar-model" "$@" -o "$file"
    [[ -z $standin || $1 != resnet* ]] ||
      /usr/bin/python3 "$root/test/integration/narrow.py" "$file"
  fi
  echo "$file"
}

# program NAME PART "MODEL OPTIONS" "COMPILER OPTIONS" ["KEY=VALUE …" for the check]
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
  if [[ $part == calls ]]; then
    /usr/bin/python3 "$here/mark_calls.py" "$folder/programs/$name/train_rank.cpp" > "$work/marked"
    mv "$work/marked" "$folder/programs/$name/train_rank.cpp"
  fi
  [[ -z $standin ]] || standin_build "$name" "$folder/programs/$name"
  [[ -d $folder/runtime ]] || cp -r "$folder/programs/$name/autopar" "$folder/runtime"
  rm -rf "$folder/programs/$name"/{autopar,CMakeLists.txt,manifest.sha256}
  printf '%s\n' "part=$part" "model=$options" "compile=$compile" > "$folder/programs/$name/facts"
  tr ' ' '\n' <<< "$facts" >> "$folder/programs/$name/facts"
}

# A timed program, and for the first ones the same with a mark before each call:
# speed NAME ORDER "MODEL OPTIONS" "COMPILER OPTIONS" "KEY=VALUE …"
speed() {
  local name=speed-$1
  program "$name" speed "$3" "$4" "order=$2 $5"
  [[ $5 != *turns=2* ]] || program "$name-calls" calls "$3" "$4"
}

# What the CPU computes: expected NAME KIND "MODEL OPTIONS" BATCH SIZE VOCABULARY
expected() {
  local name=$1 kind=$2 options=$3 file
  shift 3
  # shellcheck disable=SC2086
  file=$(model $options)
  echo "== $name on the CPU"
  "$bin/autopar-compile" "$file" --target cpu --mesh 1x1 --quiet -o "$work/$name"
  /usr/bin/python3 "$here/expected.py" "$work/$name" "$folder/expected/$name" "$kind" "$@"
}

# On the stand-in device, whose libraries are built: standin_build NAME SOURCES
standin_build() {
  local log=$work/standin.log build=$work/standin
  mkdir -p "$folder/built"
  if ! { cmake -S "$root/test/standin" -B "$build" -DAUTOPAR_PROGRAM="$2" \
           -DAUTOPAR_STANDIN_LIBRARIES="$standin" &&
         cmake --build "$build" --target train_rank; } > "$log" 2>&1; then
    cat "$log" >&2
    echo "error: $1 cannot be built against the stand-in" >&2
    exit 1
  fi
  mv "$build/train_rank" "$folder/built/$1"
}

missing=0
precisions=(f32 bf16 "fp16 --loss-scale 1024") # no step has to be skipped, for the CPU skips none
if [[ -z $standin ]]; then
  # Small enough for the CPU that trains them too, with every layer of the real networks.
  resnet="resnet50 --cifar --batch 16" resnet_sizes="16 32 10"
  gpt2="gpt2 --batch 1 --seq 128" gpt2_sizes="1 128 50257"
else
  resnet="resnet18 --cifar --batch 24 --image 8" resnet_sizes="24 8 10"
  gpt2="gpt2 --batch 2 --seq 16 --positions 16 --layers 1 --width 32 --heads 4 --vocab 61 --padded-vocab 8"
  gpt2_sizes="2 16 61"
fi
# shellcheck disable=SC2086
expected resnet resnet "$resnet" $resnet_sizes
# shellcheck disable=SC2086
expected gpt2 gpt2 "$gpt2" $gpt2_sizes
for precision in "${precisions[@]}"; do
  program "resnet-${precision%% *}" losses "$resnet" "--mesh 1x1 --precision $precision" against=resnet
  program "gpt2-${precision%% *}" losses "$gpt2" "--mesh 1x1 --precision $precision" against=gpt2
done
if [[ -n $standin ]]; then
  program resnet-memory memory "$resnet" "--mesh 1x1 --precision bf16" "first=yes"
  speed resnet 1 "$resnet" "--mesh 1x1 --precision bf16" "mark=1 seconds=1 turns=2"
  speed gpt2 2 "$gpt2" "--mesh 1x1 --precision bf16" "mark=100 seconds=1 turns=2"
  speed gpt2-fp16 3 "$gpt2" "--mesh 1x1 --precision fp16" "mark=100 seconds=1"
else
  program resnet-2x2 four-ranks "$resnet" "--mesh 2x2 --precision f32" against=resnet
  program gpt2-2x2 four-ranks "$gpt2" "--mesh 2x2 --precision f32" against=gpt2
  program sanitized sanitizer "resnet18 --cifar --batch 4 --image 32" "--mesh 1x1 --precision bf16"

  # Memory, from ample to tight; the first of each network belongs to first light.
  for budget in 24GB 40GB 16GB; do
    program resnet50-$budget memory "resnet50 --batch 256" "--mesh 1x1 --precision bf16 --mem-budget $budget" \
      "$([[ $budget == 24GB ]] && echo first=yes)"
  done
  for budget in 72GB 48GB 32GB; do
    program resnet152-$budget memory "resnet152 --batch 512" "--mesh 1x1 --precision bf16 --mem-budget $budget"
  done
  for budget in 24GB 72GB 40GB; do
    program gpt2-medium-$budget memory "gpt2-medium --batch 8 --seq 1024" \
      "--mesh 1x1 --precision bf16 --mem-budget $budget" "$([[ $budget == 24GB ]] && echo first=yes)"
  done

  # Speed, in this order; marks are those to pass on an H100.
  images="resnet50 --batch 256" text="gpt2 --batch 16 --seq 1024 --padded-vocab 128"
  speed resnet50-bf16 1 "$images" "--mesh 1x1 --precision bf16" "mark=3500 seconds=20 turns=2"
  speed gpt2-bf16 2 "$text" "--mesh 1x1 --precision bf16" "mark=520000 seconds=20 turns=2"
  speed resnet50-fp16 3 "$images" "--mesh 1x1 --precision fp16" "mark=5000 seconds=10"
  speed gpt2-fp16 4 "$text" "--mesh 1x1 --precision fp16" "mark=520000 seconds=10"
  speed gpt2-medium-bf16 5 "gpt2-medium --batch 8 --seq 1024 --padded-vocab 128" \
    "--mesh 1x1 --precision bf16" "mark=180000 seconds=10"
  speed resnet152-bf16 6 "resnet152 --batch 512" "--mesh 1x1 --precision bf16 --mem-budget 69904MiB" \
    "mark=254 seconds=10"
fi

cp "$here"/{*.py,Probe.cu,FirstCalls.cpp} "$root"/test/integration/oracle/{gpt2,kinks}.py \
  "$folder/gpu-check"
rm "$folder/gpu-check"/{expected,mark_calls}.py
cp "$root/scripts/gpu-check.sh" "$folder"
echo "commit=$(git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown)" > "$folder/facts"
if [[ -n $standin ]]; then
  # A kernel file of its own goes beside a program's, and may have its main.
  for tool in first-calls:FirstCalls.cpp:train_rank.cpp probe:Probe.cu:kernels.cu; do
    IFS=: read -r name source as <<< "$tool"
    mkdir "$work/$name"
    : > "$work/$name/train_rank.cpp"
    cp "$here/$source" "$work/$name/$as"
    standin_build "$name" "$work/$name"
  done
  cp "$bin/autopar_conformance_standin" "$folder/built/conformance"
  printf '%s\n' "device=the stand-in device, which tells no speed" patience=10 "probe=64 65536" \
    "all-calls=Tables.*:Sgd.*:Norm.*:Pool.*" \
    "one-attention=Seeds/RandomAttention.equalsItsDefinition/0" >> "$folder/facts"
else
  # The conformance suite, with the tests' framework.
  cp -r "$root/runtime/conformance" "$folder/runtime/conformance"
  cp -r /usr/src/googletest/googletest "$folder/googletest"
  rm -rf "$folder/googletest"/{test,samples,docs}
  PYTHONDONTWRITEBYTECODE=1 python3 "$folder/gpu-check/toolchain.py" "$folder" "$arch"
fi

size=$(du -sm "$folder" | cut -f1)
echo "$folder: $size MiB, $(ls -d "$folder"/programs/*/ | wc -l) programs, $missing could not be compiled"
((missing == 0))
