"""docs/Zoo.md, of the results."""
from networks import BATCH, CLASSES, NETWORKS
from parity import FACTOR, LEAST, MESHES, RATE, SEEDS, STEPS, WEAK, has_parity, is_weak, results

HEAD = """# The zoo

Networks that people train, through `torch.export`, `autopar-import` and `autopar-compile`, beside PyTorch.
`scripts/zoo.py` makes this page; [scripts/zoo/networks.py](../scripts/zoo/networks.py) has the networks.
They are small, for a laptop: {classes} classes, small images, narrow where that keeps the architecture, batches of
{batch}.

```
scripts/zoo.py coverage --venv ~/zoo      # which import, which operations lack: minutes
scripts/zoo.py parity --venv ~/zoo        # what stands below: hours on two cores; goes on where it stopped
scripts/zoo.py table --venv ~/zoo
```

Each begins with the weights of the export and trains {steps} steps of plain SGD (rate {rate:g}) on one batch, by the
programs of 1, 2x2 and 3 ranks on the CPU target, by PyTorch in f64 and in f32. Figures are the largest relative
deviations from PyTorch's in f64: of the first loss, of all {steps}, and of the first step's gradients, of each tensor
beside its largest number or a thousandth of the largest of all. Of the three meshes the worst stands here. It is
parity where no figure is above {factor} times that of PyTorch's own f32, or {least:g}. A single number within rounding
of a relu's or a maximum's edge can fall to its other side and take a gradient along; where a network misses the bar
other weights and another batch are tried, of up to {seeds} seeds, and the table says of how many. It is called weak
where PyTorch's own f32 is more than {weak:g} off, as happens to many batch norms in a row over small images: to keep
within three times that says little. Dropout and stochastic depth are off, as two programs do not draw the same
numbers; `coverage` exports them on.

Memory is of the one-rank program: what the plan says the process takes, and its peak as the system counted it. So is
the step's time beside that of {torch}: in turns, medians, both with a thread for each core.
It is left out where it was taken on a machine that others used.
"""

COLUMNS = ("network", "parity", "first loss", "losses", "gradients", "PyTorch's f32", "planned, MiB", "measured, MiB",
           "step, ms", "PyTorch, ms")


def figure(number):
    return f"{number:.1e}".replace("e-0", "e-")


def trained_row(name, result):
    on = {mesh: figures for mesh, figures in result["on"].items() if "fault" not in figures}
    if not on:
        return None
    kinds = ("first_loss", "losses", "gradients")
    row = [name, "**no**" if not has_parity(result) else "weak" if is_weak(result) else "yes"]
    if row[-1] != "yes" or result.get("seeds_before"):
        tried = len(result.get("seeds_before", [])) + 1
        row[-1] += f", {tried} seed{'s' if tried > 1 else ''}"
    row += [figure(max(figures[kind] for figures in on.values())) for kind in kinds]
    row.append(", ".join(figure(result["torch_f32"][kind]) for kind in kinds))
    alone = on.get(MESHES[0], {})
    for key, scale, digits in (("planned_bytes", 2**-20, 0), ("measured_bytes", 2**-20, 0),
                               ("step_seconds", 1e3, 1), ("torch_step_seconds", 1e3, 1)):
        row.append(f"{alone[key] * scale:.{digits}f}" if key in alone else "")
    return row


def lines(rows):
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|" + "---|" * len(COLUMNS)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def page(found):
    rows, without, faults, untried = [], [], [], []
    for name in NETWORKS:
        result = found.get(name)
        if result is None:
            untried.append(name)
            continue
        if "on" not in result:
            without.append(f"- {name}: " + (result.get("fault") or "lacks " + ", ".join(
                f"`{lacking}`" for lacking in result["lacks"])))
            continue
        if row := trained_row(name, result):
            rows.append(row)
        faults += [f"- {name} on {mesh}: {figures['fault']}"
                   for mesh, figures in result["on"].items() if "fault" in figures]
    versions = sorted({result["torch"] for result in found.values() if "torch" in result})
    text = [HEAD.format(classes=CLASSES, batch=BATCH, steps=STEPS, rate=RATE, factor=FACTOR, least=LEAST,
                        seeds=SEEDS, weak=WEAK,
                        torch=" and ".join(f"torch {version}" for version in versions))]
    good = [found[name] for name in NETWORKS if "on" in found.get(name, {}) and has_parity(found[name])]
    weak = sum(map(is_weak, good))
    text.append(f"Of {len(NETWORKS)} networks {len(good) - weak} train with parity on all three meshes, "
                f"and {weak} with a weak one.\n")
    text += [*lines(rows), ""]
    for title, items in (("Programs that were not made, or did not run", faults),
                         ("Not imported", without)):
        if items:
            text += [f"## {title}", "", *items, ""]
    if untried:
        text += ["Not tried yet: " + ", ".join(untried) + ".", ""]
    return "\n".join(text)


def table(path, output):
    text = page(results(path))
    with open(output, "w") as file:
        file.write(text.rstrip() + "\n")
    print(f"{output}: {text.count(chr(10) + '| ') - 1} networks with figures")
