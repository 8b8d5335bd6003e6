#!/bin/bash
# Does a compiled program compute what PyTorch computes? Compiles MODEL for MESH, with the plan in
# PLAN where given, trains it from the reference's weights on the reference's batches, and compares
# the first step's loss and gradients, then 20 steps.
#
#   parity.sh resnet18 2x2
#   parity.sh resnet50 4x1 split-channels.json --cifar --image 32 --nesterov --weight-decay 0.01
#   parity.sh gpt2 2x2 --vocab 251 --padded-vocab 128
#
# The options are those of the model's reference script. AUTOPAR_BIN names the tools' folder when it
# is not build/bin, and AUTOPAR_PARITY the folder to work in when it is not build/parity; references
# there are used again. AUTOPAR_STANDIN, autopar-standin.cmake of a build, names the CUDA target, on the
# stand-in device.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
bin=${AUTOPAR_BIN:-$root/build/bin}
work=${AUTOPAR_PARITY:-$root/build/parity}

(($# >= 2)) || { sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0"; exit 2; }
model=$1 mesh=$2
shift 2
plan=()
if (($#)) && [[ $1 != --* ]]; then
  plan=(--plan-in "$1")
  shift
fi

# What shapes the network goes to the generator too; steps, batches and the rate are the run's.
declare -A network run=([steps]=20 [batches]=4 [seed]=1)
case $model in
  gpt2)
    script=reference_gpt2.py
    network=([batch]=8 [seq]=64 [positions]=64 [vocab]=256 [padded-vocab]=1 [layers]=4 [width]=128
      [heads]=4 [weight-decay]=0.1 [clip]=1 [beta1]=0.9 [beta2]=0.95 [epsilon]=1e-6)
    run[lr]=1e-3
    ;;
  *)
    script=reference.py
    network=([batch]=8 [image]=64 [classes]=10 [momentum]=0.9 [weight-decay]=0 [label-smoothing]=0)
    run[lr]=1e-4
    ;;
esac
flags=()
while (($#)); do
  name=${1#--}
  case $1 in
    --cifar | --nesterov) flags+=("$1") && shift && continue ;;
  esac
  (($# >= 2)) || { echo "parity.sh: $1 needs a value, or is no option" >&2 && exit 2; }
  if [[ -v network[$name] ]]; then
    network[$name]=$2
  elif [[ -v run[$name] ]]; then
    run[$name]=$2
  else
    echo "parity.sh: unknown option $1" >&2
    exit 2
  fi
  shift 2
done
networkOptions=("${flags[@]}")
for name in "${!network[@]}"; do networkOptions+=("--$name=${network[$name]}"); done
runOptions=()
for name in "${!run[@]}"; do runOptions+=("--$name=${run[$name]}"); done

# One reference serves every mesh and plan, and every change of the oracle makes it anew.
mkdir -p "$work"
reference=$work/$model-$(cat "$here"/*.py <(echo "${networkOptions[@]}" "${runOptions[@]}") |
  sha256sum | cut -c1-12)
(
  flock 9
  if [[ ! -d $reference ]]; then
    rm -rf "$reference.part"
    /usr/bin/python3 "$here/$script" "$model" "${networkOptions[@]}" "${runOptions[@]}" \
      -o "$reference.part"
    mv "$reference.part" "$reference"
  fi
) 9> "$reference.lock"

out=$(mktemp -d "$work/$model-$mesh.XXXXXX")
ranks=$((${mesh//x/*}))
echo "parity of $model ${networkOptions[*]} on $mesh ${plan[*]}"
"$bin/autopar-model" "$model" "${networkOptions[@]}" -o "$out/model.mlir"
target=(cpu) launch=(mpirun --oversubscribe --bind-to none -n "$ranks" "$out/program/train_rank")
if [[ -n ${AUTOPAR_STANDIN-} ]]; then
  target=(cuda --no-build)
  launch=("$root/scripts/standin-run.sh" "$out/program" -n "$ranks" --libraries "$AUTOPAR_STANDIN" --)
fi
"$bin/autopar-compile" "$out/model.mlir" --mesh "$mesh" --target "${target[@]}" --time-limit 2 \
  --quiet "${plan[@]}" -o "$out/program"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
train() { # STEPS NAME: trains and leaves NAME.safetensors and NAME.jsonl in $out
  timeout 600 "${launch[@]}" \
    --init "$reference/init.safetensors" --fixed-batch "$reference/batch.safetensors" \
    --steps "$1" --lr "${run[lr]}" --save "$out/$2.safetensors" --log "$out/$2.jsonl" \
    < /dev/null > "$out/$2.txt" 2>&1 || { cat "$out/$2.txt" && return 1; }
}
train 1 first
train "${run[steps]}" last

# Both comparisons are printed, whichever fails; a failed run's folder is kept to look at.
status=0
compare() { /usr/bin/python3 "$here/compare.py" "$reference" "$@" || status=1; }
compare --first-step "$out/first.safetensors" --log "$out/first.jsonl"
compare --last-step "$out/last.safetensors" --log "$out/last.jsonl"
if ((status)); then
  echo "parity.sh: $model on $mesh differs from PyTorch; see $out" >&2
else
  rm -rf "$out"
fi
exit $status
