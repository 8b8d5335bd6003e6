"""Holds the JSON report against what was printed: same_figures.py REPORT TERMINAL."""

import json
import re
import sys

with open(sys.argv[1]) as file:
    report = json.load(file)
with open(sys.argv[2]) as file:
    terminal = file.read()


def printed(pattern):
    found = re.search(pattern, terminal)
    assert found, f"the terminal has no {pattern!r}:\n{terminal}"
    return found.groups()


def same(what, number, text, scale=1):
    digits = len(text.partition(".")[2])
    assert f"{number * scale:.{digits}f}" == text, f"{what}: {number * scale} but {text} printed"


seconds, memory, step = report["step_seconds"], report["memory"], report["functions"][0]
total, compute, communication = printed(
    r"step: ([\d.]+) ms predicted; ([\d.]+) ms compute, ([\d.]+) ms communication")
same("step", seconds["total"], total, 1e3)
same("compute", seconds["compute"], compute, 1e3)
same("communication", seconds["communication"], communication, 1e3)
same("arena", memory["arena_bytes"], *printed(r"arena .* \((\d+) bytes\)"))
same("objective", step["objective_seconds"], *printed(r"objective ([\d.]+) ms"), 1e3)

# And the report is consistent in itself: sums are sums of their parts.
operations = report["operations"]
assert abs(sum(op["seconds"] for op in operations)
           - seconds["hidden"] - seconds["total"]) < 1e-9
assert all(0 <= op["begin"] <= seconds["total"] - op["seconds"] + 1e-6 for op in operations)
assert abs(sum(op["seconds"] for op in operations if "axes" in op)
           - seconds["communication"]) < 1e-9
assert sum(memory["peak_by_kind"].values()) == memory["largest_live_set_bytes"]
[kept] = [attempt for attempt in report["attempts"] if attempt["kept"]]
assert kept["arena_bytes"] == memory["arena_bytes"] <= report["arena_budget_bytes"]
# The live set counts each buffer up to the arena's alignment, the arena ends with its last byte.
ALIGNMENT = 64
assert memory["largest_live_set_bytes"] < memory["arena_bytes"] + ALIGNMENT
assert step["lower_bound_seconds"] <= step["objective_seconds"]
