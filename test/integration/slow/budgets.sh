#!/bin/bash
# 40 budgets of five networks, each planned by itself: more memory is never slower, what is unused is explained.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
PATH=$PWD/build/bin:$PATH
/usr/bin/python3 test/integration/budgets_test.py --networks mlp,gpt2,gpt2-small,resnet18,resnet50 --budgets 40 --proof 240 --seed "${SEED:-1}"
