#!/bin/bash
# Runs the tests watched by sanitizers: everything of ours, and the programs that the tests compile,
# under ASan and UBSan; then what has threads of its own, the loader of batches and the sharding
# solver, under TSan. Options go to lit in place of the whole suite:
# scripts/sanitize.sh --filter dialects
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh

[[ -f build-asan/build.ninja ]] || cmake -S . -B build-asan -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH=/usr/lib/llvm-22 -DCMAKE_CUDA_COMPILER=NOTFOUND \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -DAUTOPAR_SANITIZE=address,undefined
cmake --build build-asan
# Leaks: MPI keeps what it allocated, and the compiler's tools end without freeing a context.
# Containers and one-definition checks: libMLIR is built without ASan.
export ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0:detect_container_overflow=0
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
