#!/usr/bin/python3
"""What gpu-check.sh run does: every part within its time, its verdict a row of the results. Exit code 0
when nothing failed that could run."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import first_light
import places
import rest
import speed
from commands import Commands, Failed, Skipped
from programs import Programs
from results import Results
from toolchain import Toolchain

# Each act's seconds unless --limit says others.
ACTS = {"first-light": (first_light.run, 175), "speed": (speed.run, 475), "rest": (rest.run, 570)}


class Check:
    def __init__(self, folder, work, output, results, seconds):
        self.folder, self.work, self.output, self.results = folder, work, output, results
        self.facts = facts_of(folder)
        self.step_seconds = {}
        self.commands = Commands(seconds, f"{output}/logs.txt", {"LD_LIBRARY_PATH": search_path()},
                                 float(self.facts.get("patience", 1)))
        self.programs = Programs(folder, work, self.commands)

    def part(self, name, body, *arguments):
        """One row: `body` returns (what was seen, the bar, whether it holds). Whether it came so far."""
        try:
            seen, bar, holds = body(*arguments)
        except Skipped as reason:
            self.results.row(name, str(reason), verdict="not run")
        except Failed as why:
            self.results.row(name, str(why), holds=False)
        except Exception as error:  # whatever a part does wrong is its own row's matter
            self.results.row(name, " ".join(repr(error).split())[:300], holds=False)
        else:
            self.results.row(name, seen, bar, holds)
            return True
        return False

    def build(self, names):
        """Has these programs built on this machine, in place of what was carried."""
        folder = f"{self.work}/toolchain"
        os.makedirs(folder)
        self.programs.build(Toolchain(self.folder, folder, self.commands), names)

    def build_all(self):
        self.build(list(self.programs.all))
        toolchain = self.programs.toolchain
        suite, flags = toolchain.conformance_sources()
        self.programs.objects |= {
            "conformance": toolchain.start(suite, *flags),
            "first-calls": toolchain.start([f"{self.folder}/gpu-check/FirstCalls.cpp"]),
            "probe": toolchain.start([f"{self.folder}/gpu-check/Probe.cu"])}
        return "compiles in the background", "", None

    def libraries(self):
        """A row for every library that the carried programs need."""
        try:
            with open(f"{self.folder}/built/libraries") as file:
                names = file.read().split()
        except FileNotFoundError:
            names = []
        for name in names:
            found = places.libraries(name)
            self.results.row(f"library {name}", found[0] if found else
                             f"not found in {', '.join(places.homes())}; install it, or set "
                             f"LD_LIBRARY_PATH", holds=None if found else False)


def search_path():
    """Where programs, and the libraries that they load, look for libraries: those folders that have one of
    them."""
    folders = [folder for pattern in ("libcudnn*.so*", "libcublas*.so*", "libnccl.so*", "libnvrtc*.so*")
               for folder in map(os.path.dirname, places.libraries(pattern))]
    named = [os.environ["LD_LIBRARY_PATH"]] if os.environ.get("LD_LIBRARY_PATH") else []
    return ":".join(named + list(dict.fromkeys(folders)))


def facts_of(folder):
    with open(f"{folder}/facts") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def device(facts):
    """Name, driver and memory of the GPU; None where there is none."""
    if "device" in facts:
        return facts["device"]
    smi = shutil.which("nvidia-smi")
    if not smi:
        return None
    done = subprocess.run([smi, "--query-gpu=name,driver_version,memory.total",
                           "--format=csv,noheader"], text=True, capture_output=True, timeout=30)
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def arguments():
    parser = argparse.ArgumentParser(prog="gpu-check.sh run", allow_abbrev=False)
    for act, (_, seconds) in ACTS.items():
        parser.add_argument(f"--{act}", dest="acts", action="append_const", const=act,
                            help=f"this act, at most {seconds} s; all in turn where none is named")
    parser.add_argument("--limit", type=float, metavar="SECONDS", help="for all acts together")
    parser.add_argument("--build", action="store_true",
                        help="build the programs here, in place of those that were carried")
    parser.add_argument("folder", help=argparse.SUPPRESS)
    parser.add_argument("output", nargs="?")
    return parser.parse_intermixed_args()


def main():
    options = arguments()
    folder = os.path.abspath(options.folder)
    output = os.path.abspath(options.output or f"{folder}/results")
    acts = options.acts or list(ACTS)
    facts = facts_of(folder)
    found = device(facts)
    if not found:
        sys.exit("error: no GPU here that nvidia-smi can see; run this where there is one")
    heading = f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {found}, commit " \
        f"{facts['commit']}, {' and '.join(acts)}"
    results = Results(output, heading)
    seconds = options.limit or sum(ACTS[act][1] for act in acts)
    with tempfile.TemporaryDirectory(prefix="gpu-check-") as work:
        check = Check(folder, work, output, results, seconds)

        def end(*_):
            check.commands.deadline = 0  # for what compiles in the background too
            sys.exit("error: ended by a signal")

        signal.signal(signal.SIGTERM, end)
        check.libraries()
        if options.build:
            check.part("build", check.build_all)
        whole = check.commands.deadline
        for act in acts:
            if not options.limit:
                check.commands.deadline = min(whole, time.monotonic() + ACTS[act][1])
            ACTS[act][0](check)
    print(f"written: {output}/results.md")
    return int(results.failed())


if __name__ == "__main__":
    sys.exit(main())
