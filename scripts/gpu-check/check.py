"""What gpu-check.sh run does: every part within its time, its verdict a row of results.md. Exit code 0
when nothing failed that could run."""

import glob
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from commands import Commands, Failed, Skipped
from toolchain import Toolchain


class Check:
    def __init__(self, folder, build, output, device):
        self.folder, self.build, self.output, self.device = folder, build, output, device
        self.rows, self.rates = [], {}
        self.commit = open(f"{folder}/commit").read().strip()
        self.commands = Commands(float(os.environ.get("GPU_CHECK_SECONDS", 570)),
                                 f"{output}/logs.txt")
        self.tools = Toolchain(folder, build, self.commands)
        self.programs = {}
        for file in sorted(glob.glob(f"{folder}/programs/*/facts")):
            facts = dict(line.strip().split("=", 1) for line in open(file) if "=" in line)
            self.programs[os.path.basename(os.path.dirname(file))] = facts

    def part(self, name, body, *arguments):
        """One line of the table: `body` returns (what was seen, the bar, whether it holds)."""
        begin = time.monotonic()
        try:
            seen, bar, holds = body(*arguments)
            verdict = {True: "passed", False: "FAILED", None: ""}[holds]
        except Skipped as reason:
            seen, bar, verdict = str(reason), "", "not run"
        except Failed as why:
            seen, bar, verdict = str(why), "", "FAILED"
        except Exception as error:  # whatever a part does wrong is its own row's matter
            seen, bar, verdict = " ".join(repr(error).split())[:300], "", "FAILED"
        self.rows.append((name, seen, bar, verdict))
        print(f"{verdict or 'seen':8} {name}: {seen}  ({time.monotonic() - begin:.0f} s)", flush=True)
        self.write()

    def write(self):
        with open(f"{self.output}/results.md", "w") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {self.device}, commit "
                       f"{self.commit}\n\n| check | seen | bar | |\n|---|---|---|---|\n")
            for row in self.rows:
                file.write("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n")

    def of_part(self, part):
        return [name for name, facts in self.programs.items() if facts["part"] == part]

    def option(self, name, key, otherwise=0):
        """The value of a number among the options of a program's model."""
        words = self.programs[name]["model"].split()
        return int(words[words.index(key) + 1]) if key in words else otherwise

    def is_gpt2(self, name):
        return self.programs[name]["model"].startswith("gpt2")

    def program(self, name):
        return self.tools.link(name, self.objects[name])

    def train(self, name, steps, seconds, *options, launcher=()):
        """Runs a program; returns its log's lines."""
        log = f"{self.build}/{name}.jsonl"
        self.commands.run([*launcher, self.program(name), "--steps", str(steps), "--log", log,
                           *options], seconds)
        return [json.loads(line) for line in open(log)]

    # The parts.

    def compile(self):
        """Begins to compile everything, what the first rows need first."""
        test, room = f"{self.folder}/googletest", f"{self.folder}/runtime/conformance"
        suite = [f"{test}/src/gtest-all.cc", *glob.glob(f"{room}/*.cpp"),
                 *glob.glob(f"{room}/cuda/*.cpp")]
        suite.remove(f"{room}/cuda/Plans.cpp")  # a program of its own, which needs no GPU
        start = self.tools.start
        self.runtime = start(self.tools.runtime_sources())
        self.objects = {
            "conformance": start(suite, f"-I{test}", f"-I{test}/include", f"-I{room}/cuda",
                                 f"-I{room}"),
            "probe": start([f"{self.folder}/gpu-check/Probe.cu"])}
        for name in self.programs:
            self.objects[name] = start(glob.glob(f"{self.folder}/programs/{name}/*.c*"))

    def pack(self):
        self.tools.pack(self.runtime)
        return f"{len(self.runtime)} files, {'with' if self.tools.mpi else 'without'} MPI", "", None

    def probe(self):
        found = json.loads(self.commands.run([self.program("probe")], 60))
        with open(f"{self.output}/device.json", "w") as file:
            json.dump(found, file, indent=1)
        rates = ", ".join(f"{name} {rate / 1e12:.0f} TFLOP/s"
                          for name, rate in found["matmul_flops"].items())
        return f"memory {found['memory_bytes_per_second'] / 1e12:.2f} TB/s, launch " \
            f"{found['launch_seconds'] * 1e6:.2f} us, products: {rates}", "", None

    def conformance(self):
        text = self.commands.run([self.program("conformance"), "--gtest_brief=1"], 180)
        last = [line for line in text.splitlines() if "PASSED" in line][-1]
        return last.replace("[  PASSED  ]", "").strip(" .") + " passed", "all", True

    def losses(self, name, launcher=(), options=()):
        """Against the losses that the CPU's program of the same model had."""
        facts = self.programs[name]
        with open(f"{self.folder}/programs/{facts['against']}.jsonl") as file:
            wanted = [line["loss"] for line in map(json.loads, file) if "loss" in line]
        lines = self.train(name, len(wanted), 60, "--data", "synthetic", *options,
                           launcher=launcher)
        got = [line["loss"] for line in lines if "loss" in line]
        if len(got) != len(wanted):
            raise Failed(f"{len(got)} losses, not {len(wanted)}")
        worst = max(abs(a - b) / abs(b) for a, b in zip(got, wanted))
        bar = 1e-4 if "f32" in facts["compile"] else 0.05
        return f"worst relative difference of {len(wanted)} losses from the CPU's {worst:.2g}", \
            f"{bar:g}", worst <= bar

    def four_ranks(self, name):
        if not self.tools.mpi:
            raise Skipped("MPI is not installed here")
        allowed = ["--allow-run-as-root"] if os.geteuid() == 0 else []
        return self.losses(name, ["mpirun", *allowed, "--oversubscribe", "--bind-to", "none", "-n",
                                  "4"], ["--comm", "mpi"])

    def sanitizer(self, name, tool):
        sanitizer = shutil.which("compute-sanitizer") or f"{self.tools.cuda}/bin/compute-sanitizer"
        if not os.access(sanitizer, os.X_OK):
            raise Skipped("compute-sanitizer is not installed here")
        text = self.commands.run([sanitizer, "--tool", tool, "--error-exitcode", "9",
                                  self.program(name), "--data", "synthetic", "--steps", "1",
                                  "--no-graph"], 60)
        return [line for line in text.splitlines() if "SUMMARY" in line][-1].strip("= "), \
            "0 errors", True

    def batch(self, name):
        """What a program trains on: images from a file, so that making them costs no step."""
        if self.is_gpt2(name):
            return "--data", "synthetic"
        size, image = self.option(name, "--batch"), self.option(name, "--image", 224)
        file = f"{self.build}/images-{size}-{image}.safetensors"
        if not os.path.exists(file):
            images, labels = size * image * image * 3 * 4, size * 4
            header = json.dumps({
                "images": {"dtype": "F32", "shape": [size, image, image, 3],
                           "data_offsets": [0, images]},
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
                out.write(b"".join((i * 7 % 1000).to_bytes(4, "little") for i in range(size)))
        return "--fixed-batch", file

    def memory(self, name):
        last = self.train(name, 4, 60, *self.batch(name))[-1]
        figure = {key: f"{value / 1e6:.0f} MB" for key, value in last.items()
                  if key.endswith("_bytes")}
        return f"planned {figure['arena_bytes']} + {figure['reserve_bytes']} reserved; measured " \
            f"{figure['process_peak_bytes']}, {figure['process_beside_arena_bytes']} of it beside " \
            f"the arena ({last['process_account']})", figure["budget_bytes"], \
            last["process_peak_bytes"] <= last["budget_bytes"]

    def unit(self, name):
        return "tokens/s" if self.is_gpt2(name) else "images/s"

    def seconds_at_mark(self, name):
        """Of one step, at the rate that is to be reached."""
        samples = self.option(name, "--batch") * \
            (self.option(name, "--seq") if self.is_gpt2(name) else 1)
        return samples / float(self.programs[name]["mark"])

    def speed(self, name):
        steps, unsteady = 12, 5
        lines = self.train(name, steps, 30 + 2 * steps * self.seconds_at_mark(name),
                           *self.batch(name))
        rates = sorted(value for line in lines[unsteady:] if "loss" in line
                       for key, value in line.items() if key.endswith("_per_second"))
        self.rates[name] = rates[len(rates) // 2]
        mark = self.programs[name]["mark"]
        return f"{self.rates[name]:.0f} {self.unit(name)}", f"{mark} {self.unit(name)}", \
            self.rates[name] >= float(mark)

    def torch(self, name):
        for package in ["torch"] if self.is_gpt2(name) else ["torch", "torchvision"]:
            if not importlib.util.find_spec(package):
                raise Skipped(f"{package} is not installed here")
        if name not in self.rates:
            raise Skipped("there is no rate of ours to set beside it")
        facts = self.programs[name]
        command = [sys.executable, f"{self.folder}/gpu-check/torch_speed.py",
                   *facts["model"].split(), "--precision",
                   "fp16" if "fp16" in facts["compile"] else "bf16"]
        try:
            text, end = self.commands.run(command, 120), ""
        except Failed as late:
            text, end = late.printed, f"; then {late}"
        told = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        if not told:
            raise Failed(end.removeprefix("; then ") or "no rate was printed")
        theirs, way = max((found["per_second"], found["way"]) for found in told)
        return f"PyTorch {theirs:.0f} {self.unit(name)} ({way}), ours {self.rates[name] / theirs:.2f}" \
            f" times that{end}", "1 time", self.rates[name] > theirs

    def built(self, name):
        self.program(name)
        return "builds", "", None

    def run(self):
        self.compile()
        self.part("build", self.pack)
        self.part("conformance", self.conformance)
        for name in self.of_part("losses"):
            self.part(f"losses: {name}", self.losses, name)
        for name in self.of_part("memory"):
            self.part(f"memory: {name}", self.memory, name)
        for name in self.of_part("four-ranks"):
            self.part(f"four ranks: {name}", self.four_ranks, name)
        for name in self.of_part("sanitizer"):
            for tool in ("memcheck", "racecheck"):
                self.part(f"{tool}: {name}", self.sanitizer, name, tool)
        # What is timed comes when nothing is compiled any more, the longest last, so that no other
        # starves.
        self.part("device", self.probe)
        speed = sorted(self.of_part("speed"), key=self.seconds_at_mark)
        for name in speed:
            self.part(f"speed: {name}", self.speed, name)
        for name in speed:
            if self.programs[name].get("beside") == "torch":
                self.part(f"PyTorch: {name}", self.torch, name)

    def run_build(self):
        self.compile()
        self.part("build", self.pack)
        for name in self.objects:
            self.part(f"build: {name}", self.built, name)


def device():
    """Name, driver and memory of the GPU; None where there is none."""
    smi = shutil.which("nvidia-smi")
    if not smi:
        return None
    done = subprocess.run([smi, "--query-gpu=name,driver_version,memory.total",
                           "--format=csv,noheader"], text=True, capture_output=True)
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def main():
    folder, output = map(os.path.abspath, sys.argv[1:3])
    build_only, found = os.environ.get("GPU_CHECK_BUILD_ONLY") == "1", device()
    if not build_only and not found:
        sys.exit("error: no GPU here that nvidia-smi can see; run this where there is one")
    os.makedirs(output, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gpu-check-") as build:
        check = Check(folder, build, output, found or "no GPU")
        check.run_build() if build_only else check.run()
    print(f"written: {output}/results.md")
    return int(any(verdict == "FAILED" for *_, verdict in check.rows))


if __name__ == "__main__":
    sys.exit(main())
