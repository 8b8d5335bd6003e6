"""Holds a sweep's files against each other and against what a sweep promises.

    check_sweep.py FOLDER ROWS
"""

import csv
import json
import pathlib
import sys

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
sweep = json.loads((folder / "sweep.json").read_text())
rows = sweep["rows"]
with open(folder / "sweep.csv", newline="") as file:
    lines = list(csv.DictReader(file))

assert len(rows) == len(lines) == count, (len(rows), len(lines))
for row, line in zip(rows, lines):
    assert {key: value for key, value in line.items() if value} == {
        key: line[key] for key in row}, (row, line)
    for key, value in row.items():
        assert isinstance(value, str) or float(line[key]) == value, (key, line[key], value)

feasible = [row for row in rows if row["feasible"] == "yes"]
assert feasible, "no budget is feasible"
for row in feasible:
    assert row["predicted_peak_bytes"] <= row["budget_bytes"], row
    assert row["predicted_peak_bytes"] >= row["least_feasible_bytes"], row
budgets = [row["budget_bytes"] for row in rows]
assert budgets == sorted(budgets), budgets
seconds = [row["predicted_step_seconds"] for row in feasible]
assert seconds == sorted(seconds, reverse=True), seconds
