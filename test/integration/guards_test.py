"""Bad batches, flipped bits, and logs and evaluations of runs that go on.

    guards_test.py FOLDER [--all] [--standin BUILD]

FOLDER has the programs of test/unit/runtime/SoftmaxProgram.cpp: softmax regression by SGD with momentum on
one rank, on four, and with an arena that the host cannot touch and a batch that comes a step ahead. What a
run does without a batch, a run says that never had it: its file has the others alone. A model of two
micro-batches with a scaled loss is compiled; the tools are taken from PATH.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402

STEPS, BAD = 32, 13  # the 13th step's batch is the bad one
MPIRUN = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n"]
RANKS = {"softmax-1x1": 1, "softmax-fed": 1, "softmax-2x2": 4}
# Files with a bad batch, what a run needs that is to see it, and what is said of it then.
KINDS = {"nan": ((), "the loss is "),  # "-nan" on some processors
         "loud": (("--spike", "5"), "the loss is "),
         "steep": (("--lr", "10"), "fc.weight")}  # whose loss is finite, and its update is not
# With such a file, checkpoints every so many steps, and where the run then goes back to.
REWINDS = [("nan", 5, 10), ("nan", 100, 0), ("loud", 6, 12), ("steep", 13, 0)]


class Runs:
    def __init__(self, folder, programs):
        self.folder, self.programs = folder, os.path.abspath(programs)
        random = numpy.random.default_rng(0)
        images = random.standard_normal((STEPS, 32, 4, 4, 3)).astype(numpy.float32)
        labels = random.integers(10, size=(STEPS, 32)).astype(numpy.int32)
        images[:, :, 1, 0, 0] = 0  # so that its weights stay small
        self.batches("good", images, labels)
        for kind, place, value in ("nan", 7, numpy.nan), ("loud", 7, 1e6), ("steep", slice(None), 3e38):
            bad = images.copy()
            bad[BAD - 1, place, 1, 0, 0] = value
            self.batches(kind, bad, labels)
        self.without = [number for number in range(STEPS) if number != BAD - 1]
        self.batches("without", images[self.without], labels[self.without])

    def batches(self, name, images, labels):
        safetensors.save(f"{self.folder}/{name}", {"images": images, "labels": labels})

    def command(self, name, *options, steps=STEPS, data=("--fixed-batch", "nan"), ranks=None):
        ranks = ranks or RANKS.get(name, 4)
        program = f"{self.programs}/{name}" if name.startswith("softmax") else f"./{name}/train_rank"
        return [*([*MPIRUN, str(ranks)] if ranks > 1 else []), program, *data, "--steps", str(steps), *options]

    def run(self, *arguments, code=0, **options):
        done = subprocess.run(self.command(*arguments, **options), cwd=self.folder, env=ENVIRONMENT,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        assert done.returncode == code, (arguments, options, done.returncode, done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def refused(self, *arguments, **options):
        """The one line that tells why; on a busy machine other ranks may repeat it before mpirun ends them."""
        said = self.run(*arguments, code=1, **options)
        errors = {line.split(" of 4: ")[-1] for line in said.splitlines() if line.startswith("error: ")}
        assert len(errors) == 1, said
        return errors.pop()

    def lines(self, log="log"):
        with open(f"{self.folder}/{log}") as file:
            return [json.loads(line) for line in file]

    def losses(self, log="log"):
        return [(line["step"], line["loss"]) for line in self.lines(log) if "loss" in line]

    def tensors(self, file):
        tensors, metadata = safetensors.load(f"{self.folder}/{file}")
        return {name: value.tobytes() for name, value in tensors.items()}, metadata

    def same(self, one, other):
        assert self.tensors(one)[0] == self.tensors(other)[0], (one, other)

    def index(self, folder):
        with open(f"{self.folder}/{folder}/checkpoints.json") as file:
            return [entry["steps"] for entry in json.load(file)["checkpoints"]]

    def forget(self, folder):
        run("rm", "-rf", folder, cwd=self.folder)


def stopped(runs, name):
    runs.forget("c")
    said = runs.refused(name, "--checkpoints", "c", "--save-every", "5", "--save", "never", "--log", "log")
    assert f"step {BAD}: the loss is " in said and "nan; nothing of that is saved; the newest checkpoint is " \
        "c/step-00000010, from which --resume c goes on; a lower --lr, a longer --warmup or --on-nan " \
        "skip may help" in said, said
    assert runs.index("c") == [5, 10] and not os.path.exists(f"{runs.folder}/never")
    assert [step for step, _ in runs.losses()] == list(range(1, BAD))
    # A loss that is finite before variables that are not: nothing of them is saved either.
    said = runs.refused(name, "--lr", "10", "--save", "never", steps=BAD, data=("--fixed-batch", "steep"))
    assert f"step {BAD}: fc.weight is not finite" in said and "; nothing of that is saved" in said, said
    assert not os.path.exists(f"{runs.folder}/never")


def skipped(runs, name, few):
    """What is left of a bad step is nothing."""
    for kind, (needs, fault) in list(KINDS.items())[:1 if few else None]:
        data = {"data": ("--fixed-batch", kind)}
        runs.run(name, *needs, "--save", "oracle", data=("--fixed-batch", "without"), steps=STEPS - 1)
        said = runs.run(name, *needs, "--on-nan", "skip", "--save", "s", "--log", "log", **data)
        runs.same("s", "oracle")
        assert runs.tensors("s")[1]["steps"] == str(STEPS), "a step that is skipped is one"
        told = [line for line in runs.lines() if "skipped" in line]
        assert len(told) == 1 and told[0]["step"] == BAD and told[0]["skipped"].startswith(fault), told
        assert [step for step, _ in runs.losses()] == [step for step in range(1, STEPS + 1) if step != BAD]
        assert {"steps": STEPS, "skipped_bad_steps": 1, "rewinds": 0} in runs.lines()
        assert f"1 of {STEPS} steps were skipped for bad numbers" in said, said
        if few:
            continue
        # Across a stop.
        runs.forget("c")
        command = (name, *needs, "--on-nan", "skip", "--checkpoints", "c", "--resume", "c", "--save", "s")
        runs.run(*command, "--stop-after", str(BAD), **data)
        runs.run(*command, **data)
        runs.same("s", "oracle")
    if few:
        return
    # A loss that is loud is good where nobody asked.
    runs.run(name, "--on-nan", "skip", "--log", "log", data=("--fixed-batch", "loud"))
    assert len(runs.losses()) == STEPS


def skipped_without_end(runs, name):
    images = numpy.full((1, 32, 4, 4, 3), numpy.inf, numpy.float32)
    runs.batches("never", images, numpy.zeros((1, 32), numpy.int32))
    said = runs.refused(name, "--on-nan", "skip", "--log", "log", data=("--fixed-batch", "never"))
    assert "step 11: the loss is " in said and "so it was in the 10 steps before, which were skipped" in said, said
    assert [line["step"] for line in runs.lines()] == list(range(1, 11))


def rewound(runs, name, few):
    """To the newest checkpoint, or to the beginning while there is none, and on behind the bad batch."""
    good = {kind: numpy.array(value) for kind, value in safetensors.load(f"{runs.folder}/good")[0].items()}
    for kind, every, back in REWINDS[:1 if few else None]:
        needs, fault = KINDS[kind]
        read = [*range(back), *range(BAD, STEPS)]
        steps = len(read)
        runs.batches("read", good["images"][read], good["labels"][read])
        runs.run(name, *needs, "--save", "oracle", data=("--fixed-batch", "read"), steps=steps)
        runs.forget("c")
        command = (name, *needs, "--on-nan", "rewind", "--checkpoints", "c", "--save-every", str(every),
                   "--save", "s", "--log", "log")
        where = {"data": ("--fixed-batch", kind), "steps": steps}
        runs.run(*command, **where)
        runs.same("s", "oracle")
        told = [line for line in runs.lines() if "rewound_to" in line]
        assert [(line["step"], line["rewound_to"]) for line in told] == [(BAD, back)], told
        assert told[0]["fault"].startswith(fault), told
        assert sorted(dict(runs.losses())) == list(range(1, steps + 1)), runs.losses()
        metadata = runs.tensors("s")[1]
        assert metadata["steps"] == str(steps)
        assert metadata["samples"] == str(32 * (BAD + steps - back)), metadata
        # Stopped behind that, and gone on: it reads on where it was.
        if back:
            runs.forget("c")
            runs.run(*command, "--stop-after", str(back + 3), **where)
            runs.run(*command, "--resume", "c", **where)
            runs.same("s", "oracle")


def rewound_without_end(runs, name):
    runs.forget("c")
    images = numpy.full((2, 32, 4, 4, 3), numpy.inf, numpy.float32)
    images[0] = 0
    runs.batches("never", images, numpy.zeros((2, 32), numpy.int32))
    said = runs.refused(name, "--on-nan", "rewind", "--checkpoints", "c", "--log", "log",
                        data=("--fixed-batch", "never"))
    assert "the run has gone back 3 times with no new checkpoint between; nothing of that is saved" in said, said
    assert len([line for line in runs.lines() if "rewound_to" in line]) == 3
    # A checkpoint between makes it go on.
    runs.forget("c")
    runs.run(name, "--on-nan", "rewind", "--checkpoints", "c", "--save-every", "1", "--keep", "1", "--log", "log",
             data=("--fixed-batch", "never"), steps=6)
    assert [line["rewound_to"] for line in runs.lines() if "rewound_to" in line] == [1, 2, 3, 4, 5]


def scaled(runs):
    """A step that a loss's scale skips is none, and undone micro-batches leave nothing."""
    import resume_test
    text = resume_test.MODEL.replace("OPTIMIZER", resume_test.OPTIMIZERS["adamw"]).replace("NAME", "scaled")
    text = text.replace("    %d = graph.dropout %x {rate = 0.25} : (tensor<8x12xf32>) -> tensor<8x12xf32>\n", "")
    with open(f"{runs.folder}/scaled.mlir", "w") as file:
        file.write(text.replace("%d", "%x"))
    run("autopar-compile", "scaled.mlir", "--target", "cpu", "--quiet", "--mesh", "2", "--micro-batches", "2",
        "--loss-scale", str(2.0**127), "-o", "scaled", cwd=runs.folder)
    random = numpy.random.default_rng(0)
    images = random.standard_normal((32, 8, 2, 2, 3)).astype(numpy.float32) * 1e3
    labels = random.integers(10, size=(32, 8)).astype(numpy.int32)
    good = images.copy()
    images[21, 3, 0, 0, 0] = numpy.nan  # the 11th step's second batch
    runs.batches("small", images, labels)
    read = [number for number in range(32) if number not in (20, 21)]
    runs.batches("small-without", good[read], labels[read])
    options = {"ranks": 2, "data": ("--fixed-batch", "small")}
    runs.run("scaled", "--on-nan", "skip", "--spike", "50", "--save", "s", "--log", "log", steps=16, **options)
    assert {"steps": 16, "skipped_bad_steps": 1, "rewinds": 0} in runs.lines(), runs.lines()
    overflows = runs.lines()[-3]["skipped_steps"]
    assert overflows > 1, runs.lines()
    runs.run("scaled", "--save", "oracle", ranks=2, steps=15, data=("--fixed-batch", "small-without"))
    runs.same("s", "oracle")


def flipped(runs, few):
    """A bit of one rank is found within as many steps as were asked for, and never saved."""
    data = ("--data", "synthetic")
    whos = {"4x1": "rank 2 has another fc.weight than ranks 0, 1 and 3",
            "2x2": "ranks 0 and 2 do not have the same fc.weight"}
    for mesh, who in whos.items():
        for every in ("4",) if few else ("1", "4", "100"):
            found = {"1": 6, "4": 8}.get(every, 10)  # where the next checkpoint would be
            runs.forget("c")
            said = runs.refused(f"softmax-{mesh}-flip", "--flip-step", "6", "--flip-rank", "2", "--check-replicas",
                                every, "--checkpoints", "c", "--save-every", "5", "--log", "log", data=data)
            assert f"step {found}: {who}" in said, said
            assert "memory or processor has failed, or hosts are of different kinds; nothing of that is saved; " \
                "the newest checkpoint is c/step-00000005" in said, said
            assert ", from which --resume c goes on" in said, said
            assert runs.index("c") == [5]
            assert max(step for step, _ in runs.losses()) == found
    runs.run("softmax-2x2-flip", "--flip-step", "6", "--flip-rank", "2", "--check-replicas", "0", data=data)
    if not few:
        runs.run("softmax-2x2-flip", "--check-replicas", "1", data=data)
    said = runs.refused("softmax-4x1-flip", "--flip-step", "6", "--flip-rank", "2", "--flip-loss", "--on-nan",
                        "skip", data=data)
    assert "step 6: the loss is " in said and "on rank 2 and" in said and "though it is one for all" in said, said


def logs(runs, name):
    """A run that goes on does so in its log, where each step then stands once."""
    data = {"data": ("--fixed-batch", "good")}
    runs.run(name, "--log", "whole", **data)
    whole = runs.losses("whole")
    runs.forget("c")
    command = (name, "--checkpoints", "c", "--resume", "c", "--save-every", "5", "--keep", "9", "--log", "log")
    runs.forget("log")
    runs.run(*command, "--stop-after", "8", **data)
    assert runs.losses() == whole[:8]
    runs.run(*command, **data)
    assert runs.losses() == whole
    # As a kill behind a checkpoint leaves it.
    runs.run(*command[:3], "--resume", "c/step-00000015", *command[5:], "--stop-after", "2", **data)
    assert runs.losses() == whole[:17]
    with open(f"{runs.folder}/log", "a") as file:
        file.write('{"step": 18, "lo')
    runs.run(*command, **data)
    assert runs.losses() == whole
    # Without --resume it is a run of its own.
    runs.run(name, "--log", "log", steps=2, **data)
    assert runs.losses() == whole[:2]
    # A file of somebody else's stays as it is.
    with open(f"{runs.folder}/mine", "w") as file:
        file.write("my notes\n")
    said = runs.refused(name, "--resume", "c", "--log", "mine", **data)
    assert "mine: line 1 is none that --log writes" in said, said
    with open(f"{runs.folder}/mine") as file:
        assert file.read() == "my notes\n"


def evaluations(runs, name):
    """Those of a run that was stopped are those of a run that was not."""
    data, options = ("--data", "synthetic"), ("--eval-every", "1", "--log", "log")

    def evaluated():
        return [(line["step"], line["test_loss"]) for line in runs.lines() if "test_loss" in line]
    runs.forget("c")
    runs.forget("log")
    command = (name, "--checkpoints", "c", "--resume", "c", *options)
    with subprocess.Popen(runs.command(*command, data=data, steps=10**9), cwd=runs.folder, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL) as started:
        deadline = time.monotonic() + 60
        while not os.path.exists(f"{runs.folder}/log") or not os.path.getsize(f"{runs.folder}/log"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        started.send_signal(signal.SIGTERM)
        said, _ = started.communicate(timeout=60)
    assert started.returncode == 0, said
    steps = runs.index("c")[-1]
    before = evaluated()
    assert before[-1][0] == steps - 1, (steps, before)  # the last was left out, to stop soon
    # With nothing left to do it is made up for, and once.
    for _ in range(2):
        said = runs.run(*command, data=data, steps=steps)
        assert f"step {steps} was the last; nothing is left to do\n" in said, said
        assert [step for step, _ in evaluated()] == list(range(1, steps + 1))
    runs.run(*command, data=data, steps=steps + 3)
    after = evaluated()
    runs.run(name, *options, data=data, steps=steps + 3)
    assert after == evaluated()


def timed(runs, name):
    runs.forget("c")
    with subprocess.Popen(runs.command(name, "--checkpoints", "c", "--save-every", "1s", "--keep", "100",
                                       data=("--data", "synthetic"), steps=10**9), cwd=runs.folder,
                          env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL) as started:
        seen = []  # when there were one, two and three
        while len(seen) < 3 and started.poll() is None:
            if os.path.exists(f"{runs.folder}/c/checkpoints.json") and len(runs.index("c")) > len(seen):
                seen.append(time.monotonic())
            time.sleep(0.05)
        started.send_signal(signal.SIGTERM)  # to mpirun, whose exit code is its own
        said, _ = started.communicate(timeout=60)
    assert len(seen) == 3 and seen[2] - seen[0] > 1, (seen, said)


def bad_input(runs, name):
    for text in "0", "0s", "ten", "5m", "-1s", "1.5h":
        said = runs.refused(name, "--checkpoints", "c", "--save-every", text)
        assert f"--save-every takes a number of steps or a time: 500, 90s, 10min, 2h, not {text}" in said, said
    for option, values in ("--spike", ("1", "0.5", "nan", "x", "-3")), ("--on-nan", ("", "halt")), \
            ("--check-replicas", ("-1", "often")):
        for value in values:
            assert f"{option} takes " in runs.refused(name, f"{option}={value}")
    said = runs.refused(name, "--on-nan", "rewind")
    assert "--on-nan rewind needs --checkpoints DIR to go back to" in said, said


def on_device(runs, build):
    """The stand-in device's program, which is a step ahead of its losses: the bits are those without the batch."""
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    run("autopar-compile", f"{source}/test/integration/Inputs/small.mlir", "--mesh", "2", "--target", "cuda",
        "--quiet", "-o", "device", cwd=runs.folder)
    random = numpy.random.default_rng(0)
    images = random.standard_normal((8, 8, 8, 8, 3)).astype(numpy.float32)
    labels = random.integers(10, size=(8, 8)).astype(numpy.int32)
    read = [number for number in range(8) if number != 3]
    runs.batches("seven", images[read], labels[read])
    images[3, 0, 0, 0, 0] = numpy.nan
    runs.batches("eight", images, labels)

    def train(data, steps, save, *options):
        run(f"{source}/scripts/standin-run.sh", "device", "-n", "2", "--libraries",
            f"{build}/test/standin/autopar-standin.cmake", "--", "--fixed-batch", data, "--steps", str(steps),
            "--save", save, "--log", "log", "--check-replicas", "1", *options, cwd=runs.folder, env=ENVIRONMENT)
    train("seven", 7, "oracle")
    train("eight", 8, "s", "--on-nan", "skip")
    assert [line["step"] for line in runs.lines() if "skipped" in line] == [4]
    runs.same("s", "oracle")
    runs.forget("c")
    train("eight", 7, "s", "--on-nan", "rewind", "--checkpoints", "c", "--save-every", "3")
    assert [line["rewound_to"] for line in runs.lines() if "rewound_to" in line] == [3]
    runs.same("s", "oracle")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--all", action="store_true", help="every case on four ranks too")
    parser.add_argument("--standin", metavar="BUILD", help="the build whose stand-in device has its turn too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(folder, arguments.folder)
        for name, ranks in RANKS.items():
            few = ranks > 1 and not arguments.all  # starting ranks takes its time
            stopped(runs, name)
            skipped(runs, name, few)
            rewound(runs, name, few)
        skipped_without_end(runs, "softmax-1x1")
        rewound_without_end(runs, "softmax-fed")
        if arguments.all:
            skipped_without_end(runs, "softmax-2x2")
            rewound_without_end(runs, "softmax-2x2")
        flipped(runs, few=not arguments.all)
        logs(runs, "softmax-1x1")
        evaluations(runs, "softmax-1x1")
        timed(runs, "softmax-2x2")
        bad_input(runs, "softmax-1x1")
        scaled(runs)
        if arguments.standin:
            on_device(runs, os.path.abspath(arguments.standin))


if __name__ == "__main__":
    main()
