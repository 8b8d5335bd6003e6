"""Holds a batch-size test's files against what it promises.

    check_batch.py FOLDER BATCH…

The batches are those of the list.
"""

import json
import pathlib
import sys

test = json.loads((pathlib.Path(sys.argv[1]) / "batch.json").read_text())
rows = {row["batch"]: row for row in test["rows"]}
for batch in map(int, sys.argv[2:]):
    assert batch in rows, (batch, sorted(rows))
feasible = [row for row in rows.values() if row["feasible"] == "yes"]
for row in feasible:
    assert row["predicted_peak_bytes"] <= test["arena_budget_bytes"], row
    rate = row["batch"] / row["predicted_step_seconds"]
    assert abs(rate / row["predicted_samples_per_second"] - 1) < 1e-9, row
for row in rows.values():
    assert row["feasible"] == "yes" or row["least_peak_bytes"] > test["arena_budget_bytes"], row
best = max(feasible, key=lambda row: row["predicted_samples_per_second"])
assert best["batch"] == test["best_batch"], (best, test["best_batch"])
