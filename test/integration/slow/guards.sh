#!/bin/bash
# Bad batches, flipped bits and logs that go on, on one rank, every case on four, and on the stand-in device.
# Three minutes on a busy machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/guards_test.py build/test/unit/runtime --all --standin build
