#!/bin/bash
# The Python package with a torch of PyPI's, installed by pip as a user installs it: about two minutes.
# AUTOPAR_TORCH is a python with torch 2.9 or newer, torchvision and safetensors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
export PATH=$PWD/build/bin:$PATH OMP_WAIT_POLICY=passive
if [[ -z ${AUTOPAR_TORCH:-} ]]; then
  echo "door.sh: AUTOPAR_TORCH names no python with torch 2.9" >&2
  exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$AUTOPAR_TORCH" -m pip install --quiet --no-deps --target "$folder" ./compiler/python
# Out of the tree, in which the package would find itself.
(cd "$folder" && "$AUTOPAR_TORCH" -c '
import autopar, inspect, sys
assert inspect.getfile(autopar).startswith(sys.argv[1]), inspect.getfile(autopar)
from autopar import export, tools
assert inspect.isfunction(export.export)
tools.find("autopar-compile")' "$folder")
"$AUTOPAR_TORCH" test/integration/door_torch_test.py
