#!/usr/bin/python3
"""Holds what a training program logged and saved against a reference's expected.safetensors.

    compare.py DIR --first-step one.safetensors --log one.jsonl     one step: loss and gradients
    compare.py DIR --last-step all.safetensors --log all.jsonl      all steps: losses and variables

A gradient is read from a slot after one step from zero: SGD's momentum, less weight decay, or
AdamW's first moment, which is 1 - beta1 of it.
Prints the three worst of each kind, with PyTorch's own single precision beside it, and exits 1
when one passes its tolerance or is missing.
"""

import argparse
import json

import numpy

import safetensors

FIRST_LOSS, GRADIENT, TRAINED = 1e-5, 1e-4, 1e-3  # relative
# Of how far a parameter moved, which may be little: ReLUs that flip as training goes cost some
# percent; a wrong rate, momentum or decay costs more than 10 %. Rounding to f32 at each step is
# taken off before, since a parameter may move by hardly more than that.
MOVEMENT, ROUNDING = 0.1, 2.0**-24
SLOTS = (".momentum", ".exp_avg", ".exp_avg_sq", ".steps")


def distance(found, wanted, rounding=0.0):
    """Norm of the difference, less rounding's, over that of what is wanted; infinite for NaN."""
    difference = numpy.linalg.norm(found.astype(numpy.float64).ravel() - wanted.ravel())
    wanted_norm = numpy.linalg.norm(wanted)
    if difference <= rounding:
        return 0.0
    ratio = difference / wanted_norm if wanted_norm else numpy.inf
    return ratio if numpy.isfinite(ratio) else numpy.inf


def check(kind, found, wanted, float32, tolerance, rounding=None):
    """Prints the three worst of {name: array}; returns how many fail."""
    rounding = rounding or dict.fromkeys(wanted, 0.0)
    distances = {}
    for name, value in wanted.items():
        if name not in found:
            distances[name] = (numpy.inf, "missing")
        elif found[name].shape != value.shape:
            distances[name] = (numpy.inf, f"has shape {found[name].shape}, not {value.shape}")
        else:
            distances[name] = (distance(found[name], value, rounding[name]), "")
    failures = sum(not ratio <= tolerance for ratio, _ in distances.values())
    print(f"{kind}: {len(wanted) - failures} of {len(wanted)} within {tolerance:g}; the worst:")
    for name in sorted(distances, key=lambda name: -distances[name][0])[:3]:
        ratio, remark = distances[name]
        pytorch = distance(float32[name], wanted[name], rounding[name])
        print(f"  {name:36} {remark or f'{ratio:.1e}'}   (PyTorch f32: {pytorch:.1e})")
    return failures


def losses(path):
    """{step: loss} of a log in JSON lines; lines without a loss, such as evaluations, are passed."""
    with open(path) as file:
        lines = [json.loads(line) for line in file if line.strip()]
    return {line["step"]: numpy.array(line["loss"], numpy.float64)
            for line in lines if "step" in line and "loss" in line}


def slots(saved, suffix):
    """{parameter: slot in f64} of the slots with this suffix."""
    return {name[:-len(suffix)]: slot.astype(numpy.float64)
            for name, slot in saved.items() if name.endswith(suffix)}


def gradients(saved, options, init):
    """{name: gradient} out of the slots after one step; None where no slot holds it."""
    if "beta1" in options:
        share = 1 - float(options["beta1"])
        return {name: slot / share for name, slot in slots(saved, ".exp_avg").items()}
    if float(options["momentum"]):
        decay = float(options["weight_decay"])
        return {name: slot - decay * init[name] for name, slot in slots(saved, ".momentum").items()}
    return None


def moved(variables, init):
    """{name: how far training took it from where it started}."""
    return {name: value - init[name].astype(numpy.float64)
            for name, value in variables.items()
            if name in init and value.shape == init[name].shape}


def part(tensors, prefix):
    return {name[len(prefix):]: value for name, value in tensors.items() if name.startswith(prefix)}


def by_step(tensors, count=None):
    return {step: value for step, value in enumerate(tensors["loss"][:count], start=1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", help="the folder that a reference script wrote")
    parser.add_argument("--log", required=True, help="the program's log")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--first-step", metavar="FILE", help="saved after one step")
    kind.add_argument("--last-step", metavar="FILE", help="saved after all steps")
    args = parser.parse_args()

    expected, options = safetensors.load(f"{args.reference}/expected.safetensors")
    float32, _ = safetensors.load(f"{args.reference}/float32.safetensors")
    init, _ = safetensors.load(f"{args.reference}/init.safetensors")
    if args.first_step:
        saved, _ = safetensors.load(args.first_step)
        found = gradients(saved, options, init)
        if found is None:
            parser.error("without momentum no slot holds the gradient; reference it with momentum")
        failures = check("loss of step", losses(args.log), by_step(expected, 1), by_step(float32),
                         FIRST_LOSS)
        failures += check("gradients", found, part(expected, "gradient/"),
                          part(float32, "gradient/"), GRADIENT)
    else:
        saved, _ = safetensors.load(args.last_step)
        variables = {name: value for name, value in expected.items()
                     if name != "loss" and not name.startswith("gradient/")
                     and not name.endswith(SLOTS)}
        failures = check("loss of step", losses(args.log), by_step(expected), by_step(float32),
                         TRAINED)
        failures += check("variables", saved, variables, float32, TRAINED)
        rounding = {name: int(options["steps"]) * ROUNDING * numpy.linalg.norm(value)
                    for name, value in variables.items()}
        failures += check("movement", moved(saved, init), moved(variables, init),
                          moved(float32, init), MOVEMENT, rounding)
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
