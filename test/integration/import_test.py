"""Networks that PyTorch exported compute what PyTorch computed of them.

    import_test.py [--mesh 1x1] [--mesh 2x2] [NETWORK…]

Each is imported from test/compiler/import/Inputs, compiled, begun with the weights of the export,
and trained on the three batches beside it: losses, the first gradients and what all variables are
in the end, against PyTorch's in double precision (networks.py there). The tools are taken from PATH.
"""

import argparse
import os
import sys
import tempfile

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

INPUTS = os.path.normpath(f"{HERE}/../compiler/import/Inputs")
NETWORKS = ["mlp", "cnn", "resnet", "patches", "squeeze", "gated", "convnext", "windows", "unet",
            "gates", "rotary", "nanogpt", "causal", "alone", "auxiliary", "autoencoder", "distances"]
RATE, MOMENTUM, DECAY = 0.1, 0.9, 1e-3  # networks.py's
LARGE = 10  # the rate at which gradients are measured


def worst(found, wanted):
    """The largest deviation beside the largest number."""
    return float(numpy.abs(found.astype(float) - wanted).max() / max(numpy.abs(wanted).max(), 1e-3))


def check(name, mesh, folder):
    truth, _ = safetensors.load(f"{INPUTS}/{name}.safetensors")
    batches = {key: truth[key] for key in ("images", "tokens", "labels", "token_labels")
               if key in truth}
    safetensors.save(f"{folder}/batches", batches)
    safetensors.save(f"{folder}/first", {key: batch[:1] for key, batch in batches.items()})
    run("autopar-import", f"{INPUTS}/{name}.pt2", "-o", "model.mlir", "--weights", "init",
        "--optimizer", f"sgd lr={RATE} momentum={MOMENTUM} weight_decay={DECAY}", cwd=folder)
    run("autopar-compile", "model.mlir", "--mesh", mesh, "--target", "cpu", "--quiet", "-o",
        "program", cwd=folder)
    ranks = eval(mesh.replace("x", "*"))

    def train(batches, steps, saved, *options):
        run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks),
            "program/train_rank", "--fixed-batch", batches, "--init", "init", "--steps", str(steps),
            "--verify", "--log", "log", "--save", saved, *options, cwd=folder, env=ENVIRONMENT)
        return losses_in(f"{folder}/log")

    train("first", 1, "one", "--lr", str(LARGE))
    losses = train("batches", len(truth["losses"]), "all")
    init, one, after = (safetensors.load(f"{folder}/{file}")[0] for file in ("init", "one", "all"))

    deviations = {"losses": worst(numpy.array(losses), truth["losses"])}
    gradients = {key.removeprefix("gradient."): value for key, value in truth.items()
                 if key.startswith("gradient.")}
    # SGD's first step moves a parameter by its gradient and its decay; by so much of both that its own
    # rounding is small beside it.
    deviations["gradients"] = max(
        worst((init[key].astype(float) - one[key]) / LARGE - DECAY * init[key].astype(float), value)
        for key, value in gradients.items())
    ends = {key.removeprefix("after."): value for key, value in truth.items()
            if key.startswith("after.")}
    missing = set(ends) - set(after)
    assert missing <= {"wte.weight"}, missing  # tied: the head's
    deviations["variables"] = max(worst(after[key], value) for key, value in ends.items()
                                  if key in after)
    print(f"{name} on {mesh}:", ", ".join(f"{what} {much:.1e}" for what, much in deviations.items()))
    assert len(gradients) > 3 and len(losses) == 3
    assert deviations["losses"] < 2e-6, (name, mesh, losses, truth["losses"])
    assert deviations["gradients"] < 5e-6 and deviations["variables"] < 5e-6, (name, mesh, deviations)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mesh", action="append")
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    options = parser.parse_args()
    for name in options.networks:
        for mesh in options.mesh or ["1x1", "2x2"]:
            with tempfile.TemporaryDirectory() as folder:
                check(name, mesh, folder)


if __name__ == "__main__":
    main()
