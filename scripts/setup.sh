#!/bin/bash
# All the set-up there is: installs what a bare Debian 12 lacks and builds into build/.
# With everything there it asks apt nothing and returns as fast as ninja finds nothing to do.
# CUDA is used where it is found and never required. With names of targets
# (scripts/setup.sh autopar-compile) it builds those alone, and installs nothing for the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  g++ make cmake ninja-build ccache lld pkg-config           # the build; emitted programs need g++, make
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools     # MLIR; lit and FileCheck
  coinor-libcbc-dev                                          # the ILP's solver
  libdnnl-dev libopenblas-openmp-dev                         # the CPU target's kernels
  libopenmpi-dev openmpi-bin                                 # its collectives, and mpirun
  nlohmann-json3-dev zlib1g-dev                              # plans and logs; .json.gz problems
  libzip-dev                                                 # what torch.export writes
  libgtest-dev                                               # CMake asks for it
  python3-sklearn                                            # the digits
)
if (($# == 0)); then
  packages+=(
    gnuplot-nox fonts-dejavu-core                            # plots of the experiments
    python3-psutil procps                                    # lit's time limit; ranks that tests kill
    python3-torch python3-torchvision                        # the tests' oracle
  )
fi

# dpkg-query prints a line only for the packages it knows: those not listed as installed are missing.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2> /dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qx "installed $package" <<< "$installed" || missing+=("$package")
done

if ((${#missing[@]})); then
  apt() { apt-get "$@"; }
  if ((EUID != 0)); then
    command -v sudo > /dev/null || {
      echo "setup.sh: not root and no sudo; as root run: apt-get install ${missing[*]}" >&2
      exit 1
    }
    apt() { sudo apt-get "$@"; }
  fi
  echo "setup.sh: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # apt waits for another apt's lock; a mirror that fails once is asked once more.
  apt update -q || apt update -q
  apt install -q -y --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
fi

# What comes of a precompiled header is kept by ccache too.
export CCACHE_SLOPPINESS=pch_defines,time_macros
if [[ ! -f build/build.ninja ]]; then
  # Kernels for the oldest GPU that is served; its PTX serves newer ones, for half of nvcc's time.
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH=/usr/lib/llvm-22 -DAUTOPAR_CUDA_ARCHITECTURES=80 -DAUTOPAR_UNITY=ON \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# To see whether a precompiled header's headers have changed, ccache preprocesses it, and g++ reads the
# old one there in their place. So it goes where any of them is newer.
while IFS= read -r precompiled; do
  newer=$(find dialects passes runtime/core test/unit build/dialects build/passes -newer "$precompiled" \
    \( -name '*.h' -o -name '*.td' -o -name '*.inc' \) -print -quit)
  [[ -z $newer ]] || rm "$precompiled"
done < <(find build -name '*.gch')
cmake --build build ${1:+--target "$@"}
