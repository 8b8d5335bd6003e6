"""Commands that must succeed, and the logs that training programs write."""

import json
import os
import subprocess
import sys

# Open MPI refuses root unless told, and ranks that share cores must not spin.
ENVIRONMENT = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                            "OMP_WAIT_POLICY": "passive"}


def run(*command, **options):
    """Returns the finished process; where it fails, ends this one with what was printed."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def losses_in(log):
    """Of each step in a file that --log wrote."""
    with open(log) as file:
        return [line["loss"] for line in map(json.loads, file) if "loss" in line]
