"""A run goes on from a checkpoint of any mesh's on any other, as close as whole runs of the two are.

    other_meshes_test.py [NETWORK…]

A ResNet-18 of an eighth of the channels and a GPT-2 of two blocks, on 1, 4, 3x1 (or 3), 2x2 and 2x4, where the plan
splits batch, channels, heads and vocabulary. Each mesh's run is stopped half-way and goes on on 2x2, and 2x2's
goes on on each. Prints the largest deviations of variables, relative to their tensor's largest value. The tools are
taken from PATH.
"""

import os
import shutil
import sys
import tempfile

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, run  # noqa: E402
from narrow import narrow  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, HALF = 8, 4
NETWORKS = {
    "resnet18": ("resnet18 --cifar --batch 24 --image 8", "plans.py",
                 {"4": ("out",), "3x1": ("batch",), "2x2": ("both",), "2x4": ("both",)}),
    "gpt2": ("gpt2 --batch 24 --seq 8 --positions 8 --layers 2 --width 32 --heads 4 --vocab 61 --padded-vocab 8 "
             "--dropout 0.1", "plans_gpt2.py",
             {"4": ("vocabulary",), "3": ("batch",), "2x2": ("batch", "heads"), "2x4": ("batch", "heads")})}


def ranks(mesh):
    return int(numpy.prod([int(size) for size in mesh.split("x")]))


class Network:
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        model, script, plans = NETWORKS[name]
        self.meshes = ["1", *plans]
        run("autopar-model", *model.split(), "-o", "model", cwd=folder)
        if name.startswith("resnet"):
            with open(f"{folder}/model") as file:
                text = narrow(file.read())
            with open(f"{folder}/model", "w") as file:
                file.write(text)
        for mesh in self.meshes:
            options = ()
            if mesh in plans:
                plan = run("/usr/bin/python3", f"{HERE}/{script}", "model", mesh, *plans[mesh], cwd=folder).stdout
                with open(f"{folder}/plan", "w") as file:
                    file.write(plan)
                options = ("--plan-in", "plan")
            run("autopar-compile", "model", "--mesh", mesh, "--target", "cpu", "--time-limit", "2", "--quiet", "-o",
                f"on{mesh}", *options, cwd=folder)

    def train(self, mesh, *options):
        """The variables, where the options save them."""
        launcher = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks(mesh))] if mesh != "1" else []
        run(*launcher, f"on{mesh}/train_rank", "--data", "synthetic", "--steps", str(STEPS), "--seed", "3", "--lr", "0.001",
            "--schedule", "cosine", *options, cwd=self.folder, env=ENVIRONMENT)
        if "--save" in options:
            return {name: numpy.array(value) for name, value in safetensors.load(f"{self.folder}/saved")[0].items()}

    def over(self, first, second):
        shutil.rmtree(f"{self.folder}/c", ignore_errors=True)
        self.train(first, "--checkpoints", "c", "--stop-after", str(HALF))
        return self.train(second, "--resume", "c", "--save", "saved")


def apart(one, other):
    assert one.keys() == other.keys()
    return max(abs(one[name] - other[name]).max() / max(abs(other[name]).max(), 1e-3) for name in other)


def main():
    for name in sys.argv[1:] or NETWORKS:
        with tempfile.TemporaryDirectory() as folder:
            network = Network(folder, name)
            whole = {mesh: network.train(mesh, "--save", "saved") for mesh in network.meshes}
            spread = max(apart(whole[mesh], whole["1"]) for mesh in network.meshes)
            print(f"{name}: whole runs are up to {spread:.2g} from that of one rank")
            assert spread < 1e-2, spread
            for mesh in network.meshes:
                for first, second in (("2x2", mesh), (mesh, "2x2")):
                    found = apart(network.over(first, second), whole["1"])
                    print(f"  {first} and then {second}: {found:.2g}", flush=True)
                    assert found <= 3 * max(spread, 1e-6), (first, second, found)


if __name__ == "__main__":
    main()
