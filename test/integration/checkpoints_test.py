"""Checkpoints of a run as it goes on: stopped, killed, resumed, kept, damaged, with no room for them.

    checkpoints_test.py [--kills N]

The linear classifier of resume_test.py, on one rank and on two. Each run that was stopped or killed
is resumed and ends with the variables, slots and losses of the run that never was, bit for bit. The
tools are taken from PATH.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time

import resume_test
import safetensors
from commands import ENVIRONMENT, run

STEPS = 40
DATA = ("--fixed-batch", "batches", "--seed", "3", "--schedule", "cosine", "--warmup", "4")


class Runs(resume_test.Programs):
    def command(self, name, *options, steps=STEPS):
        launcher = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"] if self.ranks(name) == 2 else []
        return [*launcher, f"{name}/train_rank", *DATA, "--steps", str(steps), *options]

    def ranks(self, name):
        return 2 if name.endswith("2") else 1

    def run(self, name, *options, code=0, steps=STEPS, before=None):
        done = subprocess.run(self.command(name, *options, steps=steps), cwd=self.folder, env=ENVIRONMENT,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, preexec_fn=before,
                              timeout=300)
        assert done.returncode == code, (options, done.returncode, done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def start(self, name, *options, steps=STEPS):
        return subprocess.Popen(self.command(name, *options, steps=steps), cwd=self.folder, env=ENVIRONMENT,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                stdin=subprocess.DEVNULL)

    def losses(self, log="log"):
        with open(f"{self.folder}/{log}") as file:
            return {line["step"]: line["loss"] for line in map(json.loads, file) if "loss" in line}

    def merge(self, checkpoint, into, *options):
        run("autopar-checkpoint", "merge", checkpoint, "--output", into, *options, cwd=self.folder)

    def files(self, folder):
        return sorted(os.listdir(f"{self.folder}/{folder}"))

    def index(self, folder):
        with open(f"{self.folder}/{folder}/checkpoints.json") as file:
            return [entry["steps"] for entry in json.load(file)["checkpoints"]]

    def same(self, one, other):
        """Both files: all tensors, and what stands beside them."""
        with open(f"{self.folder}/{one}", "rb") as a, open(f"{self.folder}/{other}", "rb") as b:
            assert a.read() == b.read(), (one, other)

    def forget(self, folder):
        shutil.rmtree(f"{self.folder}/{folder}", ignore_errors=True)


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def stopped_and_resumed(runs, name):
    runs.run(name, "--save", "whole", "--log", "whole.log")
    whole = runs.losses("whole.log")
    assert list(whole) == list(range(1, STEPS + 1))
    # One command line serves a run's beginning and its going on.
    command = ("--checkpoints", "c", "--resume", "c", "--save-every", "5", "--save", "again", "--log", "log")
    runs.forget("c")
    said = runs.run(name, *command, "--stop-after", "13")
    assert "c: has no checkpoint; the run begins at its first step\n" in said, said
    assert "stopped by --stop-after 13 after step 13; --resume c goes on\n" in said, said
    assert runs.index("c") == [5, 10, 13] and runs.losses() == {step: whole[step] for step in range(1, 14)}
    said = runs.run(name, *command)
    assert "c/step-00000013: goes on after step 13\n" in said, said
    assert runs.losses() == whole
    runs.same("again", "whole")
    assert len(runs.files(f"c/step-{STEPS:08}")) == (3 if name.endswith("2") else 2)
    runs.merge("c", "merged")
    runs.same("merged", "whole")
    assert runs.index("c") == [30, 35, 40]
    said = runs.run(name, *command)
    assert f"step {STEPS} was the last; nothing is left to do\n" in said, said


def signals(runs, name):
    """To one rank alone: all stop after the same step."""
    for kind in signal.SIGTERM, signal.SIGINT, signal.SIGUSR1:
        runs.forget("c")
        os.remove(f"{runs.folder}/log")
        options = ("--checkpoints", "c", "--resume", "c", "--log", "log")
        with runs.start(name, *options, steps=10**9) as started:
            until(lambda: os.path.exists(f"{runs.folder}/log") and os.path.getsize(f"{runs.folder}/log"))
            ranks = subprocess.run(["pgrep", "-f", f"^{name}/train_rank "], capture_output=True,
                                   text=True).stdout.split()
            os.kill(int(ranks[-1]), kind)
            said, _ = started.communicate(timeout=60)
        assert started.returncode == 0, (started.returncode, said)
        steps = runs.index("c")[-1]
        assert f"stopped by {kind.name} after step {steps}; --resume c goes on\n" in said, said
        assert max(runs.losses()) == steps
        runs.run(name, *options, steps=steps + 3)
        assert list(runs.losses()) == list(range(1, steps + 4))


def killed(runs, name, kills, steps=400):
    """At random moments, saving included; each time the run goes on from something whole. Returns how
    many went on, and from where the last did."""
    runs.run(name, "--save", "whole", steps=steps)
    runs.forget("c")
    options = ("--checkpoints", "c", "--resume", "c", "--save-every", "1", "--save", "again")
    index = f"{runs.folder}/c/checkpoints.json"

    def written():
        return os.stat(index).st_mtime_ns if os.path.exists(index) else 0
    resumed, last = 0, 0
    for _ in range(kills):
        before = written()
        started = runs.start(name, *options, steps=steps)
        until(lambda: started.poll() is not None or written() != before)
        time.sleep(random.uniform(0, 0.2))
        if name.endswith("2") and random.random() < 0.5:  # one of the ranks, or the launcher
            ranks = subprocess.run(["pgrep", "-f", f"^{name}/train_rank "], capture_output=True,
                                   text=True).stdout.split()
            for rank in random.sample(ranks, min(1, len(ranks))):
                subprocess.run(["kill", "-KILL", rank], stderr=subprocess.DEVNULL)
        else:
            started.send_signal(signal.SIGKILL)
        said, _ = started.communicate()
        subprocess.run(["pkill", "-KILL", "-f", f"^{name}/train_rank "])
        resumed += "goes on after step" in said
        last = runs.index("c")[-1]
        if last == steps:
            runs.forget("c")
    runs.run(name, *options, steps=steps)
    runs.same("again", "whole")
    return resumed, last


def kept(runs, name):
    runs.forget("c")
    runs.run(name, "--checkpoints", "c", "--save-every", "2", "--keep", "2", "--keep-every", "10")
    assert runs.index("c") == [10, 20, 30, 38, 40], runs.index("c")
    assert runs.files("c") == ["checkpoints.json"] + [
        f"step-{steps:08}" for steps in (10, 20, 30, 38, 40)], runs.files("c")
    # What a user keeps there stays, and is not written over; what a kill has left goes.
    for path in "mine", "step-00000020/mine":
        with open(f"{runs.folder}/c/{path}", "w") as file:
            file.write("mine")
    for path in "step-00000047", "step-00000048", "step-00000049", "step-notes", "step-mine":
        os.mkdir(f"{runs.folder}/c/{path}")
    for path in "step-00000047/rank-0.safetensors.k3x9q2ab.tmp", "step-00000047/rank-0.safetensors", "step-00000048/mine", \
            "step-mine/rank-0.safetensors", "checkpoints.json.mine", "step-00000050":
        with open(f"{runs.folder}/c/{path}", "w") as file:
            file.write("half")
    said = runs.run(name, "--checkpoints", "c", code=1)
    assert "c: holds checkpoints of a run, the newest step-00000040, which --resume c goes on with" in said, said
    runs.run(name, "--checkpoints", "c", "--resume", "c/step-00000040/", "--save-every", "1", "--keep", "1", steps=50)
    # What was kept for good stays so; where a name is the user's the run has another.
    assert runs.index("c") == [10, 20, 30, 40, 50], runs.index("c")
    assert runs.files("c") == ["checkpoints.json", "checkpoints.json.mine", "mine", "step-00000010", "step-00000020",
                               "step-00000030", "step-00000040", "step-00000048", "step-00000050", "step-00000050-2",
                               "step-mine", "step-notes"], runs.files("c")
    assert runs.files("c/step-00000048") == ["mine"] and "mine" in runs.files("c/step-00000020")
    # Without the index it is the folders that say.
    os.remove(f"{runs.folder}/c/checkpoints.json")
    said = runs.run(name, "--checkpoints", "c", "--resume", "c", steps=51)
    assert "c/step-00000050-2: goes on after step 50\n" in said and runs.index("c") == [40, 50, 51], said


def outputs(runs, name):
    """Nothing takes the place of a checkpoint's files."""
    runs.forget("c")
    runs.run(name, "--checkpoints", "c", "--stop-after", "5")
    part = "c/step-00000005/rank-0.safetensors"
    for path in part, "c/step-00000005/checkpoint.json", "c/checkpoints.json":
        for options in ("--save", path), ("--timeline", path), ("--log", path):
            said = runs.run(name, "--checkpoints", "c", "--resume", "c", *options, code=1)
            assert f"{options[0]} {path}: would overwrite the file of" in said, said
        merged = subprocess.run(["autopar-checkpoint", "merge", "c", "--output", path], cwd=runs.folder,
                                capture_output=True, text=True)
        assert merged.returncode == 1 and "would overwrite the file of" in merged.stderr, merged
    said = runs.run(name, "--checkpoints", "c", "--resume", "c", "--save", "s")


def flip(path, name):
    """A bit of a tensor's bytes."""
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        length = 8 + int.from_bytes(data[:8], "little")
        data[length + json.loads(data[8:length])[name]["data_offsets"][0] + 17] ^= 4
        file.seek(0)
        file.write(data)


def damaged(runs, name):
    """A run of one rank, or of two, whose newest checkpoint is not what was written."""
    runs.forget("c")
    newest = f"c/step-{STEPS:08}"
    part = f"{newest}/rank-{runs.ranks(name) - 1}.safetensors"
    runs.run(name, "--checkpoints", "c", "--save-every", "10")
    shutil.copytree(f"{runs.folder}/{newest}", f"{runs.folder}/good")

    def refused(what, steps=STEPS + 1):
        said = runs.run(name, "--resume", "c", code=1, steps=steps)
        assert what in said, (what, said)
        verified = subprocess.run(["autopar-checkpoint", "verify", "c"], cwd=runs.folder, capture_output=True,
                                  text=True)
        assert verified.returncode == 1 and verified.stdout.count("all as they were written\n") == 2, verified
        shutil.rmtree(f"{runs.folder}/{newest}")
        shutil.copytree(f"{runs.folder}/good", f"{runs.folder}/{newest}")
    flip(f"{runs.folder}/{part}", "w.momentum")
    runs.run(name, "--resume", "c/step-00000030")
    runs.run(name, "--init", newest, steps=5)
    refused(f"{newest}: the bytes of w.momentum in {part[len(newest) + 1:]} are not those that were written; the "
            "checkpoint before it is c/step-00000030")
    os.truncate(f"{runs.folder}/{part}", os.path.getsize(f"{runs.folder}/{part}") // 2)
    before = "; the checkpoint before it is c/step-00000030"
    refused(before)
    os.remove(f"{runs.folder}/{part}")
    refused(before)
    # Another checkpoint's part is whole, and does not belong here.
    shutil.copy(f"{runs.folder}/c/step-00000030/{part[len(newest) + 1:]}", f"{runs.folder}/{part}")
    refused(f"{part}: is not the file that checkpoint.json tells of")
    # The run goes on from the one before, in the same folder, though the newest is what it is.
    flip(f"{runs.folder}/{part}", "w")
    runs.run(name, "--resume", "c/step-00000030", "--checkpoints", "c")
    assert runs.index("c") == [30, 40, 40]
    runs.run(name, "--resume", "c", steps=STEPS + 1)
    shutil.rmtree(f"{runs.folder}/good")


def without_room(runs, name):
    """Training goes on, and says so each time; the last checkpoint that there was room for stays."""
    runs.forget("c")
    runs.run(name, "--checkpoints", "c", "--save-every", "10", "--stop-after", "10")

    def little():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    command = runs.command(name, "--checkpoints", "c", "--resume", "c", "--save-every", "10")
    done = subprocess.run(command, cwd=runs.folder, env=ENVIRONMENT, capture_output=True, text=True,
                          preexec_fn=little, stdin=subprocess.DEVNULL)
    for step in 20, 30:
        assert f"warning: step {step}: no checkpoint: c/step-{step:08}/rank-0.safetensors: cannot write: File " \
            "too large" in done.stderr, done
    # The last one is what the run was for.
    assert done.returncode == 1 and "step-00000040/rank-0.safetensors: cannot write" in done.stderr, done
    assert runs.files("c") == ["checkpoints.json", "step-00000010"], runs.files("c")
    runs.run(name, "--checkpoints", "c", "--resume", "c", "--save", "again")
    runs.run(name, "--save", "whole")
    runs.same("again", "whole")


def other_meshes(runs, one, two):
    """A run of two ranks goes on as one rank, and that as two: as close as whole runs of both are."""
    whole = {name: safetensors.load(f"{runs.folder}/{name}.whole")[0] for name in (one, two)
             if not runs.run(name, "--save", f"{name}.whole") is None}
    for first, second in (one, two), (two, one):
        runs.forget("c")
        command = ("--checkpoints", "c", "--resume", "c")
        runs.run(first, *command, "--stop-after", "15")
        said = runs.run(second, *command, "--save", "again")
        assert "c/step-00000015: goes on after step 15\n" in said, said
        again = safetensors.load(f"{runs.folder}/again")[0]
        assert again.keys() == whole[one].keys()
        for name, values in again.items():
            apart = max(abs(whole[one][name] - whole[two][name]).max(), 1e-6)
            assert abs(values - whole[one][name]).max() <= 4 * apart, (first, second, name, apart)


def bad_input(runs, name):
    runs.forget("c")
    os.mkdir(f"{runs.folder}/c")
    for options, what in (
            (("--resume", "c", "--init", "whole"), "--init begins a run and --resume goes on with one"),
            (("--save-every", "0", "--checkpoints", "c"), "--save-every takes a number of steps or a time: 500,"),
            (("--save-every", "2"), "--save-every needs --checkpoints DIR"),
            (("--keep-every", "2"), "--keep-every needs --checkpoints DIR"),
            (("--keep", "2"), "--keep needs --checkpoints DIR"),
            (("--resume", "nowhere"), "nowhere: is neither a checkpoint nor a folder of them"),
            (("--checkpoints", "whole"), "whole: cannot be made: ")):
        said = runs.run(name, *options, code=1)
        assert what in said and said.count("\n") == 1, (what, said)
    for text, what in (("", "is no index of checkpoints"), ("[]", "is no index of checkpoints"),
                       ("[" * 100000, "is no index of checkpoints"),
                       ('{"version": 3, "checkpoints": []}', "is of version 3, and this program knows versions 1 and 2"),
                       ('{"version": 1}', "lists no checkpoints"),
                       ('{"version": 1, "checkpoints": [{"file": "../whole", "steps": 3}]}', "an entry that is no"),
                       ('{"version": 1, "checkpoints": [{"file": "whole", "steps": -3}]}', "an entry that is no")):
        with open(f"{runs.folder}/c/checkpoints.json", "w") as file:
            file.write(text)
        said = runs.run(name, "--resume", "c", code=1)
        assert "c/checkpoints.json: " in said and what in said and said.count("\n") == 1, (what, said)
    assert runs.files("c") == ["checkpoints.json"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=3)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(folder)
        for optimizer in "momentum", "adamw":
            runs.build(optimizer, optimizer)
            runs.build(optimizer + "2", optimizer, "--mesh", "2")
        runs.build("scaled", "adamw", "--micro-batches", "2", "--loss-scale", "1024")
        for name in "momentum", "momentum2", "adamw2", "scaled":
            stopped_and_resumed(runs, name)
        signals(runs, "momentum2")
        for name in "adamw", "momentum2":
            resumed, last = killed(runs, name, kills)
            print(f"{name}: {kills} kills, {resumed} runs that went on, the last one after step {last}")
            assert resumed > 0
        kept(runs, "momentum")
        outputs(runs, "momentum")
        for name in "momentum", "momentum2":
            damaged(runs, name)
        other_meshes(runs, "adamw", "adamw2")
        without_room(runs, "momentum")
        bad_input(runs, "momentum")


if __name__ == "__main__":
    main()
