"""A prepared folder's programs: what each is, where its binary is, and runs of it."""

import glob
import json
import os
import shutil

from commands import Failed, Skipped

# Of an emitted program: how many of its first steps are no measure of the others.
UNSTEADY = 5


class Program:
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        with open(f"{folder}/programs/{name}/facts") as file:
            self.facts = dict(line.strip().split("=", 1) for line in file if "=" in line)
        self.part, self.model = self.facts["part"], self.facts["model"].split()
        words = self.facts["compile"].split()
        self.precision = words[words.index("--precision") + 1]
        self.is_gpt2 = self.model[0].startswith("gpt2")
        self.unit = "tokens/s" if self.is_gpt2 else "images/s"

    def option(self, key, otherwise=0):
        """The value of a number among the options of its model."""
        return int(self.model[self.model.index(key) + 1]) if key in self.model else otherwise

    @property
    def samples(self):
        """Of one step."""
        return self.option("--batch") * (self.option("--seq") if self.is_gpt2 else 1)

    @property
    def seconds_at_mark(self):
        """Of one step, at the rate that is to be reached."""
        return self.samples / float(self.facts["mark"])


class Programs:
    """Runs them with `commands`, in the folder `work`; `toolchain` builds those that were not carried."""

    def __init__(self, folder, work, commands):
        self.folder, self.work, self.commands = folder, work, commands
        self.toolchain, self.objects = None, {}
        names = sorted(os.path.basename(os.path.dirname(file))
                       for file in glob.glob(f"{folder}/programs/*/facts"))
        self.all = {name: Program(folder, name) for name in names}

    def of_part(self, part):
        return [program for program in self.all.values() if program.part == part]

    def build(self, toolchain, names):
        """From here on these are built on this machine, in the background."""
        self.toolchain = toolchain
        self.runtime = toolchain.start(toolchain.runtime_sources())
        for name in names:
            self.objects[name] = toolchain.start(glob.glob(f"{self.folder}/programs/{name}/*.c*"))

    def binary(self, name):
        if name in self.objects:
            target = f"{self.work}/built-{name}"
            if not self.toolchain.runtime:
                self.toolchain.pack(self.runtime)
            return target if os.path.exists(target) else \
                self.toolchain.link(target, self.objects[name])
        path = f"{self.folder}/built/{name}"
        if not os.path.exists(path):
            raise Skipped(f"{name} was not built when the folder was prepared")
        return path

    def run(self, name, *options, seconds, tell=None):
        return self.commands.run([self.binary(name), *options], seconds, tell)

    def log(self, program):
        return f"{self.work}/{program.name}.jsonl"

    def train(self, program, steps, seconds, *options, launcher=(), name=None):
        """Returns the lines of a program's log."""
        log = self.log(program)
        if os.path.exists(log):
            os.remove(log)  # another run's
        self.commands.run([*launcher, self.binary(name or program.name), "--steps", str(steps), "--log",
                           log, *options], seconds)
        return lines_of(log)

    def batch(self, program):
        """What a program is timed on: images from a file, so that making them costs no step."""
        if program.is_gpt2:
            return "--data", "synthetic", "--eval-batches", "1"
        size, image = program.option("--batch"), program.option("--image", 224)
        file = f"{self.work}/images-{size}-{image}.safetensors"
        if not os.path.exists(file):
            write_images(file, size, image)
        return "--fixed-batch", file


def lines_of(log):
    """Of a log in JSON lines, of which the last may be half written; none where there is none."""
    found = []
    if not os.path.exists(log):
        return found
    with open(log) as file:
        for line in file:
            if line.endswith("\n"):
                found.append(json.loads(line))
    return found


def rate_of(lines):
    """(samples a second over all steady steps, their number) of a log; Failed where there are none."""
    rates = [value for line in lines if "loss" in line for key, value in line.items()
             if key.endswith("_per_second")][UNSTEADY:]
    if len(rates) < 3:
        raise Failed(f"{len(rates)} steady steps are too few for a rate")
    return len(rates) / sum(1 / rate for rate in rates), len(rates)


def write_images(file, size, image):
    images, labels = size * image * image * 3 * 4, size * 4
    header = json.dumps({
        "images": {"dtype": "F32", "shape": [size, image, image, 3], "data_offsets": [0, images]},
        "labels": {"dtype": "I32", "shape": [size],
                   "data_offsets": [images, images + labels]}}).encode()
    header += b" " * (-len(header) % 8)
    pixels = bytes(range(64)) * 16  # as f32: small numbers of both signs, none special
    row = b"".join((0x3E000000 + 0x80000000 * (pixel % 2) + pixel * 0x10000
                    ).to_bytes(4, "little") for pixel in pixels)
    with open(file, "wb") as out:
        out.write(len(header).to_bytes(8, "little") + header)
        for _ in range(images // len(row)):
            out.write(row)
        out.write(row[:images % len(row)])
        out.write(b"".join((i * 7 % 10).to_bytes(4, "little") for i in range(size)))


def mpirun(ranks):
    """The words that start so many ranks; Skipped where there is no MPI."""
    if not shutil.which("mpirun"):
        raise Skipped("MPI is not installed here")
    allowed = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    return ["mpirun", *allowed, "--oversubscribe", "--bind-to", "none", "-n", str(ranks)]
