"""A ResNet and a GPT-2 on four ranks, disturbed at random moments, saving included: each time the run
goes on from at most two intervals before, and it ends with the bits of a run that nothing disturbed.

    drill.py [--disturbances N] [--steps N] [--seed N] [NETWORK…]

Disturbances: kill -9 of a rank and of mpirun, SIGTERM to a rank, a disk that is full for a while (a
small tmpfs; needs root), a part of the newest checkpoint cut short, one bit of it flipped. Prints what
was done and what was compared. The tools are taken from PATH.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
from commands import ENVIRONMENT, run  # noqa: E402
from narrow import narrow  # noqa: E402

EVERY = 4  # steps between checkpoints
NETWORKS = {
    "resnet18": ("resnet18 --cifar --batch 8 --image 8", ("--data", "synthetic", "--augment")),
    "gpt2": ("gpt2 --batch 8 --seq 8 --positions 8 --layers 2 --width 32 --heads 4 --vocab 61 --padded-vocab 8 "
             "--dropout 0.1", ("--data", "synthetic"))}
KINDS = ("kill -9 of a rank", "kill -9 of mpirun", "SIGTERM", "full disk", "truncated part", "flipped bit")


class Run:
    def __init__(self, folder, disk, name, steps, data):
        self.folder, self.disk, self.name, self.steps, self.data = folder, disk, name, steps, data
        self.lost = []  # steps that were done again, of each going on

    def command(self, *options):
        return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "4", f"{self.name}/train_rank", *self.data,
                "--steps", str(self.steps), "--seed", "3", "--schedule", "cosine", "--warmup", "5", "--lr", "0.01",
                *options]

    def kept(self, *options):
        return self.command("--checkpoints", self.disk, "--resume", self.disk, "--save-every", str(EVERY),
                            "--keep", "3", "--log", "log", *options)

    def index(self):
        try:
            with open(f"{self.disk}/checkpoints.json") as file:
                return json.load(file)["checkpoints"]
        except FileNotFoundError:
            return []

    def newest(self):
        whole = [entry for entry in self.index() if os.path.exists(f"{self.disk}/{entry['name']}/checkpoint.json")]
        return whole[-1] if whole else None

    def ranks(self):
        found = subprocess.run(["pgrep", "-f", f"^{self.name}/train_rank "], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def signal_one(self, kind):
        """Any rank, unless the run is over."""
        ranks = self.ranks()
        if ranks:
            try:
                os.kill(random.choice(ranks), kind)
            except ProcessLookupError:
                pass

    def losses(self, log="log"):
        losses = {}
        if os.path.exists(f"{self.folder}/{log}"):
            with open(f"{self.folder}/{log}") as file:
                for line in file:
                    try:
                        entry = json.loads(line)
                    except json.JSONDecodeError:
                        continue  # a kill came as it was written
                    if "loss" in entry:
                        losses[entry["step"]] = entry["loss"]
        return losses


def disturb(run, kind, started):
    """The run is under way, and has logged a step."""
    if kind == "kill -9 of mpirun":
        started.send_signal(signal.SIGKILL)
    elif kind == "SIGTERM":
        run.signal_one(signal.SIGTERM)
    elif kind == "full disk":
        free = os.statvfs(run.disk)
        try:
            with open(f"{run.disk}/ballast", "wb", buffering=0) as file:
                for _ in range(free.f_bavail + 1):
                    file.write(bytes(free.f_frsize))
        except OSError:  # full
            pass
        time.sleep(random.uniform(0.2, 1.0))
        os.remove(f"{run.disk}/ballast")
        time.sleep(random.uniform(0, 0.5))
        started.send_signal(signal.SIGKILL)
    else:
        run.signal_one(signal.SIGKILL)
    said, _ = started.communicate(timeout=120)
    subprocess.run(["pkill", "-KILL", "-f", f"^{run.name}/train_rank "])
    while run.ranks():
        time.sleep(0.01)
    return said


def damage(run, kind):
    """The newest checkpoint, which the run then refuses by name; it goes on from the one before."""
    newest = run.newest()
    if len([entry for entry in run.index()]) < 2 or newest is None:
        return False
    folder = f"{run.disk}/{newest['name']}"
    part = random.choice([name for name in os.listdir(folder) if name.startswith("rank-")])
    path = f"{folder}/{part}"
    size = os.path.getsize(path)
    if kind == "truncated part":
        os.truncate(path, random.randrange(size))
    else:
        with open(path, "r+b") as file:
            place = random.randrange(size)
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1 << random.randrange(8)]))
    done = subprocess.run(run.kept(), cwd=run.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and newest["name"] in done.stderr, (kind, path, done.stdout[-2000:], done.stderr[-2000:])
    assert subprocess.run(["autopar-checkpoint", "verify", folder], capture_output=True).returncode == 1
    shutil.rmtree(folder)
    return True


def drill(run, disturbances):
    """Returns how often each kind was done."""
    counts = dict.fromkeys(KINDS, 0)
    reached = 0
    compared = 0
    whole = run.losses("whole.log")
    kinds = [KINDS[i % len(KINDS)] for i in range(disturbances)]
    random.shuffle(kinds)
    warnings = 0
    for kind in kinds:
        log = f"{run.folder}/log"
        if os.path.exists(log):
            os.remove(log)
        started = subprocess.Popen(run.kept(), cwd=run.folder, env=ENVIRONMENT, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
        before = run.newest()
        # Some come as the run begins, most behind its first new checkpoint, so that there is progress.
        early = random.random() < 0.15
        end = time.monotonic() + 120
        while started.poll() is None and not (run.losses() if early else run.newest() != before):
            assert time.monotonic() < end, "the run does nothing"
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.6))
        said = disturb(run, kind, started)
        warnings += said.count("no checkpoint: ")
        if before and reached:
            assert f"{before['name']}: goes on after step {before['steps']}" in said, said[-2000:]
        for step, loss in run.losses().items():
            assert whole[step] == loss, (kind, step, whole[step], loss)
            compared += 1
        reached = max([0, *run.losses()])
        counts[kind] += 1
        newest = run.newest()
        if newest and reached and kind != "full disk":
            run.lost.append(reached - newest["steps"])
        if kind in ("truncated part", "flipped bit"):
            counts[kind] -= not damage(run, kind)
        newest = run.newest()
        if newest and newest["steps"] == run.steps:
            shutil.rmtree(run.disk + "/" + newest["name"])
            for entry in run.index():  # from the beginning again
                shutil.rmtree(run.disk + "/" + entry["name"], ignore_errors=True)
            os.remove(f"{run.disk}/checkpoints.json")
            reached = 0
    done = subprocess.run(run.kept("--save", "again"), cwd=run.folder, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done
    with open(f"{run.folder}/again", "rb") as again, open(f"{run.folder}/whole", "rb") as undisturbed:
        ours, theirs = again.read(), undisturbed.read()
        assert ours == theirs, "other bytes than those of the run that nothing disturbed"
    assert subprocess.run(["autopar-checkpoint", "diff", run.disk, f"{run.folder}/whole"],
                          capture_output=True).returncode == 0
    assert max(run.lost) <= 2 * EVERY, run.lost
    print(f"{run.name}: {sum(counts.values())} disturbances ("
          + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ")")
    print(f"  went on after each; steps done again: {sum(run.lost) / len(run.lost):.1f} in the mean, "
          f"{max(run.lost)} at most, {EVERY} between checkpoints; {warnings} saves had no room and were told of")
    print(f"  {compared} losses compared, {len(ours)} bytes of variables compared: the same", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--disturbances", type=int, default=50, help="of each network")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    options = parser.parse_args()
    random.seed(options.seed)
    for name in options.networks:
        model, data = NETWORKS[name]
        program = f"drilled-{name}"  # whose processes are killed by name
        with tempfile.TemporaryDirectory() as folder:
            run("autopar-model", *model.split(), "-o", f"{folder}/{name}.mlir")
            with open(f"{folder}/{name}.mlir", "r+") as file:
                text = narrow(file.read()) if name.startswith("resnet") else file.read()
                file.seek(0)
                file.write(text)
                file.truncate()
            run("autopar-compile", f"{name}.mlir", "--mesh", "2x2", "--target", "cpu", "--quiet", "-o", program, cwd=folder)
            disk = f"{folder}/disk"
            os.mkdir(disk)
            drilled = Run(folder, disk, program, options.steps, data)
            run(*drilled.command("--save", "whole", "--log", "whole.log"), cwd=folder, env=ENVIRONMENT)
            # Room for five checkpoints and a bit: three stay, one is written, one is on its way out.
            size = int(5.5 * os.path.getsize(f"{folder}/whole")) + (1 << 18)
            run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk)
            try:
                drill(drilled, options.disturbances)
            finally:
                run("umount", disk)


if __name__ == "__main__":
    main()
