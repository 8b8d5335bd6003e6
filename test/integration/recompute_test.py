"""A program that computes activations again equals the one that keeps them, bit for bit.

    recompute_test.py --ranks 4 --mesh 2x2 --shares 0.85,0.7 MODEL [option of autopar-model…]

Compiles the model without a budget, and with the same sharding under budgets that are these shares
of its arena; trains each on four ranks. Losses, and every variable after the last step (so every
gradient of it), must have the same bits, what is touched of the arena must be within the plan, and
the process within the budget, of which the report states the arena's part and the reserve. The tools are
taken from PATH.
"""

import argparse
import json
import os
import sys
import tempfile

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402


class Trial:
    """One program: what its report and its log say."""

    def __init__(self, folder, options, name, *budget):
        run("autopar-compile", "model.mlir", "--mesh", options.mesh, "--target", "cpu",
            "--time-limit", "5", "--report", f"{name}.json", "-o", name, *budget, cwd=folder)
        run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(options.ranks),
            f"./{name}/train_rank", "--data", "synthetic", "--steps", "3", "--lr", "0.01",
            "--verify", "--log", f"{name}.jsonl", "--save", f"{name}.safetensors",
            cwd=folder, env=ENVIRONMENT)
        with open(f"{folder}/{name}.json") as file:
            self.report = json.load(file)
        with open(f"{folder}/{name}.jsonl") as file:
            *steps, self.end = [json.loads(line) for line in file]
        self.losses = [step["loss"] for step in steps if "loss" in step]
        self.variables = safetensors.load(f"{folder}/{name}.safetensors")[0]
        self.arena = self.report["memory"]["arena_bytes"]

    def step_seconds(self):
        return self.report["step_seconds"]["total"]


def check(condition, what):
    if not condition:
        sys.exit(f"error: {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ranks", type=int, default=4)
    parser.add_argument("--mesh", default="2x2")
    parser.add_argument("--shares", required=True,
                        type=lambda text: [float(share) for share in text.split(",")])
    parser.add_argument("model", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run("autopar-model", *options.model, "-o", f"{folder}/model.mlir")
        free = Trial(folder, options, "free", "--plan-out", "plan.json")
        for share in options.shares:
            budget = int(free.arena * share)
            tight = Trial(folder, options, "tight", "--plan-in", "plan.json",
                          "--arena-budget", f"{budget}B")
            check(tight.arena <= budget, f"an arena of {tight.arena} for a budget of {budget}")
            check(tight.step_seconds() > free.step_seconds(), "nothing was computed again")
            check(tight.losses == free.losses, f"losses {tight.losses} and {free.losses} differ")
            check(tight.variables.keys() == free.variables.keys(), "the variables are others")
            for name, value in free.variables.items():
                check(numpy.array_equal(tight.variables[name], value),
                      f"{name} differs after the last step")
            for trial in (free, tight):
                touched, process = trial.end["touched_end"], trial.end["process_peak_bytes"]
                check(touched <= trial.arena, f"byte {touched} is touched in an arena of {trial.arena}")
                check(process <= trial.report["budget_bytes"],
                      f"a process of {process} bytes for a budget of {trial.report['budget_bytes']}")
                beside, reserve = trial.end["process_beside_arena_bytes"], trial.report["reserve_bytes"]
                check(beside <= reserve, f"{beside} bytes beside the arena; {reserve} are reserved")
            print(f"budget {budget / 2**20:.2f} MiB ({share:.0%}): arena {tight.arena / 2**20:.2f} MiB, "
                  f"step {tight.step_seconds() / free.step_seconds():.3f} times as long by prediction; "
                  f"{tight.end['process_beside_arena_bytes'] / 2**20:.1f} MiB beside the arena; same bits")


if __name__ == "__main__":
    main()
