#!/bin/bash
# Configures a build with clang: setup-clang.sh FOLDER OPTIONS. Clang is installed where it is
# missing, for libFuzzer is clang's; its OpenMP, which tells TSan of barriers, unpacked into build-clang/. To
# install that would put a libgomp.so.1 of its own beside libMLIR, before the one that every other
# build here runs with. Without the CUDA half, which has no reader and no thread of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sudo=()
((EUID == 0)) || sudo=(sudo)
packages=(clang-22 libclang-rt-22-dev libomp5-19)
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2> /dev/null || true)
for package in "${packages[@]}"; do
  grep -qx "installed $package" <<< "$installed" && continue
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=600 "${packages[@]}"
  break
done
if [[ ! -e build-clang/lib/libomp.so ]]; then
  mkdir -p build-clang/package build-clang/include build-clang/lib
  (cd build-clang/package && apt-get download -q libomp-22-dev && dpkg -x libomp-22-dev_*.deb .)
  cp build-clang/package/usr/lib/llvm-22/lib/clang/22/include/omp*.h build-clang/include
  cp build-clang/package/usr/lib/llvm-22/lib/libarcher.so build-clang/lib
  ln -s /usr/lib/x86_64-linux-gnu/libomp.so.5 build-clang/lib/libomp.so
fi
[[ -f $1/build.ninja ]] || cmake -S . -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH=/usr/lib/llvm-22 -DCMAKE_CUDA_COMPILER=NOTFOUND \
  -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -DOpenMP_CXX_FLAGS="-fopenmp -isystem $PWD/build-clang/include" -DOpenMP_CXX_LIB_NAMES=omp \
  -DOpenMP_omp_LIBRARY="$PWD/build-clang/lib/libomp.so" \
  -DCMAKE_EXE_LINKER_FLAGS="-L$PWD/build-clang/lib" \
  -DAUTOPAR_PROGRAM_OPTIONS="-isystem $PWD/build-clang/include -L$PWD/build-clang/lib" "${@:2}"
