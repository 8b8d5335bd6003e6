"""Networks trained by compiled programs, beside PyTorch: same weights, same batch, plain SGD.

Each gives a line of JSON. Dropout and stochastic depth are off: two programs do not draw the same.
"""
import json
import math
import os
import shutil
import statistics
import tempfile

import torch
from safetensors.torch import load_file, safe_open

import autopar
from autopar import export as export_torch
from autopar.weights import aliases
from coverage import imported
from exports import make, save
from reference import Stepper, trained

MESHES = ["1", "2x2", "3"]
STEPS, RATE = 20, 1e-3
# At which first gradients are measured: a power of two, and so large that what a step moves a
# parameter by is not lost in it.
LARGE = 1024.0
FACTOR, LEAST = 3, 1e-6  # the bar: so many times PyTorch's own f32, or this
# A number within rounding of a relu's or a maximum's edge may fall to its other side, and take a gradient
# along; the next seed's do not. What is wrong is wrong with each.
SEEDS = 3
WEAK = 1e-3  # where PyTorch's own f32 is farther off, three times that holds nobody to much
TURNS, TURN_STEPS = 3, 5


def relative(found, wanted):
    """Of losses: the largest deviation beside the largest loss."""
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True)) / max(map(abs, wanted))


def worst(found, wanted):
    """Of gradients: the largest deviation of a tensor beside its largest number, or a thousandth of the
    largest of all where it has none as large: what is zero but for rounding, such as the gradient of a
    bias in front of a batch norm, says nothing."""
    floor = 1e-3 * max(gradient.abs().max().item() for gradient in wanted.values())
    return max(((found[name] - gradient).abs().max() / max(gradient.abs().max().item(), floor)).item()
               for name, gradient in wanted.items())


def own(name):
    return name.removeprefix("model.")  # WithLoss's


def by_program(gradients, module, variables):
    """Of each of the program's parameters the gradient, which tied ones share."""
    same = aliases(module)
    found = {}
    for name, gradient in gradients.items():
        names = [other for other in same[own(name)] if other in variables]
        if not names:
            raise ValueError(f"the program lacks '{own(name)}', which has a gradient")
        found[names[0]] = gradient
    return found


def on(mesh, folder, weights, batch, reference):
    """The program of a mesh: deviations, plan and measured memory."""
    there = os.path.join(folder, mesh)
    os.makedirs(there)
    for file in ("model.mlir", "init.safetensors"):
        os.link(os.path.join(folder, file), os.path.join(there, file))
    with open(os.path.join(there, "sizes.json"), "w") as file:
        json.dump({"inputs": batch[0].dim()}, file)
    step = autopar.build(there, mesh=mesh)
    step.train(1, batch, lr=LARGE, show=False)
    after = step.weights()
    gradients = {key: (weights[key].double() - after[key].double()) / LARGE for key in reference["gradients"]}
    losses = step.train(STEPS, batch, lr=RATE, again=True, show=False)
    with open(step.path("log.jsonl")) as file:
        memory = next(entry for entry in reversed(list(map(json.loads, file))) if "process_peak_bytes" in entry)
    return step, {
        "first_loss": relative(losses[:1], reference["losses"][:1]),
        "losses": relative(losses, reference["losses"]),
        "gradients": worst(gradients, reference["gradients"]),
        "step_seconds_predicted": step.plan["step_seconds"]["total"],
        "planned_bytes": memory["arena_bytes"] + memory["reserve_bytes"],
        "measured_bytes": memory["process_peak_bytes"],
    }


def times(step, wrapped, batch):
    """Medians of a step, in turns: first warmed up, then so many each. A rank that is alone has a thread for
    each core that it may run on, and so has PyTorch."""
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    theirs = Stepper(wrapped, *batch, RATE)
    theirs.seconds(2)
    ours, others = [], []
    for _ in range(TURNS):
        others += theirs.seconds(TURN_STEPS)
        step.train(TURN_STEPS + 2, [part for part in batch if part is not None], lr=RATE, again=True, show=False)
        with open(step.path("log.jsonl")) as file:
            entries = [entry for entry in map(json.loads, file) if "loss" in entry]
        for entry in entries[2:]:
            ours.append(len(batch[0]) / entry["images_per_second"] if "images_per_second" in entry else
                        batch[0].numel() / entry["tokens_per_second"])
    return {"step_seconds": statistics.median(ours), "torch_step_seconds": statistics.median(others)}


def measured(name):
    """All that is to be known of a network, as a dictionary, of the first seed that keeps to a bar that
    says something, or the last; with what became of the gradients of those before."""
    before = []
    for seed in range(SEEDS):
        result = measured_with(name, seed)
        if "on" not in result or has_fault(result) or has_parity(result) and not is_weak(result):
            break
        if seed + 1 < SEEDS:
            before.append(max(figures["gradients"] for figures in result["on"].values()))
    return result | {"seeds_before": before}


def measured_with(name, seed):
    """With the weights and the batch of one seed."""
    module, inputs, labels, *loss = make(name, is_random=False, seed=seed)
    result = {"network": name, "torch": torch.__version__,
              "parameters": sum(parameter.numel() for parameter in module.parameters())}
    with tempfile.TemporaryDirectory(prefix="zoo-") as folder:
        export = os.path.join(folder, "model.pt2")
        save(export_torch.export(module, inputs, labels, *loss), export)
        lacking = imported(export)
        if lacking is not None:
            return result | {"lacks": sorted(lacking)}
        autopar.import_model(export, folder, optimizer="sgd lr=0.001 momentum=0 weight_decay=0")
        os.remove(export)
        wrapped, _ = export_torch.with_loss(module, inputs, labels, *loss)
        losses, gradients = trained(wrapped, inputs, labels, STEPS, RATE)
        with safe_open(os.path.join(folder, "init.safetensors"), "pt") as file:
            variables = set(file.keys())
        weights = load_file(os.path.join(folder, "init.safetensors"))
        reference = {"losses": losses, "gradients": by_program(gradients, module, variables)}
        result["gradients"] = len(reference["gradients"])
        losses, gradients = trained(wrapped, inputs, labels, STEPS, RATE, torch.float32)
        result["torch_f32"] = {
            "first_loss": relative(losses[:1], reference["losses"][:1]),
            "losses": relative(losses, reference["losses"]),
            "gradients": worst(by_program(gradients, module, variables), reference["gradients"])}
        result["on"] = {}
        for mesh in MESHES:
            try:
                step, figures = on(mesh, folder, weights, (inputs,) if labels is None else (inputs, labels),
                                   reference)
                if mesh == "1":
                    figures |= times(step, wrapped, (inputs, labels))
            except autopar.Error as fault:
                figures = {"fault": str(fault).splitlines()[0].replace(folder + os.sep, "")}
            result["on"][mesh] = figures
            shutil.rmtree(os.path.join(folder, mesh), ignore_errors=True)
    return result


def has_fault(result):
    """Whether the program of some mesh could not be made, or not run."""
    return any("fault" in figures for figures in result["on"].values())


def is_weak(result):
    """Whether PyTorch's own f32 is so far from f64 that to keep to the bar says little."""
    return max(result["torch_f32"].values()) > WEAK


def has_parity(result):
    """Whether every mesh's program keeps to the bar."""
    theirs = result.get("torch_f32")
    return theirs is not None and not has_fault(result) and all(
        math.isfinite(figures[key]) and figures[key] <= max(FACTOR * theirs[key], LEAST)
        for figures in result["on"].values() for key in theirs)


def results(path):
    """By network; of one that was done twice the last."""
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return {line["network"]: line for line in map(json.loads, file)}


def parity(names, path, again):
    """Appends to `path` a line for each network that has not been trained on all meshes yet."""
    done = results(path)
    for name in names:
        if not again and "on" in done.get(name, {}) and not has_fault(done[name]):
            continue
        try:
            result = measured(name)
        except Exception as fault:  # of anybody's code: the others are not held up by it
            result = {"network": name, "fault": f"{type(fault).__name__}: {str(fault).splitlines()[0][:300]}"}
        with open(path, "a") as file:
            file.write(json.dumps(result) + "\n")
        print(f"{name:34}", summary(result), flush=True)


def summary(result):
    if "fault" in result:
        return result["fault"]
    if "lacks" in result:
        return "lacks " + ", ".join(result["lacks"])
    told = "; ".join(
        f"{mesh}: " + (figures.get("fault") or
                       " ".join(f"{key} {figures[key]:.1e}" for key in ("first_loss", "losses", "gradients")))
        for mesh, figures in result["on"].items())
    theirs = " ".join(f"{key} {value:.1e}" for key, value in result["torch_f32"].items())
    verdict = "NO PARITY" if not has_parity(result) else "weak parity" if is_weak(result) else "parity"
    return f"{verdict}  {told}; PyTorch's f32: {theirs}"
