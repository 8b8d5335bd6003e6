#!/bin/bash
# ResNet-50 on four ranks under tight budgets equals the program without one, bit for bit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/recompute_test.py --shares 0.85,0.75 resnet50 --image 64 --batch 16 --classes 10
