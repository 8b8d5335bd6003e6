#!/bin/bash
# Feeds every reader changed inputs, and every pass changed programs, under ASan and UBSan: no crash,
# no hang, no nonsense accepted. Prints how many inputs each had; an input that does harm is kept
# in build-asan/found. Options: how many inputs in all (1000000), and names of entries instead of
# all of test/fuzz: scripts/fuzz.sh 20000 device plan
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

total=1000000
[[ ${1:-} =~ ^[0-9]+$ ]] && total=$1 && shift
# Of a thousand inputs: the quick ones most, those that plan a model few.
declare -A shares=([device]=100 [export]=50 [plan]=100 [problem]=150 [graph]=30 [buffers]=150 [checkpoint]=70
                   [checkpoint-folder]=30 [tokens]=100 [images]=60 [options]=100 [model]=10 [passes]=50)
names=("$@")
(($#)) || names=(device plan problem graph buffers checkpoint checkpoint-folder tokens images options export model passes)

scripts/setup.sh
scripts/setup-clang.sh build-asan -DAUTOPAR_SANITIZE=address,undefined -DAUTOPAR_FUZZ=ON
# The build that scripts/sanitize.sh has too.
cmake --build build-asan --target "${names[@]/#/fuzz-}"

rm -rf build-asan/seeds build-asan/found
mkdir -p build-asan/found
/usr/bin/python3 test/fuzz/seeds.py build-asan/seeds
# libMLIR is Debian's, and has no marks between which ASan could tell whose memory is whose.
export ASAN_OPTIONS=detect_odr_violation=0:detect_leaks=0:allow_user_poisoning=0:allocator_may_return_null=1
export OMP_NUM_THREADS=1
all=0 failed=0
for name in "${names[@]}"; do
  runs=$((total * ${shares[$name]} / 1000)) log=build-asan/found/$name.log corpus=build-asan/corpus/$name
  mkdir -p "$corpus"
  SECONDS=0
  verdict=clean
  build-asan/bin/fuzz-"$name" -runs=$runs -seed=1 -timeout=20 -rss_limit_mb=4096 \
    -max_len=16384 -print_final_stats=1 -artifact_prefix=build-asan/found/$name- \
    "$corpus" "build-asan/seeds/$name" > "$log" 2>&1 < /dev/null || verdict=FAILED
  done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-12s %8d inputs %6d s  %s\n' "$name" "${done:-0}" "$SECONDS" "$verdict"
  [[ $verdict == clean ]] || { grep -m3 -E 'ERROR|runtime error|nonsense' "$log" || true; failed=$((failed + 1)); }
  all=$((all + ${done:-0}))
done
echo "$all inputs, $failed of ${#names[@]} entries failed"
((failed == 0))
