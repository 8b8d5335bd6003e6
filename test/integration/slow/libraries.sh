#!/bin/bash
# Weights of torchvision and transformers in, training on four ranks, and merged checkpoints loaded by those
# libraries. transformers is no package of Debian's: it goes into a virtual environment of the build's. Took 1 min
# on two cores that others used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
if [[ ! -x build/libraries/bin/python ]]; then
  dpkg -s python3-venv python3-torchvision > /dev/null 2>&1 || apt-get install -y python3-venv python3-torchvision
  /usr/bin/python3 -m venv --system-site-packages build/libraries
fi
# The last that goes with Debian's PyTorch.
build/libraries/bin/python -c 'import transformers' 2> /dev/null ||
  build/libraries/bin/pip install --quiet 'transformers==4.30.2'
exec build/libraries/bin/python test/integration/libraries_test.py
