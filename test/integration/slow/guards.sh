#!/bin/bash
# Bad batches, flipped bits and logs that go on, on one rank and every case on four. Two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/guards_test.py build/test/unit/runtime --all
