#!/usr/bin/env bash
# Whole programs of one and four ranks: the same numbers on every mesh, state
# that moves between meshes, and a clear end for every kind of failure.
# Usage: programs.sh FOLDER, where softmax-*, bigram-* and collectives-check were built.
set -u
bin=$1
program=softmax
here=$(dirname "$(realpath "$0")")
scripts=$here/../../../scripts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
unset DATA
passed=0 failed=0

# check NAME COMMAND…: the command succeeds.
check() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $name"
    sed 's/^/  | /' "$work/out"
  fi
}

# fails PATTERN COMMAND…: exits with code 1 within 20 s, saying PATTERN in
# exactly one line.
fails() {
  local pattern=$1 code lines
  shift
  timeout 20 "$@" >"$work/told" 2>&1
  code=$?
  lines=$(grep -c -- "^error: .*$pattern" "$work/told")
  if [ $code -ne 1 ] || [ "$lines" -ne 1 ] || [ "$(grep -c '^error:' "$work/told")" -ne 1 ]; then
    echo "exit code $code, $lines lines match: $pattern"
    cat "$work/told"
    return 1
  fi
}

on4=(mpirun --oversubscribe -n 4)

# same A B: two logs have the same losses to 1e-6 relative, two files of
# variables the same numbers to 1e-6.
same() {
  python3 - "$@" <<'PYTHON'
import array, json, sys

def losses(path):
    lines = [json.loads(line) for line in open(path)]
    return [line["loss"] for line in lines if "loss" in line]

def variables(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__")
    body = data[8 + length:]
    return [value for name in sorted(header)
            for value in array.array("f", body[slice(*header[name]["data_offsets"])])]

read = losses if sys.argv[1].endswith(".jsonl") else variables
a, b = read(sys.argv[1]), read(sys.argv[2])
assert len(a) == len(b) > 0, (len(a), len(b))
worst = max(abs(x - y) / max(abs(x), 1) for x, y in zip(a, b))
print("largest difference", worst)
assert worst < 1e-6
PYTHON
}

run() { # run MESH NAME OPTIONS…: leaves NAME.jsonl and NAME.safetensors
  local mesh=$1 name=$2 launch=()
  shift 2
  case $mesh in
  1x1 | far | fed) ;;
  1x2) launch=(mpirun --oversubscribe -n 2) ;;
  *) launch=("${on4[@]}") ;;
  esac
  "${launch[@]}" "$bin/$program-$mesh" "$@" --verify \
    --log "$work/$name.jsonl" --save "$work/$name.safetensors"
}

check "collectives of 3 ranks" mpirun --oversubscribe -n 3 "$bin/collectives-check"
check "collectives of 4 ranks" "${on4[@]}" "$bin/collectives-check"

# The same numbers everywhere.
options=(--data synthetic --steps 20 --seed 3 --augment --schedule cosine --warmup 4)
check "1x1 runs alone" run 1x1 one "${options[@]}"
for mesh in 1x2 4x1 2x2; do
  check "$mesh runs" run $mesh $mesh "${options[@]}"
  check "$mesh has 1x1's losses" same "$work/one.jsonl" "$work/$mesh.jsonl"
  check "$mesh has 1x1's variables" same "$work/one.safetensors" "$work/$mesh.safetensors"
done
check "an arena out of the host's reach runs" run far far "${options[@]}" --far away
check "it has 1x1's losses" same "$work/one.jsonl" "$work/far.jsonl"
check "it has 1x1's variables" same "$work/one.safetensors" "$work/far.safetensors"
# What is not watched is a step ahead of the host, and its losses are read behind the next step.
for program in softmax-far softmax-fed; do
  check "$program runs ahead" "$bin/$program" "${options[@]}" --log "$work/ahead.jsonl" \
    --save "$work/ahead.safetensors"
  check "it has 1x1's losses" same "$work/one.jsonl" "$work/ahead.jsonl"
  check "it has 1x1's variables" same "$work/one.safetensors" "$work/ahead.safetensors"
done
program=softmax
check "batches that are brought are in the plan" run fed fed "${options[@]}"
check "and their losses 1x1's" same "$work/one.jsonl" "$work/fed.jsonl"
check "the loss falls and the test set is learnt" \
  grep -q '"test_accuracy":1.0' "$work/one.jsonl"

# Memory: what a step touches is within its plan, and known for each step; the process is counted by
# the system, and holds the arena and more.
memoryOf() {
  python3 - "$1" <<'PYTHON'
import json, sys
*steps, end = [json.loads(line) for line in open(sys.argv[1])]
print(steps[0], end)
for step in (line for line in steps if "loss" in line):
    assert 0.5 * end["arena_bytes"] < step["touched_bytes"] <= step["touched_end"], step
    assert step["touched_end"] <= end["touched_end"], step
assert end["touched_end"] <= end["arena_bytes"], end
assert end["process_account"] == "peak resident set", end
assert end["process_peak_bytes"] > end["process_bytes_before_arena"] > 1 << 20, end
assert end["process_peak_bytes"] > end["arena_bytes"] + (1 << 20), end
assert end["budget_bytes"] == 0, end
PYTHON
}
check "what is touched is planned" memoryOf "$work/one.jsonl"
check "on each rank" memoryOf "$work/2x2.jsonl"
check "and out of the host's reach" memoryOf "$work/far.jsonl"
quietly() {
  "$bin/softmax-1x1" --data synthetic --steps 1 --log "$work/plain.jsonl" &&
    ! grep -q touched "$work/plain.jsonl"
}
check "without --verify nothing is read back" quietly

# A program that leaves its plan is caught: between its buffers, in what another function has, behind
# its arena in the last page, and beside that. On one rank images lie at 5760, the learning rate at 12032
# with nothing behind it, a step's buffers end at 16064 and an evaluation's at 17344.
for program in softmax-stray softmax-far; do
  stray=("$bin/$program" --data synthetic --steps 2 --verify)
  check "$program that stays in its plan" "${stray[@]}" --stray 5760
  check "between buffers" fails "step 1 has touched byte 12043 of the arena, which is no part of any buffer" \
    "${stray[@]}" --stray 12040
  check "above its peak" fails "step 1 has touched byte 17003 of the arena, and its plan ends at byte 16064;" \
    "${stray[@]}" --stray 17000
  check "evaluating, there are buffers" "${stray[@]}" --stray-evaluating 17000
  check "behind its arena" fails "evaluation after step 2 has touched byte 20003 of the arena, and its plan ends at byte 17344;" \
    "${stray[@]}" --stray-evaluating 20000
done
program=softmax
check "in front of its pages" fails "the program has touched byte -4 of an arena whose pages end at byte 20480; a call leaves its buffer" \
  "$bin/softmax-stray" --data synthetic --steps 2 --stray -4
check "behind its pages" fails "the program has touched byte 20480 of an arena whose pages end at byte 20480" \
  "$bin/softmax-stray" --data synthetic --steps 2 --stray 20480

# So is one that takes more than its budget, with --verify; without it is told.
over="a rank's process has taken [0-9]* bytes of memory, and its budget is 1000000: [0-9]* beside the arena of [0-9]*, where 500000 are reserved"
check "a process over its budget" fails "$over" "$bin/softmax-1x1-over" --data synthetic --steps 2 --verify
check "on four ranks" fails "$over" "${on4[@]}" "$bin/softmax-2x2-over" --data synthetic --steps 2 --verify
warned() {
  "${on4[@]}" "$bin/softmax-2x2-over" --data synthetic --steps 2 --save "$work/over.safetensors" \
    >"$work/told" 2>&1 || return 1
  cat "$work/told"
  [ "$(grep -c "^warning: $over" "$work/told")" -eq 1 ] && [ -s "$work/over.safetensors" ] &&
    grep -q "^memory of a rank: budget 976.56 KiB; plan .* = arena .* + reserve 488.28 KiB; measured .* (peak resident set)" "$work/told"
}
check "is told without --verify, and the run counts" warned

# State moves between meshes.
check "2x2 goes on from 1x1" run 2x2 on --data synthetic --steps 23 --resume "$work/one.safetensors"
check "1x1 goes on from 4x1" run 1x1 back --data synthetic --steps 23 --resume "$work/4x1.safetensors"
check "and both agree" same "$work/on.jsonl" "$work/back.jsonl"
check "so does what is out of reach" run far away --data synthetic --steps 23 --resume "$work/4x1.safetensors"
check "and agrees" same "$work/on.jsonl" "$work/away.jsonl"
# Each rank's own part of a checkpoint too, from arenas of either kind, written beside training.
for mesh in 1x1 2x2 4x1 far; do
  check "$mesh keeps checkpoints" run $mesh kept --data synthetic --steps 20 --seed 3 --augment --schedule cosine \
    --warmup 4 --checkpoints "$work/of-$mesh" --save-every 3
  check "and its losses" same "$work/one.jsonl" "$work/kept.jsonl"
done
for pair in "1x1 2x2" "2x2 1x1" "2x2 4x1" "4x1 far" "far 2x2"; do
  read -r from to <<<"$pair"
  check "$to goes on from $from's parts" run "$to" parts --data synthetic --steps 23 --resume "$work/of-$from"
  check "and agrees" same "$work/on.jsonl" "$work/parts.jsonl"
done
parts() { [ "$(ls "$work/of-2x2/step-00000020" | tr '\n' ' ')" = \
  "checkpoint.json rank-0.safetensors rank-1.safetensors rank-2.safetensors rank-3.safetensors " ]; }
check "all ranks of 2x2 have written" parts

# Bad input.
check "a wrong world size" fails "compiled for mesh 2x2, 4 ranks, but 1 runs; start it as: mpirun -n 4 $bin/softmax-2x2 OPTIONS" \
  "$bin/softmax-2x2" --data synthetic
check "an unknown option" fails "unknown option --stepz; the nearest is --steps" \
  "${on4[@]}" "$bin/softmax-2x2" --data synthetic --stepz 3
check "a target's option" fails "--far takes away, not home" \
  "$bin/softmax-far" --data synthetic --far home
check "which others do not have" fails "unknown option --far; the nearest is --lr" \
  "$bin/softmax-1x1" --data synthetic --far away
check "a missing folder" fails "data folder $work/none does not exist" \
  "${on4[@]}" "$bin/softmax-2x2" --data "$work/none"
mkdir "$work/cut"
head -c 5000 /dev/zero >"$work/cut/data_batch_1.bin"
check "a truncated file" fails "data_batch_1.bin: 5000 bytes are not whole records of 3073" \
  env DATA="$work/cut" "${on4[@]}" "$bin/softmax-2x2"
head -c 3073 /dev/zero >"$work/cut/data_batch_1.bin"
mkdir "$work/cut2"
head -c 3000 /dev/zero >"$work/cut2/data_batch_1.bin"
check "too few samples" fails "has 1 samples, fewer than one batch of 32" \
  "${on4[@]}" "$bin/softmax-2x2" --data "$work/cut"
check "a loss that is not finite" fails "step [0-9]*: the loss is -\?\(nan\|inf\)" \
  "${on4[@]}" "$bin/softmax-2x2" --data synthetic --steps 50 --lr 1e38
check "a checkpoint that is not there" fails "none.safetensors: cannot open: No such file" \
  "${on4[@]}" "$bin/softmax-2x2" --data synthetic --init "$work/none.safetensors"
check "no folder to save in" fails "--save $work/none/m.safetensors: there is no folder '$work/none'" \
  "${on4[@]}" "$bin/softmax-2x2" --data synthetic --save "$work/none/m.safetensors"
check "a rank that fails alone names itself" fails "rank 3 of 4: $work/cut2/data_batch_1.bin" \
  mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data synthetic \
  : -n 1 "$bin/softmax-2x2" --data "$work/cut2"
check "nothing half-written" test -z "$(find "$work" -name '*.tmp')"
check "help needs no ranks" grep -q -- "--fixed-batch FILE" <("$bin/softmax-2x2" --help)

# Text: the program's batch is 8 sequences of 16 bytes.
program=bigram
text=$work/text
sed 's/^# //' "$0" "$0" "$0" >"$work/prose"
check "a text becomes token files" python3 "$scripts/make-tokens.py" "$work/prose" -o "$text"
options=(--data "$text" --steps 40 --seed 3 --eval-every 20 --eval-batches 7)
check "text on 1x1" run 1x1 text "${options[@]}"
for mesh in 1x2 4x1 2x2; do
  check "text on $mesh" run $mesh text-$mesh "${options[@]}"
  check "$mesh has 1x1's losses of text" same "$work/text.jsonl" "$work/text-$mesh.jsonl"
  check "$mesh has 1x1's variables" same "$work/text.safetensors" "$work/text-$mesh.safetensors"
done
learns() {
  python3 - "$work/text.jsonl" <<'PYTHON'
import json, math, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
first, last = [line for line in lines if "test_loss" in line]
print(first, last)
assert last["test_loss"] < first["test_loss"] < math.log(256)
assert last["test_nats_per_byte"] == last["test_loss"]
assert abs(last["test_perplexity"] - math.exp(last["test_loss"])) < 1e-9
assert last["test_tokens"] == 7 * 8 * 16
assert "tokens_per_second" in lines[0]
PYTHON
}
check "a model of text learns" learns
storedShape() {
  python3 - "$work/text-2x2.safetensors" <<'PYTHON'
import json, sys
data = open(sys.argv[1], "rb").read()
header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
assert header["wte.weight"]["shape"] == [256, 256], header
assert header["__metadata__"]["format"] == "pt" and header["__metadata__"]["steps"] == "40", header
PYTHON
}
check "padding is not saved" storedShape
check "PyTorch computes the same loss" /usr/bin/python3 "$here/text_by_torch.py" \
  "$work/text-2x2.safetensors" "$text/val.bin" "$work/text.jsonl" "$work/torch.safetensors"
check "a run begins with its weights" run 1x1 again --data "$text" --steps 1 --init "$work/text.safetensors"
check "with PyTorch's file alike" run 2x2 torch --data "$text" --steps 1 \
  --init "$work/torch.safetensors"
check "from the same model" same "$work/again.jsonl" "$work/torch.jsonl"
check "a text without files" run 1x1 synthetic --data synthetic --steps 3

head -c 2000 "$text/train.bin" >"$work/cut.bin"
check "a token file cut short" fails "cut.bin: its header promises [0-9]* tokens, [0-9]* bytes, but it has 2000: it was cut short" \
  "${on4[@]}" "$bin/bigram-2x2" --data "$work/cut.bin"
check "what is no token file" fails "not a token file: it begins with [-0-9]*, not 20240520" \
  "${on4[@]}" "$bin/bigram-2x2" --data "$0"
check "no text to evaluate on" fails "--eval-every needs test data: give --test-data FILE" \
  "${on4[@]}" "$bin/bigram-2x2" --data "$text/train.bin" --eval-every 5
check "crops of text" fails "--augment changes images" "$bin/bigram-1x1" --data "$text" --augment
check "text for images" fails "--test-data names a token file, but softmax reads images" \
  "$bin/softmax-1x1" --data synthetic --test-data "$text/val.bin"
check "another model's file" fails "does not hold this program's variables" \
  "$bin/bigram-1x1" --data "$text" --init "$work/one.safetensors"
program=softmax

# A rank that is killed takes the others with it.
killOne() {
  "${on4[@]}" "$bin/softmax-2x2" --data synthetic --steps 100000000 &
  local launcher=$! victim
  for _ in $(seq 50); do
    sleep 0.2
    victim=$(pgrep -P "$launcher" -f softmax-2x2 | tail -n 1)
    [ -n "$victim" ] && break
  done
  sleep 1
  kill -KILL "$victim"
  for _ in $(seq 100); do
    kill -0 "$launcher" 2>/dev/null || { ! wait "$launcher"; return; }
    sleep 0.1
  done
  kill "$launcher"
  echo "the others still run after 10 s"
  return 1
}
check "a killed rank stops the others" killOne

# torchrun starts ranks too.
torchrun=(/usr/bin/python3 "$here/torchrun.py" --no_python --nproc_per_node 4)
meet() {
  "${torchrun[@]}" --master_port "$port" "$bin/launched-check" | grep -x "4 ranks have met"
}
allStop() {
  ! "${torchrun[@]}" --master_port "$port" "$bin/launched-check" 2 >"$work/told" 2>&1 || return 1
  cat "$work/told"
  grep -x "error: rank 2 of 4: told to fail" "$work/told" &&
    [ "$(grep -c "^error: rank 2 of 4 has failed; rank [013] stops$" "$work/told")" -eq 3 ]
}
port=$((20000 + $$ % 10000))
check "ranks that torchrun starts meet" meet
check "one of them that fails is named by the others" allStop

# Ranks that do not belong together say so, rather than wait for each other.
check "ranks of two programs" fails "rank 2 runs .* for mesh 4x1 .*, rank 0 .* for mesh 2x2" \
  mpirun --oversubscribe -n 2 "$bin/softmax-2x2" --data synthetic \
  : -n 2 "$bin/softmax-4x1" --data synthetic
check "ranks with other options" \
  fails "rank 2 runs with --steps 6, rank 0 with --steps 3; rank 2 runs with --seed 4, rank 0 without --seed" \
  mpirun --oversubscribe -n 2 "$bin/softmax-2x2" --data synthetic --steps 3 \
  : -n 2 "$bin/softmax-2x2" --data synthetic --steps 6 --seed 4
check "a rank that is asked for help" fails "rank 3 runs with --help, rank 0 without --help" \
  mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data synthetic \
  : -n 1 "$bin/softmax-2x2" --help
mkdir "$work/red" "$work/blue"
head -c $((40 * 3073)) /dev/zero >"$work/red/data_batch_1.bin"
{ head -c $((40 * 3073 - 1)) /dev/zero; printf x; } >"$work/blue/data_batch_1.bin"
check "ranks with other data" fails "rank 3 trains on 40 images of $work/blue.*, rank 0 on 40 images of $work/red" \
  mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data "$work/red" \
  : -n 1 "$bin/softmax-2x2" --data "$work/blue"
check "ranks with other checkpoints" fails "rank 3 starts from $work/4x1.safetensors.*, rank 0 from $work/on.safetensors" \
  mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data synthetic --init "$work/on.safetensors" \
  : -n 1 "$bin/softmax-2x2" --data synthetic --init "$work/4x1.safetensors"
cp -r "$work/red" "$work/red2"
check "paths may differ" mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data "$work/red" --steps 1 \
  : -n 1 "$bin/softmax-2x2" --data "$work/red2" --steps 1
shrinks() {
  { sleep 3; truncate -s 3000 "$work/red2/data_batch_1.bin"; } &
  fails "rank 3 of 4: $work/red2/data_batch_1.bin: the file has shrunk" \
    mpirun --oversubscribe -n 3 "$bin/softmax-2x2" --data "$work/red" --steps 100000000 \
    : -n 1 "$bin/softmax-2x2" --data "$work/red2" --steps 100000000
}
check "a rank that fails when the others are at work names itself" shrinks

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
