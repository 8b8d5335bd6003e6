#!/bin/bash
# A million changed inputs for every reader and the passes: see scripts/fuzz.sh.
exec "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/fuzz.sh"
