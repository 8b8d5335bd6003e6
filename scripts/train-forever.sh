#!/bin/bash
# Keeps a run going: starts it again from its newest checkpoint whenever it ends before it is done, until it
# is done or comes no further.
#
#   scripts/train-forever.sh --checkpoints runs/a [--wait 10] [--tries 3] [--then 'COMMAND']... -- COMMAND...
#
#   scripts/train-forever.sh --checkpoints runs/a --then 'mpirun -n 4 out/on4/train_rank --data DIR --epochs 90' \
#     -- mpirun -n 8 --hostfile hosts out/on8/train_rank --data DIR --epochs 90 --save-every 500
#
# COMMAND gets `--checkpoints runs/a --resume runs/a`. It is started again after --wait seconds, twice as many
# after each failure that brought no new checkpoint; --tries of these in a row are enough. Then the next
# --then COMMAND takes over, the program of a smaller mesh where a host is lost; behind the last one the exit
# code is that of its last try. A --then COMMAND is a line for a shell, which gets the two options behind it. A run
# that was told to stop, by SIGTERM or a scheduler's SIGUSR1, is not started again; its exit code is 0, but for Open
# MPI's mpirun, which makes a 1 of a SIGTERM.
set -uo pipefail

fail() { echo "train-forever: $*" >&2; exit 2; }

folder='' wait=10 tries=3 then=()
while (($#)); do
  case $1 in
  --checkpoints | --wait | --tries | --then)
    (($# > 1)) || fail "$1 needs a value"
    case $1 in
    --checkpoints) folder=$2 ;;
    --wait) wait=$2 ;;
    --tries) tries=$2 ;;
    --then) then+=("$2") ;;
    esac
    shift 2
    ;;
  --) shift; break ;;
  *) fail "unknown option $1; see the head of $0" ;;
  esac
done
[[ $folder ]] || fail "--checkpoints DIR is missing"
(($#)) || fail "no command behind --"
[[ $wait =~ ^(0|[1-9][0-9]*)$ ]] || fail "--wait takes seconds, not '$wait'"
[[ $tries =~ ^[1-9][0-9]*$ ]] || fail "--tries takes a whole number from 1 on, not '$tries'"

say() { echo "train-forever: $*" >&2; }
newest() { cksum "$folder/checkpoints.json" 2>/dev/null; }

# A signal to this script is the run's.
child=''
for signal in TERM INT USR1; do
  # shellcheck disable=SC2064 # each trap has its own
  trap "told=1; [[ \$child ]] && kill -$signal \$child" $signal
done
told=''

command=("$@") failures=0
while :; do
  before=$(newest)
  "${command[@]}" --checkpoints "$folder" --resume "$folder" &
  child=$!
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do # a signal came, and the run finishes its step
    wait "$child"
    code=$?
  done
  child=''
  ((code == 0)) && exit 0
  [[ $told ]] && exit "$code"
  if [[ $(newest) != "$before" ]]; then failures=0; else failures=$((failures + 1)); fi
  if ((failures >= tries)); then
    ((${#then[@]})) || { say "exit code $code, $failures times with no new checkpoint; giving up"; exit "$code"; }
    say "exit code $code, $failures times with no new checkpoint; going on with: ${then[0]}"
    command=(bash -c "${then[0]} \"\$@\"" train-forever)
    then=("${then[@]:1}")
    failures=0
    continue
  fi
  pause=$((wait << (failures ? failures - 1 : 0)))
  say "exit code $code; going on in $pause s"
  sleep "$pause" &
  wait $!
  [[ $told ]] && exit "$code"
done
