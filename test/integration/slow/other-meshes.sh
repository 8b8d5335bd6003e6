#!/bin/bash
# Runs that go on on other meshes: see test/integration/other_meshes_test.py. Took 3 min on two cores that
# others used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH exec /usr/bin/python3 test/integration/other_meshes_test.py
