#!/bin/bash
# Every imported network on one rank, on three and on four, in two meshes, against PyTorch's numbers:
# several minutes. With AUTOPAR_TORCH, a python with torch 2.9 or newer and torchvision, also the way there and
# back: torchvision's ResNet-18 is what autopar-model writes, and its module takes what a program saved.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export OMP_WAIT_POLICY=passive
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/import_test.py --mesh 1x1 --mesh 2x2 --mesh 3 --mesh 4
if [[ -z ${AUTOPAR_TORCH:-} ]]; then
  echo "import.sh: AUTOPAR_TORCH names no python with torch 2.9; nothing was exported" >&2
  exit 1
fi
"$AUTOPAR_TORCH" test/integration/export_test.py
