"""The first three minutes on a GPU: does each library answer, does each call compute what it should, and
do whole programs learn what the CPU's do. What would explain a later failure comes before it."""

import json
import os

import kinks
import samples
from commands import Failed

# Of losses, and of all gradients together, relative to the CPU's in f32: rounding, of sums in another
# order for f32, of 8 and 11 bits for the others.
BARS = {"f32": (1e-4, 1e-2), "tf32": (1e-3, 2e-2), "bf16": (2e-2, 0.1), "fp16": (5e-3, 2e-2)}


def run(check):
    check.part("first calls", first_calls, check)
    for name, tests in SUITE:
        check.part(name, conformance, check, name, tests)
    losses = check.programs.of_part("losses")
    for program in losses:
        for graph in (False, True):
            check.part(f"{program.name}, {'with the graph' if graph else 'call by call'}", learns,
                       check, program, graph)
    for program in check.programs.of_part("memory"):
        if program.facts.get("first") == "yes":
            check.part(f"memory: {program.name}", memory, check, program)
    check.part("all calls", conformance, check, "all calls", "*")


def first_calls(check):
    """A row for every call, as soon as it has returned."""
    statuses = []

    def tell(line):
        name, colon, status = line.partition(": ")
        if colon and status[:1].isdigit() and "ms" in status:
            statuses.append(status.startswith("0 "))
            if not statuses[-1]:
                check.results.row(f"first calls: {name}", status, "0", False)
        else:
            check.results.row("first calls", line)

    check.programs.run("first-calls", seconds=45, tell=tell)
    return f"{len(statuses)} statuses, all of success", "0 each", bool(statuses) and all(statuses)


# Names of conformance tests, which take a GPU some seconds.
SUITE = [("one convolution", "Conv2d.pointwise:Conv2d.threeByThree:SixteenBits/*.convolution"),
         ("one attention", "*RandomAttention*/0:SixteenBits/*.attention")]


def conformance(check, name, tests):
    """A row for every test that fails, as soon as it has."""
    failed = []

    def tell(line):
        if line.startswith("[  FAILED  ]") and "ms)" in line:
            failed.append(line.split()[3].rstrip(","))
            check.results.row(f"{name}: {failed[-1]}", "fails", "passes", False)

    tests = check.facts.get(name.replace(" ", "-"), tests)
    text = check.programs.run("conformance", f"--gtest_filter={tests}", "--gtest_brief=1", seconds=100,
                              tell=tell)
    passed = [line for line in text.splitlines() if "PASSED" in line]
    if not passed:
        raise Failed("nothing says what passed", text)
    count = passed[-1].replace("[  PASSED  ]", "").strip(" .")
    return f"{count} passed", "all, and more than none", not failed and not count.startswith("0 ")


def start_of(check, program, *data, launcher=()):
    """The checkpoint that the CPU's program began with: initial values are the same everywhere, so any of
    its kind can make it."""
    start = f"{check.work}/{program.facts['against']}.start"
    if not os.path.exists(start):
        part = f"{start}.part"
        check.programs.train(program, 1, 60, *data, "--lr", "1e-30", "--save", part, launcher=launcher)
        kinks.clear(part)
        os.rename(part, start)
    return start


def learns(check, program, graph):
    """Its first losses, and its gradients after the last of them, beside the CPU's."""
    steps = "4" if graph else "1"
    folder = f"{check.folder}/expected/{program.facts['against']}"
    with open(f"{folder}.json") as file:
        expected = json.load(file)
    wanted, gradients = expected[steps]["losses"], expected[steps]["slots"]
    saved, data = f"{check.work}/saved", ("--fixed-batch", f"{folder}.batch")
    lines = check.programs.train(
        program, int(steps), 60, *data, "--init", start_of(check, program, *data), "--lr",
        expected["rate"], "--save", saved, *([] if graph else ["--no-graph"]))
    found = [line["loss"] for line in lines if "loss" in line]
    if len(found) != len(wanted):
        raise Failed(f"{len(found)} losses, not {len(wanted)}")
    losses = max(abs(a - b) / abs(b) if a == a else float("inf") for a, b in zip(found, wanted))
    together, worst, name = samples.deviation(samples.read(saved), gradients)
    bars = BARS[program.precision]
    return f"{len(wanted)} losses within {losses:.2g} of the CPU's, gradients {together:.2g}, at " \
        f"worst {worst:.2g} ({name})", f"{bars[0]:g}, {bars[1]:g}", \
        losses <= bars[0] and together <= bars[1]


def memory(check, program):
    """What the driver counts at the peak, beside the plan and the budget."""
    last = check.programs.train(program, 4, 60, *check.programs.batch(program))[-1]
    figure = {key: f"{value / 1e6:.0f} MB" for key, value in last.items() if key.endswith("_bytes")}
    return f"planned {figure['arena_bytes']} + {figure['reserve_bytes']} reserved; measured " \
        f"{figure['process_peak_bytes']}, {figure['process_beside_arena_bytes']} of it beside " \
        f"the arena ({last['process_account']})", figure["budget_bytes"], \
        last["process_peak_bytes"] <= last["budget_bytes"]
