"""Whole emitted CUDA programs on the stand-in device (test/standin): every precision, mesh and
transport, and everything that a step can have, against the CPU target's program of one rank.

    standin_matrix.py SOURCE BUILD [--quick | --list | PATTERN…]

A program of each case goes on from a checkpoint that the CPU's program has saved, and the CPU's goes
on from what it saves; compared are the losses and the optimizer's slots, which are its gradients.
Patterns choose cases by parts of their names; --quick takes those that every run of the tests has.
Prints each case's deviations and the largest of every precision. The tools are taken from PATH.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import kinks  # noqa: E402
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402
from narrow import narrow  # noqa: E402

STEPS, BATCH, IMAGE, SEQUENCE, VOCABULARY = 3, 24, 8, 8, 61
RATE = "0.001"

GPT2 = f"gpt2 --batch {BATCH} --seq {SEQUENCE} --positions {SEQUENCE} --layers 2 --width 32 " \
    f"--heads 4 --vocab {VOCABULARY} --padded-vocab 8 --clip 0.5 --epsilon 1e-6"
RESNET = f"resnet18 --cifar --batch {BATCH} --image {IMAGE}"
RESNET50 = f"resnet50 --batch {BATCH} --image 32 --classes 10"

# Of losses, of all slots together, and of the slots of any one parameter, each relative; the last to
# a hundredth of the largest one's norm where its own is less: a key's bias has a gradient of
# rounding alone.
TOLERANCES = {"f32": (1e-5, 1e-3, 1e-2), "tf32": (1e-3, 2e-2, 0.1), "bf16": (1e-2, 0.1, 0.5),
              "fp16": (2e-3, 2e-2, 0.1)}
FLOOR = 1e-2
SLOTS = (".momentum", ".exp_avg")


@dataclasses.dataclass
class Case:
    """`compile` and `options` are the CUDA program's own; `both` are compiler options of both. `plan` is
    what plans_gpt2.py or plans.py split, for the solver splits nothing of networks so small."""
    name: str
    network: str
    mesh: str = "1"
    precision: str = "f32"
    plan: tuple = ()
    compile: tuple = ()
    both: tuple = ()
    options: tuple = ()
    seed: int = 1
    quick: bool = False
    arena: float = 0  # see Programs.compile; 0 for no budget
    check: str = "compare"


def cases():
    # Every precision, with a captured step.
    for name, network in ("gpt2", GPT2), ("resnet18", RESNET), ("resnet50", RESNET50):
        for seed, precision in enumerate(TOLERANCES, start=1):
            yield Case(f"{name} {precision}", network, precision=precision, seed=seed,
                       quick=(name, precision) == ("resnet18", "fp16"))

    # Meshes, and what each axis splits, over NCCL and over MPI.
    for seed, (network, mesh, precision, comm, *plan) in enumerate((
            (GPT2, "3", "f32", "nccl", "batch"),
            (GPT2, "3", "fp16", "mpi", "batch"),
            (GPT2, "2x2", "f32", "nccl", "batch", "heads"),
            (GPT2, "2x2", "bf16", "nccl", "batch", "heads"),
            (GPT2, "2x2", "fp16", "nccl", "batch", "heads"),
            (GPT2, "2x2", "tf32", "mpi", "vocabulary", "sequence"),
            (GPT2, "2x4", "f32", "nccl", "batch", "heads"),
            (GPT2, "2x4", "bf16", "mpi", "sequence", "batch"),
            (RESNET, "3", "f32", "nccl", "batch"),
            (RESNET, "2x2", "f32", "nccl", "batch"),
            (RESNET, "2x2", "bf16", "nccl", "both"),
            (RESNET, "2x2", "fp16", "mpi", "out"),
            (RESNET, "2x2", "f32", "mpi", "in"),
            (RESNET, "2x4", "f32", "nccl", "both"),
            (RESNET, "2x4", "fp16", "nccl", "batch")), start=1):
        name = " ".join([network.split()[0], mesh, precision, comm, *plan])
        yield Case(name, network, mesh=mesh, precision=precision, seed=seed, plan=tuple(plan),
                   options=("--comm", comm))

    # What a step can have.
    batches = "--micro-batches", "2"
    for number, (name, network, others) in enumerate((
            ("dropout", GPT2 + " --dropout 0.1", {}),
            ("micro-batches", GPT2, {"both": batches}),
            ("dropout in micro-batches", GPT2 + " --dropout 0.1", {"both": batches}),
            ("recomputation", GPT2 + " --dropout 0.1", {"arena": 0.5}),
            ("deterministic", GPT2, {"compile": ("--deterministic",)}),
            ("call by call", GPT2, {"options": ("--no-graph",)}),
            ("micro-batches", RESNET, {"both": batches}),
            ("recomputation", RESNET, {"arena": 0.5}),
            ("small buckets", RESNET, {"compile": ("--bucket", "16KiB")}),
            ("call by call", RESNET, {"options": ("--no-graph",)}),
            ("evaluation", GPT2, {"check": "evaluate"}),
            ("evaluation", RESNET, {"check": "evaluate"}))):
        for mesh, precision in ("2x2", "f32"), (("1", "bf16"), ("2", "fp16"))[number % 2]:
            plan = () if mesh == "1" else ("batch", "heads") if network.startswith("gpt2") and \
                mesh == "2x2" else ("batch",)
            title = f"{network.split()[0]} {name} {mesh} {precision}"
            yield Case(title, network, mesh=mesh, precision=precision, plan=plan, seed=7, **others,
                       quick=title == "gpt2 micro-batches 2 fp16")
    for precision, comm in ("f32", "nccl"), ("fp16", "nccl"), ("fp16", "mpi"):
        yield Case(f"overflow on one rank {precision} {comm}", "steep", mesh="2", precision=precision,
                   options=("--comm", comm), check="overflow", quick=(precision, comm) == ("fp16", "nccl"))


def ranks_of(mesh):
    return int(numpy.prod([int(size) for size in mesh.split("x")]))


class Programs:
    """Compiled in `folder`, each once."""

    def __init__(self, source, build, folder):
        self.source, self.folder = source, folder
        self.libraries = f"{build}/test/standin/autopar-standin.cmake"
        self.made = {}
        random = numpy.random.default_rng(1)
        tokens = random.integers(VOCABULARY, size=(4, BATCH, SEQUENCE + 1)).astype(numpy.int32)
        safetensors.save(f"{folder}/gpt2.batch", {"tokens": tokens[:, :, :-1], "labels": tokens[:, :, 1:]})
        for image in (IMAGE, 32):
            safetensors.save(f"{folder}/{image}.batch", {
                "images": random.standard_normal((4, BATCH, image, image, 3)).astype(numpy.float32),
                "labels": random.integers(10, size=(4, BATCH)).astype(numpy.int32)})
        images = random.standard_normal((8, 4, 4, 3)).astype(numpy.float32)
        images[:4] = 0
        safetensors.save(f"{folder}/steep.batch", {"images": images,
                                                   "labels": numpy.arange(8, dtype=numpy.int32)})

    def batch(self, network):
        kind = "gpt2" if network.startswith("gpt2") else "32" if network.startswith("resnet50") else IMAGE
        return f"{kind}.batch"

    def once(self, kind, key, make):
        """The name of what `make` leaves under a name that it is given."""
        if (kind, key) not in self.made:
            name = f"{kind}-{len(self.made)}"
            make(name)
            self.made[kind, key] = name
        return self.made[kind, key]

    def model(self, network):
        def make(name):
            text = STEEP if network == "steep" else \
                run("autopar-model", *network.split(), cwd=self.folder).stdout
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(narrow(text) if network.startswith("resnet") else text)
        return self.once("model", network, make)

    def compile(self, target, network, *options, arena=0):
        """Returns a program's folder. `arena`: a share of the way from the least arena to the one that is
        taken without a budget; something must be computed again for it."""
        def make(name):
            run("autopar-compile", self.model(network), "--target", target, "--time-limit", "2",
                "--quiet", "--report", f"{name}.json", "-o", name, *options, cwd=self.folder,
                timeout=300)
        program = self.once(target, (network, options), make)
        if not arena:
            return program
        # Much of so small an arena is a library's workspace, which no recomputation makes less.
        whole = self.report(program)["memory"]["arena_bytes"]
        budget = int((1 - arena) * self.least(target, network, *options) + arena * whole)
        program = self.compile(target, network, *options, "--arena-budget", f"{budget}B")
        report = self.report(program)
        if report["memory"]["arena_bytes"] > budget or not report.get("recomputation"):
            raise Wrong(f"nothing is computed again for an arena of {budget} bytes")
        return program

    def least(self, target, network, *options):
        """The arena with which there is a plan at all."""
        done = subprocess.run(["autopar-compile", self.model(network), "--target", target, "--time-limit",
                               "2", "--plan-only", "--arena-budget", "1B", *options], cwd=self.folder,
                              capture_output=True, text=True, timeout=300)
        refused = re.search(r"the least peak found is ([0-9.]+) (\w+)", done.stderr)
        if not refused:
            raise Wrong(f"an arena of one byte is not refused: {done.stderr}")
        return float(refused[1]) * {"B": 1, "KiB": 2**10, "MiB": 2**20}[refused[2]]

    def plan(self, case):
        """The file of a plan that splits what the case says."""
        def make(name):
            if case.plan == ("rows",):
                text = json.dumps({"mesh": case.mesh, "functions": {"step": {"y": "S0R = S0R x RR"}}})
            else:
                script = "plans_gpt2.py" if case.network.startswith("gpt2") else "plans.py"
                text = run("/usr/bin/python3", f"{self.source}/test/integration/{script}",
                           self.model(case.network), case.mesh, *case.plan, cwd=self.folder).stdout
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(text)
        return self.once("plan", (case.network, case.mesh, case.plan), make)

    def data(self, gpt2):
        """A folder of data, for training and for evaluation."""
        def make(name):
            os.mkdir(f"{self.folder}/{name}")
            random = numpy.random.default_rng(2)
            for kind in ("train", "val") if gpt2 else ("data_batch_1", "test_batch"):
                with open(f"{self.folder}/{name}/{kind}.bin", "wb") as file:
                    if gpt2:
                        count = 40 * BATCH * SEQUENCE
                        file.write(numpy.array([20240520, 1, count] + 253 * [0], "<i4").tobytes())
                        file.write(random.integers(VOCABULARY, size=count).astype("<u2").tobytes())
                    else:
                        records = random.integers(256, size=(2 * BATCH, 3073)).astype(numpy.uint8)
                        records[:, 0] %= 10
                        file.write(records.tobytes())
        return self.once("data", gpt2, make)

    def report(self, program):
        with open(f"{self.folder}/{program}.json") as file:
            return json.load(file)

    def lines(self, log):
        with open(f"{self.folder}/{log}") as file:
            return [json.loads(line) for line in file]

    def train_cpu(self, program, *options, steps, log="cpu.jsonl"):
        """Returns the log's lines."""
        with contextlib.suppress(FileNotFoundError):  # or else a run that is resumed goes on in it
            os.remove(f"{self.folder}/{log}")
        run(f"{program}/train_rank", "--steps", str(steps), "--log", log, *options,
            cwd=self.folder, env=ENVIRONMENT, timeout=300)
        return self.lines(log)

    def train_standin(self, program, case, *options, steps):
        """Returns the log's lines. All are built in one folder, which is configured once."""
        run(f"{self.source}/scripts/standin-run.sh", program, "-n", str(ranks_of(case.mesh)), "--seed",
            str(case.seed), "--build", "standin", "--libraries", self.libraries, "--", "--steps", str(steps), "--log",
            "standin.jsonl", *options, *case.options, cwd=self.folder, env=ENVIRONMENT, timeout=560)
        return self.lines("standin.jsonl")

    def reference(self, network, both):
        """(where it starts, its losses, where it ends, the next loss) of the CPU's program of one rank."""
        def make(name):
            program = self.compile("cpu", network, *both)
            data = ("--fixed-batch", self.batch(network), "--lr", RATE)
            self.train_cpu(program, *data[:2], "--lr", "1e-30", "--save", f"{name}.start", steps=1)
            kinks.clear(f"{self.folder}/{name}.start")
            self.train_cpu(program, *data, "--init", f"{name}.start", "--save", f"{name}.end",
                           steps=STEPS, log=f"{name}.log")
            self.train_cpu(program, *data, "--resume", f"{name}.end", steps=STEPS + 1, log=f"{name}.next")
        name = self.once("reference", (network, both), make)
        return f"{name}.start", losses_of(self.lines(f"{name}.log")), f"{name}.end", \
            losses_of(self.lines(f"{name}.next"))


class Wrong(Exception):
    """What a case has found, in one line."""


def losses_of(lines):
    return [line["loss"] for line in lines if "loss" in line]


def of_losses(found, wanted):
    if len(found) != len(wanted):
        raise Wrong(f"{len(found)} losses, not {len(wanted)}")
    return max(abs(a - b) / abs(b) if numpy.isfinite(a) else numpy.inf
               for a, b in zip(found, wanted))


def of_slots(found, wanted):
    """(of all together, of the worst one, whose that is): norms of differences over norms."""
    norms = {name: numpy.linalg.norm(value) for name, value in wanted.items()
             if name.endswith(SLOTS)}
    if not norms or any(found[name].shape != wanted[name].shape for name in norms):
        raise Wrong("the checkpoints have no slots, or others")
    floor = FLOOR * max(norms.values())
    apart = {name: numpy.linalg.norm(found[name].astype(float) - wanted[name]) for name in norms}
    apart = {name: value if numpy.isfinite(value) else numpy.inf for name, value in apart.items()}
    worst = max(apart, key=lambda name: apart[name] / max(norms[name], floor))
    together = numpy.linalg.norm([*apart.values()]) / numpy.linalg.norm([*norms.values()])
    return together, apart[worst] / max(norms[worst], floor), worst


def compile_cuda(programs, case):
    """Returns the program's folder, beside which is its report."""
    options = ["--mesh", case.mesh, "--precision", case.precision, "--no-build", *case.both,
               *case.compile]
    if case.precision == "fp16":
        options += "--loss-scale", "65536" if case.check == "overflow" else "1024"
    if case.plan:
        options += "--plan-in", programs.plan(case)
    return programs.compile("cuda", case.network, *options, arena=case.arena)


def compare(programs, case):
    """A run from the CPU's checkpoint, and the CPU's from what it saves."""
    start, wanted, end, following = programs.reference(case.network, case.both)
    program = compile_cuda(programs, case)
    data = ("--fixed-batch", programs.batch(case.network), "--lr", RATE)
    lines = programs.train_standin(program, case, *data, "--init", start, "--save", "standin.end",
                                   steps=STEPS)
    if any(line.get("skipped_steps") for line in lines):
        raise Wrong("steps were skipped, and the CPU skips none")
    slots, worst, whose = of_slots(safetensors.load(f"{programs.folder}/standin.end")[0],
                                   safetensors.load(f"{programs.folder}/{end}")[0])
    cpu = programs.compile("cpu", case.network, *case.both)
    back = programs.train_cpu(cpu, *data, "--resume", "standin.end", steps=STEPS + 1)
    losses = max(of_losses(losses_of(lines), wanted), of_losses(losses_of(back), following))
    return (losses, slots, worst), whose


def evaluate(programs, case):
    """Data as files, changed at random where they are images, and evaluations among the steps."""
    gpt2 = case.network.startswith("gpt2")
    data = ["--data", programs.data(gpt2), "--eval-every", "2", "--lr", RATE,
            *(["--eval-batches", "2"] if gpt2 else ["--augment"])]
    cpu = programs.compile("cpu", case.network)
    wanted = programs.train_cpu(cpu, *data, steps=STEPS)
    found = programs.train_standin(compile_cuda(programs, case), case, *data, steps=STEPS)
    evaluations = [[line["test_loss"] for line in lines if "test_loss" in line]
                   for lines in (found, wanted)]
    if len(evaluations[1]) < 2:
        raise Wrong("the CPU's program has not evaluated twice")
    return (max(of_losses(losses_of(found), losses_of(wanted)), of_losses(*evaluations)), 0, 0), ""


# Logits are thousands. The first rank's images are 0, and so are its gradients.
STEEP = """
module @steep attributes {graph.optimizer = #graph.sgd<learning_rate = 1.0e-6, momentum = 0.9>} {
  func.func @model(%images: tensor<8x4x4x3xf32> {graph.input = "images"},
                   %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<10x48xf32> = #graph.normal<1.0>
    %x = graph.flatten %images : (tensor<8x4x4x3xf32>) -> tensor<8x48xf32> loc("x")
    %y = graph.linear %x, %w : (tensor<8x48xf32>, tensor<10x48xf32>) -> tensor<8x10xf32> loc("y")
    %logits = graph.scale %y {factor = 1.0e+3} : (tensor<8x10xf32>) -> tensor<8x10xf32> loc("logits")
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
"""


def overflow(programs, case):
    """Where one rank's gradients are not finite no rank makes the step: after so many skipped steps the
    losses are those of a program that skips none."""
    steps, data = 20, ("--fixed-batch", "steep.batch")
    both = [] if case.precision == "fp16" else ["--loss-scale", str(2.0**127)]
    cpu = programs.compile("cpu", case.network)
    plain = losses_of(programs.train_cpu(cpu, *data, steps=steps))
    case = dataclasses.replace(case, compile=(*case.compile, *both), plan=("rows",))
    lines = programs.train_standin(compile_cuda(programs, case), case, *data, steps=steps)
    losses = losses_of(lines)
    skipped = [line for line in lines if "loss" in line][-1]["skipped_steps"]
    if not 2 <= skipped <= 15 or len(set(losses[:skipped + 1])) != 1:
        raise Wrong(f"{skipped} steps were skipped, with the losses {losses}")
    return (of_losses(losses[skipped:], plain[:steps - skipped]), 0, 0), f"{skipped} skipped"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("build")
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    chosen = [case for case in cases() if (case.quick or not options.quick) and
              (not options.patterns or any(part in case.name for part in options.patterns))]
    if options.list:
        print(*(case.name for case in chosen), sep="\n")
        return
    largest, failed = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(options.source, options.build, folder)
        for case in chosen:
            begin = time.monotonic()
            try:
                seen, remark = globals()[case.check](programs, case)
            except (SystemExit, Wrong) as error:
                print(f"{case.name:44} FAILED: {str(error)[-3000:]}", end="")
                failed += 1
            else:
                wrong = any(value > allowed
                            for value, allowed in zip(seen, TOLERANCES[case.precision]))
                failed += wrong
                print(f"{case.name:44} losses {seen[0]:.1e}  slots {seen[1]:.1e}, at worst "
                      f"{seen[2]:.1e} {remark}{'  TOO MUCH' if wrong else ''}", end="")
                before = largest.get(case.precision, seen)
                largest[case.precision] = [max(pair) for pair in zip(before, seen)]
            print(f"  ({time.monotonic() - begin:.1f} s)", flush=True)
    for precision, seen in largest.items():
        print(f"largest of {precision}:", "; ".join(
            f"{what} {value:.1e} of {allowed:g}" for what, value, allowed in
            zip(("losses", "slots", "the worst slot"), seen, TOLERANCES[precision])))
    print(f"{len(chosen)} cases, {failed} failed")
    if failed or not chosen:
        sys.exit(1)


if __name__ == "__main__":
    main()
