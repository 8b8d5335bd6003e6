"""More memory never makes a step longer, and what a budget leaves unused is explained.

    budgets_test.py --networks mlp,case --budgets 6 [--seed 1] [--time-limit 5] [--mesh 1]

Each network is planned without a budget, then under budgets drawn between the least arena and that
one's, each by a compiler that knows nothing of the others; some budgets lie only 0.1 % apart. Of the
plans, by prediction:

- each arena is within its budget;
- no step is longer than that of a smaller budget (but for the solver's gap, a millionth);
- less than 1 % of the budget is unused, or the plan is proven to be the fastest for its sharding,
  if need be by a compiler that has more time (--proof) for each solve;
- what a plan is said to cost at least no plan of a smaller arena refutes;
- 0.1 % more memory saves no more than a tenth of what recomputation costs, where the plan is proven
  neither here nor there.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile

from commands import run

NETWORKS = {
    "resnet18": "resnet18 --cifar --batch 8",
    "resnet50": "resnet50 --image 64 --batch 4 --classes 10",
    "gpt2": "gpt2 --layers 3 --width 64 --heads 4 --vocab 256 --batch 8 --seq 64 --positions 64",
    "gpt2-small": "gpt2 --layers 3 --width 32 --heads 4 --vocab 100 --batch 4 --seq 32",
}
SAME = 1 + 1e-6   # step times that the solver does not tell apart
UNUSED = 0.01     # of a budget, without a proof that it is of no use
NEXT = 0.001      # of a budget, to a neighbour
JUMP = 0.1        # of what recomputation costs, to a neighbour


def mlp(layers, batch, seed):
    """Linear layers of random widths, some of them with a residual sum."""
    widths = random.Random(seed)
    text = ["module @mlp attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {",
            f'  func.func @model(%x: tensor<{batch}x64xf32> {{graph.input = "images"}},',
            f'                   %labels: tensor<{batch}xi32> {{graph.input = "labels"}})',
            '      -> (tensor<f32> {graph.output = "loss"}) {']
    value, width = "%x", 64
    for layer in range(layers):
        wide = 10 if layer == layers - 1 else widths.choice([32, 64, 64, 128])
        source, matrix = f"tensor<{batch}x{width}xf32>", f"tensor<{batch}x{wide}xf32>"
        weight = f"tensor<{wide}x{width}xf32>"
        text += [f'    %w{layer} = graph.variable parameter "w{layer}" : {weight} = #graph.uniform<0.1>',
                 f'    %l{layer} = graph.linear {value}, %w{layer} : ({source}, {weight}) -> {matrix}'
                 f' loc("l{layer}")']
        value, before, width, was = f"%l{layer}", value, wide, width
        if layer < layers - 1:
            text.append(f'    %r{layer} = graph.relu {value} : ({matrix}) -> {matrix} loc("r{layer}")')
            value = f"%r{layer}"
        if was == width and layer < layers - 1:
            text.append(f'    %a{layer} = graph.add {value}, {before} : ({matrix}, {matrix}) -> {matrix}'
                        f' loc("a{layer}")')
            value = f"%a{layer}"
    return "\n".join(text + [
        f'    %loss = graph.softmax_cross_entropy {value}, %labels {{count = {batch} : i64}}'
        f' : (tensor<{batch}x10xf32>, tensor<{batch}xi32>) -> tensor<f32> loc("loss")',
        "    return %loss : tensor<f32>", "  }", "}", ""])


class Plan:
    """What a report says; no arena where the budget was refused."""

    def __init__(self, folder, options, budget=None, time_limit=None):
        command = ["autopar-compile", "model.mlir", "--target", "cpu", "--mesh", options.mesh,
                   "--time-limit", str(time_limit or options.time_limit), "--plan-only", "--report", "plan.json"]
        if budget:
            command += ["--arena-budget", f"{budget}B"]
        self.budget = budget
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        self.arena = None
        if done.returncode:
            refused = re.search(r"the least peak found is ([0-9.]+) (\w+)", done.stderr)
            if not refused:
                sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
            units = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
            self.least = float(refused[1]) * units[refused[2]]
            return
        if "INF" in done.stdout.upper().split():
            sys.exit(f"an infinite figure under {budget} bytes:\n{done.stdout}")
        with open(f"{folder}/plan.json") as file:
            report = json.load(file)
        self.arena = report["memory"]["arena_bytes"]
        self.seconds = report["step_seconds"]["total"]
        self.compile_seconds = report.get("pass_seconds", 0)
        again = report.get("recomputation") or {"status": "none", "extra_seconds": 0,
                                                "extra_seconds_bound": 0}
        self.extra, self.bound = again["extra_seconds"], again["extra_seconds_bound"]
        self.status = again["status"]

    @property
    def unused(self):
        return 1 - self.arena / self.budget

    @property
    def is_proven(self):
        return self.status in ("optimal", "none")


def budgets_between(least, most, count, chance):
    """Half of them drawn, half of them a little above these."""
    drawn = [chance.uniform(least, most) for _ in range((count + 1) // 2)]
    near = [budget * (1 + NEXT) for budget in drawn]
    return sorted(int(budget) for budget in (drawn + near)[:count])


def faults(plans, ranks):
    for plan in plans:
        if plan.arena > plan.budget:
            yield f"{plan.budget}: an arena of {plan.arena}"
        if plan.unused >= UNUSED and not plan.is_proven:
            yield f"{plan.budget}: {plan.unused:.2%} are unused, and nothing says why"
    for smaller, larger in zip(plans, plans[1:]):
        if larger.seconds > smaller.seconds * SAME:
            yield (f"{larger.budget}: {larger.seconds} s, and {smaller.seconds} s with {smaller.budget}, "
                   f"{larger.seconds / smaller.seconds - 1:.4%} less")
        near = larger.budget < smaller.budget * (1 + 2 * NEXT)
        if (near and smaller.extra - larger.extra > JUMP * smaller.extra
                and not smaller.is_proven):
            yield f"{smaller.budget}: +{smaller.extra} s, and +{larger.extra} s with {larger.budget}"
    for plan in plans if ranks == 1 else []: # elsewhere they may be on other shardings
        for other in plans:
            if plan.bound is not None and other.arena <= plan.budget \
                    and other.extra * SAME + 1e-9 < plan.bound:
                yield (f"{plan.budget}: at least +{plan.bound} s, and +{other.extra} s with an arena of "
                       f"{other.arena}")


def test(name, folder, options):
    with open(f"{folder}/model.mlir", "w") as file:
        if name.startswith("mlp"):
            file.write(mlp(12, 256, options.seed))
    if not name.startswith("mlp"):
        run("autopar-model", *NETWORKS[name].split(), "-o", "model.mlir", cwd=folder)
    whole = Plan(folder, options)
    least = Plan(folder, options, 1).least
    chance = random.Random(f"{options.seed} {name}")
    plans, refused = [], 0
    print(f"{name}, seed {options.seed}: {whole.arena} bytes and {whole.seconds * 1e3:.3f} ms without a "
          f"budget; {least:.0f} bytes at the least")
    for budget in budgets_between(least, whole.arena * 1.02, options.budgets, chance):
        plan = Plan(folder, options, budget)
        if plan.arena is None:
            refused += 1
            if plans:
                sys.exit(f"{budget} bytes are refused and {plans[-1].budget} are not")
            continue
        if plan.unused >= UNUSED and not plan.is_proven:
            longer = Plan(folder, options, budget, options.proof)
            if longer.is_proven and plan.seconds <= longer.seconds * SAME:
                plan.status, plan.bound = longer.status, longer.bound
        plans.append(plan)
        bound = "unknown" if plan.bound is None else f"+{plan.bound * 1e3:.4f} ms"
        print(f"  {budget:12} {plan.arena:12} {plan.unused:8.3%} unused  step {plan.seconds * 1e3:10.4f} ms  "
              f"+{plan.extra * 1e3:.4f} ms, at least {bound}, {plan.status}; {plan.compile_seconds:.2f} s",
              flush=True)
    wrong = list(faults(plans, 1 if options.mesh == "1" else 0))
    for fault in wrong:
        print(f"  wrong: {fault}")
    proven = sum(plan.is_proven for plan in plans)
    print(f"{name}: {len(plans)} plans, {proven} of them proven, {refused} budgets refused, "
          f"{len(wrong)} faults", flush=True)
    if 2 * refused > options.budgets or not any(plan.extra > 0 for plan in plans):
        sys.exit(f"{name}: these budgets test nothing")
    return len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", default="mlp,gpt2,gpt2-small,resnet18,resnet50")
    parser.add_argument("--budgets", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mesh", default="1")
    parser.add_argument("--time-limit", type=float, default=5, help="processor seconds a solve")
    parser.add_argument("--proof", type=float, default=60,
                        help="the same, where it takes that to prove a plan")
    options = parser.parse_args()
    wrong = 0
    for name in options.networks.split(","):
        with tempfile.TemporaryDirectory() as folder:
            wrong += test(name, folder, options)
    if wrong:
        sys.exit(f"{wrong} faults")


if __name__ == "__main__":
    main()
