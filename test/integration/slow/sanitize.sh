#!/bin/bash
# The whole suite under ASan and UBSan, and what has threads under TSan: see scripts/sanitize.sh.
exec "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/sanitize.sh"
