"""What is no matter of first light or of speed: every budget, four ranks on one GPU, which need MPI and so
are built where they run, and compute-sanitizer where it is installed."""

import json
import os
import shutil

import first_light
import places
from commands import Skipped
from programs import mpirun
from toolchain import Toolchain


def run(check):
    four = check.programs.of_part("four-ranks")
    if four and not check.programs.objects and shutil.which("mpicxx") and shutil.which("mpirun"):
        check.part("four ranks: toolchain", build, check, four)
    for program in check.programs.of_part("memory"):
        if program.facts.get("first") != "yes":
            check.part(f"memory: {program.name}", first_light.memory, check, program)
    for program in check.programs.of_part("sanitizer"):
        for tool in ("memcheck", "racecheck"):
            check.part(f"{tool}: {program.name}", sanitizer, check, program, tool)
    for program in four:
        check.part(f"four ranks: {program.name}", four_ranks, check, program)


def build(check, programs):
    check.build([program.name for program in programs])
    return "compiles in the background", "", None


def four_ranks(check, program):
    launcher = mpirun(4)
    if program.name not in check.programs.objects:
        raise Skipped("it could not be built with MPI here")
    folder = f"{check.folder}/expected/{program.facts['against']}"
    with open(f"{folder}.json") as file:
        expected = json.load(file)
    wanted = expected["4"]["losses"]
    data = ("--fixed-batch", f"{folder}.batch", "--comm", "mpi")
    start = first_light.start_of(check, program, *data, launcher=launcher)
    lines = check.programs.train(program, 4, 120, *data, "--init", start, "--lr", expected["rate"],
                                 launcher=launcher)
    found = [line["loss"] for line in lines if "loss" in line]
    worst = max(abs(a - b) / abs(b) for a, b in zip(found, wanted))
    bar = first_light.BARS[program.precision][0]
    return f"{len(found)} losses within {worst:.2g} of the CPU's", f"{bar:g}", \
        len(found) == len(wanted) and worst <= bar


def sanitizer(check, program, tool):
    found = [shutil.which("compute-sanitizer"),
             *(f"{home}/bin/compute-sanitizer" for home in places.homes())]
    path = next((path for path in found if path and os.access(path, os.X_OK)), None)
    if not path:
        raise Skipped("compute-sanitizer is not installed here")
    text = check.commands.run([path, "--tool", tool, "--error-exitcode", "9",
                               check.programs.binary(program.name), *check.programs.batch(program),
                               "--steps", "1", "--no-graph"], 120)
    told = [line for line in text.splitlines() if "SUMMARY" in line]
    return (told[-1].strip("= ") if told else "it says nothing"), "0 errors", bool(told)
