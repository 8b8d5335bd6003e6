#!/bin/bash
# Runs the tests watched by sanitizers: everything of ours, and the programs that the tests compile,
# under ASan and UBSan; then what has threads of its own, the loader of batches and the sharding
# solver, under TSan. Options go to lit in place of the whole suite:
# scripts/sanitize.sh --filter dialects
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh

# The build that scripts/fuzz.sh has too.
scripts/setup-clang.sh build-asan -DAUTOPAR_SANITIZE=address,undefined -DAUTOPAR_FUZZ=ON
cmake --build build-asan
export AUTOPAR_TEST_CXX=clang++-22 # links programs with the libraries of this build
# Leaks: MPI keeps what it allocated, and the compiler's tools end without freeing a context.
# Containers, one-definition checks and poison of our own code's: libMLIR is built without ASan, and
# takes memory from the allocators that our code has poisoned.
export ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0:detect_container_overflow=0:allow_user_poisoning=0
export UBSAN_OPTIONS=print_stacktrace=1
status=0
/usr/lib/llvm-22/bin/lit -sv --timeout 3600 build-asan/test "$@" || status=1

if (($# == 0)); then
  # With clang, whose OpenMP tells TSan of its barriers (libarcher); g++'s gives false alarms.
  scripts/setup-clang.sh build-tsan -DAUTOPAR_SANITIZE=thread
  cmake --build build-tsan --target runtime-tests ilp-tests
  export TSAN_OPTIONS=halt_on_error=1:ignore_noninstrumented_modules=1
  export OMP_TOOL_LIBRARIES=$PWD/build-clang/lib/libarcher.so
  build-tsan/test/unit/runtime/runtime-tests \
    --gtest_filter='BatchLoader*:ShuffledBatches*:TokenWindows*' || status=1
  build-tsan/test/unit/ilp/ilp-tests || status=1
fi
exit $status
