#!/bin/bash
# The fifteen minutes with a GPU, rehearsed on the stand-in device from end to end: first light and speed
# as they come, PyTorch being absent; then with a library missing, a program that hangs, and time
# running out. What is rehearsed is the way, for no figure of it says anything of a GPU. 20 minutes on two
# cores that others used (load 12): 11 to build the programs, 3 as it should be.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
out=$(mktemp -d build/gpu-check.XXXXXX)
trap 'rm -rf "$out"' EXIT

scripts/gpu-check.sh prepare --standin build/test/standin/autopar-standin.cmake "$out/folder"

# expect RESULTS VERDICT CHECK [WORDS]: one row says so
expect() {
  /usr/bin/python3 - "$@" << 'PYTHON'
import json, sys
results, verdict, check, *words = sys.argv[1:]
rows = {row["check"]: row for row in map(json.loads, open(f"{results}/results.jsonl"))}
row = rows.get(check)
if not row or row["verdict"] != verdict or any(word not in row["seen"] for word in words):
    sys.exit(f"{results}: wanted {verdict or 'a figure'} for {check}, {words}; there is {row or list(rows)}")
PYTHON
}

# fails COMMAND…: it does
fails() { ! "$@" || { echo "$*: did not fail" >&2; exit 1; }; }

echo "== as it should be"
# A rate at the stand-in's is no verdict, so the exit code is not asked.
"$out/folder/gpu-check.sh" run --first-light --speed --limit 1800 "$out/whole" || true
expect "$out/whole" passed "first calls"
for name in resnet gpt2; do
  for precision in f32 bf16 fp16; do
    expect "$out/whole" passed "$name-$precision, call by call"
    expect "$out/whole" passed "$name-$precision, with the graph"
  done
  expect "$out/whole" "" "calls of speed-$name" "calls, " "ms together"
done
expect "$out/whole" passed "memory: resnet-memory"
expect "$out/whole" passed "all calls"
expect "$out/whole" "" device "TB/s"

echo "== a library is missing, and a program hangs"
echo libnothing.so.9 > "$out/folder/built/libraries"
printf '#!/bin/sh\nexec sleep 1000\n' > "$out/folder/built/resnet-f32"
sed -i 's/^patience=.*/patience=2/' "$out/folder/facts"
fails "$out/folder/gpu-check.sh" run --first-light --limit 600 "$out/faults"
expect "$out/faults" FAILED "library libnothing.so.9" "not found in"
expect "$out/faults" FAILED "resnet-f32, call by call" "not done after"
expect "$out/faults" passed "gpt2-f32, call by call"

echo "== time runs out"
fails "$out/folder/gpu-check.sh" run --first-light --speed --limit 20 "$out/short"
expect "$out/short" passed "first calls"
expect "$out/short" "not run" device "no time was left"
