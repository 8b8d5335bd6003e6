#!/usr/bin/env python3
"""The zoo: networks that people train, through autopar and beside PyTorch.

    scripts/zoo.py coverage [NETWORK…]     exports and imports them: which do, which operations lack
    scripts/zoo.py parity [NETWORK…]       compiles them for 1, 2x2 and 3 ranks, trains 20 steps, compares
    scripts/zoo.py table                   writes docs/Zoo.md of the results

Coverage takes minutes, parity hours on two cores. Results are lines of JSON; a network that is among them,
and trained, is not done again unless with --again.
NETWORK is a name (torchvision/resnet18), or the beginning of one (torchvision/). It wants torch of
2.9 or newer with torchvision, transformers and timm; `--venv DIR` makes a virtual environment with
them there, from PyPI, and runs in it. The tools are taken as the Python package takes them: from
$AUTOPAR_HOME, PATH or build/bin.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(HERE, "zoo"), os.path.join(ROOT, "compiler", "python")]

PACKAGES = ["torch", "torchvision", "transformers", "timm", "safetensors"]


def go_into(venv):
    """Runs this script by the environment's Python, in place of this process."""
    python = os.path.join(venv, "bin", "python")
    if os.path.realpath(sys.prefix) == os.path.realpath(venv):
        return
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", *PACKAGES], check=True)
    os.execv(python, [python, *sys.argv])


def chosen(patterns):
    from networks import NETWORKS
    if not patterns:
        return list(NETWORKS)
    names = list(dict.fromkeys(name for pattern in patterns for name in NETWORKS if name.startswith(pattern)))
    if not names:
        sys.exit(f"zoo.py: no network is called {' or '.join(patterns)}; there are {', '.join(NETWORKS)}")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["coverage", "parity", "table"])
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    parser.add_argument("--folder", default=os.path.join(ROOT, "out", "zoo"), help="for exports and results")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    parser.add_argument("--venv", metavar="DIR")
    options = parser.parse_args()
    if options.venv:
        go_into(options.venv)
    os.nice(10)
    results = os.path.join(options.folder, "results.jsonl")
    if options.what == "coverage":
        from coverage import coverage
        coverage(chosen(options.networks), os.path.join(options.folder, "exports"), options.again)
    elif options.what == "parity":
        os.makedirs(options.folder, exist_ok=True)
        from parity import parity
        parity(chosen(options.networks), results, options.again)
    else:
        from table import table
        table(results, os.path.join(ROOT, "docs", "Zoo.md"))


if __name__ == "__main__":
    main()
