"""What gpu-check.sh run does: builds a prepared folder's programs with nvcc and g++ alone, runs every
part within its time, and writes a table. Exit code 0 when nothing failed that could run."""

import glob
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor

DEADLINE = time.monotonic() + float(os.environ.get("GPU_CHECK_SECONDS", 570))


class Failed(Exception):
    """A part's failure, in one line."""


class Skipped(Exception):
    """Why a part could not be tried here."""


def run(command, seconds, log=None, **options):
    """Runs `command` within `seconds` and the whole check's time; its output goes to `log` too."""
    left = min(seconds, DEADLINE - time.monotonic())
    if left <= 1:
        raise Skipped("no time was left")
    try:
        done = subprocess.run(command, timeout=left, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **options)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"not done after {left:.0f} s: {command[0]}") from late
    if log:
        with open(log, "w") as file:
            file.write(" ".join(command) + "\n" + done.stdout)
    if done.returncode:
        lines = done.stdout.strip().splitlines() or [f"exit code {done.returncode}"]
        told = [line for line in lines if "error" in line.lower()] or lines[-1:]
        raise Failed(told[0].strip()[:300])
    return done.stdout


class Toolchain:
    """Finds nvcc, g++, cuDNN and NCCL, also where pip has put them, and builds with them."""

    def __init__(self, folder, output):
        self.folder, self.output = folder, output
        self.nvcc = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
        if not os.access(self.nvcc, os.X_OK):
            sys.exit("error: nvcc is not found; put it on the PATH")
        if not shutil.which("g++"):
            sys.exit("error: g++ is not found")
        cuda = os.path.dirname(os.path.dirname(os.path.realpath(self.nvcc)))
        packages = [os.path.join(sysconfig.get_paths()[kind], "nvidia", "*")
                    for kind in ("purelib", "platlib")]
        self.includes, self.libraries = [f"{cuda}/include"], []
        homes = [cuda, "/usr", "/usr/local", *(home for path in packages for home in glob.glob(path))]
        for header, library in ("cudnn.h", "libcudnn.so*"), ("nccl.h", "libnccl.so*"), \
                ("cublasLt.h", "libcublasLt.so*"):
            include = [place for home in homes for place in
                       glob.glob(f"{home}/include") + glob.glob(f"{home}/include/*-linux-gnu")
                       if os.path.exists(f"{place}/{header}")]
            found = [file for home in homes for lib in ("lib64", "lib", "lib/*-linux-gnu",
                                                        "targets/*/lib")
                     for file in sorted(glob.glob(f"{home}/{lib}/{library}"))]
            if not include or not found:
                sys.exit(f"error: {header if not include else library} is not found in any of "
                         f"{', '.join(homes)}")
            self.includes.append(include[0])
            self.libraries += [found[0], f"-Wl,-rpath,{os.path.dirname(found[0])}"]
        self.mpi = shutil.which("mpicxx") if shutil.which("mpirun") else None
        self.objects = os.path.join(output, "objects")
        os.makedirs(os.path.join(self.objects, "include"), exist_ok=True)
        link = os.path.join(self.objects, "include", "autopar")
        if not os.path.islink(link):
            os.symlink(f"{folder}/runtime", link)

    def flags(self, *more):
        places = [f"{self.objects}/include", f"{self.folder}/runtime/json", *more]
        # Compilers know these, and lose their own headers where they are named again.
        known = ("/usr/include", "/usr/local/include")
        system = [place for place in dict.fromkeys(self.includes) if place not in known]
        return [f"-I{place}" for place in places] + [
            word for place in system for word in ("-isystem", place)]

    def compile(self, source, *flags):
        """Returns the object file of `source`."""
        name = os.path.relpath(source, self.folder).replace("/", "-")
        target = f"{self.objects}/{name}.o"
        if source.endswith(".cu"):
            command = [self.nvcc, "-arch=" + os.environ.get("GPU_CHECK_ARCH", "native"), "-O3",
                       "-std=c++20", "--extended-lambda", "--expt-relaxed-constexpr",
                       "-Xcompiler=-fPIC,-fopenmp"]
        else:
            compiler = self.mpi if self.mpi and "mpi" in name.lower() else "g++"
            command = [compiler, "-O0" if "train_rank" in name else "-O2", "-std=c++20", "-fPIC",
                       "-fopenmp"]
        run([*command, *self.flags(), *flags, "-c", source, "-o", target], 400)
        return target

    def compile_all(self, sources, *flags):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda source: self.compile(source, *flags), sources))

    def runtime(self):
        """An archive of the runtime's objects; as the CMakeLists.txt of emitted programs have them."""
        rooms = ["core", "tcp", "mpi", "cuda", "cuda/blas", "cuda/cudnn", "cuda/nccl"]
        sources = [file for room in rooms for kind in ("cpp", "cu")
                   for file in glob.glob(f"{self.folder}/runtime/{room}/*.{kind}")]
        sources.append(f"{self.folder}/runtime/cuda/mpi/With{'' if self.mpi else 'out'}Mpi.cpp")
        if not self.mpi:
            plans = ("CollectivePlan.cpp", "Messages.cpp")
            sources = [file for file in sources if "/runtime/mpi/" not in file
                       or file.endswith(plans)]
        # The slowest first.
        sources.sort(key=lambda file: (not file.endswith(".cu"), -os.path.getsize(file)))
        archive = f"{self.objects}/libautopar.a"
        run(["ar", "rcs", archive, *self.compile_all(sources)], 60)
        return archive

    def link(self, target, objects):
        run([self.mpi or "g++", "-fopenmp", *objects, f"{self.objects}/libautopar.a",
             *self.libraries, f"-L{os.path.dirname(os.path.dirname(self.nvcc))}/lib64",
             "-lcudart_static", "-ldl", "-lrt", "-lpthread", "-o", target], 120)
        return target


class Check:
    def __init__(self, folder, output):
        self.folder, self.output, self.rows = folder, output, []
        self.tools = Toolchain(folder, output)
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
        except (Failed, OSError, ValueError, KeyError) as error:
            seen, bar, verdict = str(error).splitlines()[0][:300] if str(error) else repr(error), \
                "", "FAILED"
        self.rows.append((name, seen, bar, verdict))
        print(f"{verdict or 'seen':8} {name}: {seen}  ({time.monotonic() - begin:.0f} s)", flush=True)
        self.write()

    def write(self):
        commit = open(f"{self.folder}/commit").read().strip()
        device = run(["nvidia-smi", "--query-gpu=name,driver_version,memory.total",
                      "--format=csv,noheader"], 60).splitlines()[0]
        with open(f"{self.output}/results.md", "w") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {device}, commit "
                       f"{commit}\n\n| check | seen | bar | |\n|---|---|---|---|\n")
            for row in self.rows:
                file.write("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n")

    def of_part(self, part):
        return [name for name, facts in self.programs.items() if facts["part"] == part]

    def train(self, name, steps, seconds, *options, launcher=()):
        """Runs a program; returns its log's lines."""
        log = f"{self.output}/{name}.jsonl"
        run([*launcher, f"{self.tools.objects}/{name}", "--steps", str(steps), "--log", log,
             *(options or ("--data", "synthetic"))], seconds, f"{self.output}/{name}.txt")
        return [json.loads(line) for line in open(log)]

    # The parts.

    def build(self):
        begin = time.monotonic()
        self.tools.runtime()
        sources = [f"{self.folder}/programs/{name}/train_rank.cpp" for name in self.programs]
        for name, made in zip(self.programs, self.tools.compile_all(sources)):
            self.tools.link(f"{self.tools.objects}/{name}", [made])
        took = time.monotonic() - begin
        return f"{len(sources)} programs in {took:.0f} s, {'with' if self.tools.mpi else 'without'} " \
            "MPI", "", None

    def conformance(self):
        test = f"{self.folder}/googletest"
        flags = [f"-I{test}", f"-I{test}/include", f"-I{self.folder}/runtime/conformance/cuda",
                 f"-I{self.folder}/runtime/conformance"]
        room = f"{self.folder}/runtime/conformance"
        sources = [f"{test}/src/gtest-all.cc", *glob.glob(f"{room}/*.cpp"),
                   f"{room}/cuda/Main.cpp", f"{room}/cuda/SixteenBits.cpp"]
        program = self.tools.link(f"{self.tools.objects}/conformance",
                                  self.tools.compile_all(sources, *flags))
        text = run([program, "--gtest_brief=1"], 180, f"{self.output}/conformance.txt")
        last = [line for line in text.splitlines() if "PASSED" in line][-1]
        return last.replace("[  PASSED  ]", "").strip() + " passed", "all", True

    def probe(self):
        made = self.tools.compile(f"{self.folder}/gpu-check/Probe.cu")
        text = run([self.tools.link(f"{self.tools.objects}/probe", [made])], 60)
        found = json.loads(text)
        with open(f"{self.output}/device.json", "w") as file:
            json.dump(found, file, indent=1)
        rates = ", ".join(f"{name} {rate / 1e12:.0f} TFLOP/s"
                          for name, rate in found["matmul_flops"].items())
        return f"memory {found['memory_bytes_per_second'] / 1e12:.2f} TB/s, launch " \
            f"{found['launch_seconds'] * 1e6:.2f} us, products: {rates}", "", None

    def losses(self, name, launcher=(), options=()):
        """Against the losses that the CPU's program of the same model had."""
        facts = self.programs[name]
        with open(f"{self.folder}/programs/{facts['against']}.jsonl") as file:
            wanted = [line["loss"] for line in map(json.loads, file) if "loss" in line]
        lines = self.train(name, len(wanted), 120, "--data", "synthetic", *options,
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
        sanitizer = shutil.which("compute-sanitizer") or \
            os.path.join(os.path.dirname(self.tools.nvcc), "compute-sanitizer")
        if not os.access(sanitizer, os.X_OK):
            raise Skipped("compute-sanitizer is not installed here")
        text = run([sanitizer, "--tool", tool, "--error-exitcode", "9",
                    f"{self.tools.objects}/{name}", "--data", "synthetic", "--steps", "1",
                    "--no-graph"], 90, f"{self.output}/{tool}.txt")
        return [line for line in text.splitlines() if "SUMMARY" in line][-1].strip("= "), \
            "0 errors", True

    def batch(self, facts):
        """What a program trains on: images from a file, so that making them costs no step."""
        words = facts["model"].split()
        value = {key: word for key, word in zip(words, words[1:]) if key.startswith("--")}
        if words[0].startswith("gpt2"):
            return "--data", "synthetic"
        size, image = int(value["--batch"]), int(value.get("--image", 224))
        file = f"{self.tools.objects}/images-{size}-{image}.safetensors"
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
        last = self.train(name, 4, 60, *self.batch(self.programs[name]))[-1]
        plan, beyond = last["measured_peak_bytes"], last["resident_beyond_arena_bytes"]
        reserve = 1 << 30  # the device model's reserve_bytes
        return f"plan {plan / 1e6:.0f} MB, the driver counts {beyond / 1e6:.0f} MB more", \
            f"{reserve / 1e6:.0f} MB more", \
            plan == last["predicted_peak_bytes"] and beyond <= reserve

    def speed(self, name):
        facts = self.programs[name]
        steps = 30
        lines = self.train(name, steps, 60, *self.batch(facts))
        rates = [value for line in lines[5:] if "loss" in line
                 for key, value in line.items() if key.endswith("_per_second")]
        ours = sorted(rates)[len(rates) // 2]
        unit = "tokens/s" if facts["model"].startswith("gpt2") else "images/s"
        model, *options = facts["model"].split()
        try:
            text = run([sys.executable, f"{self.folder}/gpu-check/torch_speed.py", model, *options,
                        "--precision", "fp16" if "fp16" in facts["compile"] else "bf16"], 120,
                       f"{self.output}/{name}-torch.txt")
            theirs = json.loads(text.splitlines()[-1])["per_second"]
        except (Failed, ValueError, IndexError) as error:
            return f"{ours:.0f} {unit}; PyTorch: {error}", f"{facts['mark']} {unit}", \
                ours >= float(facts["mark"])
        return f"{ours:.0f} {unit}, PyTorch {theirs:.0f}: {ours / theirs:.2f} times", \
            f"{facts['mark']} {unit}, ahead of PyTorch", \
            ours >= float(facts["mark"]) and ours > theirs

    def run(self):
        self.part("build", self.build)
        self.part("device", self.probe)
        self.part("conformance", self.conformance)
        for name in self.of_part("losses"):
            self.part(f"losses: {name}", self.losses, name)
        for name in self.of_part("speed"):
            self.part(name, self.speed, name)
        for name in self.of_part("memory"):
            self.part(f"memory: {name}", self.memory, name)
        for name in self.of_part("four-ranks"):
            self.part(f"four ranks: {name}", self.four_ranks, name)
        for name in self.of_part("sanitizer"):
            for tool in ("memcheck", "racecheck"):
                self.part(f"{tool}: {name}", self.sanitizer, name, tool)
        print(f"written: {self.output}/results.md")
        return any(row[3] == "FAILED" for row in self.rows)


def main():
    folder, output = map(os.path.abspath, sys.argv[1:3])
    if os.environ.get("GPU_CHECK_BUILD_ONLY") != "1":
        smi = shutil.which("nvidia-smi")
        if not smi or subprocess.run([smi], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL).returncode:
            sys.exit("error: no GPU here that nvidia-smi can see; run this where there is one")
    os.makedirs(output, exist_ok=True)
    check = Check(folder, output)
    if os.environ.get("GPU_CHECK_BUILD_ONLY") == "1":
        print(check.build()[0])
        return 0
    return int(check.run())


if __name__ == "__main__":
    sys.exit(main())
