"""Whether the tests on the stand-in device bite: each mutant (mutants.py) is compiled alone,
linked in front of everything else, and run under all checks by what covers it.

    run.py SOURCE BUILD [PART/PARTS] [--list]

A mutant of the runtime's kernels and calls runs the conformance tests of its file; one of what
those never call, and of an emitted program, runs that program on two ranks beside the CPU
target's losses. Caught is what fails a test, is reported, or does not end. The exit code is 1
where something is not caught that EXPECTED does not explain.
"""

import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import mutants

SOURCE, BUILD = (Path(argument).resolve() for argument in sys.argv[1:3])
sys.path.insert(0, str(SOURCE / "test/integration"))
from commands import ENVIRONMENT, run  # noqa: E402

RUNTIME_MUTANTS, PROGRAM_MUTANTS = 200, 40
STEPS, RANKS, TOLERANCE = 5, 2, 1e-5
CHECKED = ENVIRONMENT | {"STANDIN_CHECKS": "strict"}

# Which conformance tests run a file's calls; of others, those that bear its name.
TESTS = {
    "blas/Product.cpp": "*Matmul*:*Linear*:*Epilogues*",
    "CopyRows.cu": "*Slice*:*Concat*:*Copy*", "FusedMatmul.cpp": "*Epilogues*",
    "FusedMatmul.cu": "*Epilogues*", "Linear.cpp": "*Linear*", "Linear.cu": "*Linear*:*Bias*",
    "Loss.cu": "*Loss*:*CountCorrect*", "Matmul.cpp": "*Matmul*",
    "Matmul.cu": "*Matmul*:*Tables*:*Add*", "Norm.cu": "*Norm*",
    "StridedCopy.cu": "*Transpose*:*Slice*:*Concat*:*Copy*",
}
# Run by programs; the conformance tests see of them that the host waits (a label out of range).
PROGRAM_FILES = {"Collectives.cpp", "Context.cpp", "CapturedStep.cpp", "nccl/NcclTransfer.cpp"}
TESTS["Context.cpp"] = "*Embedding*:*CrossEntropy*"

# What no test can catch, or none does, and why: (file, rule, a piece of the changed line).
EXPECTED = [
    ("blas/Product.cpp", "another condition", "CUBLAS_STATUS_SUCCESS || found > 0",
     "where cuBLASLt finds nothing, it does not say success"),
    ("Collectives.cpp", "the other stream", "transfer->run(context.compute",
     "in the compute stream's order nothing overlaps, and what is computed stays"),
    ("Context.cpp", "another condition", "plannedHandle() != cudnnHandle",
     "a context goes when its process does, and nothing is planned behind it"),
]


def losses_in(log):
    """Of the steps, and of the evaluation behind them."""
    lines = map(json.loads, log.read_text().splitlines()) if log.exists() else []
    return [line[key] for line in lines for key in ("loss", "test_loss") if key in line]


def finish(command, timeout, environment=CHECKED):
    """Exit code and what was printed; None where it does not end."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment,
                              stdin=subprocess.DEVNULL, timeout=timeout, errors="replace")
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return None, ""


def verdict(code, text):
    if code is None:
        return "caught: it does not end"
    if code == 0:
        return None
    for line in text.split("\n"):
        if line.startswith("stand-in device: "):
            return "caught: " + line.removeprefix("stand-in device: ")[:100]
    if "Failure" in text or "FAILED" in text:
        return "caught: a test fails"
    error = [line for line in text.split("\n") if "error" in line.lower()]
    return "caught: " + (error[0][:100] if error else f"exit code {code}")


class Suite:
    """The conformance suite, with one object in place of the library's."""

    def __init__(self, folder):
        self.folder = folder
        commands = run("ninja", "-C", BUILD, "-t", "commands",
                       "autopar_conformance_standin").stdout.split("\n")
        self.link = [c for c in commands if "-o bin/autopar_conformance_standin" in c][-1]
        self.passed = set()  # tests, without a mutant
        self.compile = {}
        for command in commands:
            if found := re.search(r" -c \S*/runtime/cuda/(\S+)$", command):
                self.compile[found[1]] = command

    def build(self, name, text):
        """The binary, or None where the source does not compile."""
        mutated, built = self.folder / Path(name).name, self.folder / "mutated.o"
        mutated.write_text(text)
        command = shlex.split(self.compile[name])
        command[command.index("-c") + 1] = str(mutated)
        command[command.index("-o") + 1] = str(built)
        for option in ("-MF", "-MT"):
            del command[command.index(option):command.index(option) + 2]
        command = [part for part in command if part not in ("ccache", "-MD", "-Wall", "-Wextra")]
        if subprocess.run(command + ["-O1", "-w"], cwd=BUILD, capture_output=True).returncode:
            return None
        binary = self.folder / "suite"
        link = self.link.replace("-o bin/autopar_conformance_standin", f"{built} -o {binary}")
        subprocess.run(link, shell=True, cwd=BUILD, check=True, capture_output=True)
        return binary

    def run(self, name, text):
        binary = self.build(name, text)
        if not binary:
            return "does not compile"
        return self.test(binary, TESTS.get(name, f"*{Path(name).stem}*"))

    def test(self, binary, tests):
        if tests not in self.passed:
            self.passed.add(tests)
            if found := self.test(BUILD / "bin/autopar_conformance_standin", tests):
                sys.exit(f"{tests} without a mutant is {found}")
        return verdict(*finish([binary, "--gtest_brief=1", "--gtest_fail_fast",
                                f"--gtest_filter={tests}"], 300))


class Program:
    """An emitted program on two ranks, and the losses that it must have."""

    def __init__(self, folder, suite):
        self.folder, self.suite = folder, suite
        self.source = folder / "cuda/train_rank.cpp"
        self.emit("cuda", "--no-build")
        self.expected = None

    def emit(self, target, *options):
        run("autopar-compile", SOURCE / "test/integration/Inputs/small.mlir", "--mesh", str(RANKS),
            "--target", target, "--quiet", "-o", self.folder / target, *options)

    def prepare(self):
        """What the first mutant needs."""
        folder = self.folder
        self.emit("cpu")
        log = folder / "cpu.log"
        run(*self.ranks(folder / "cpu/train_rank", log), env=ENVIRONMENT)
        self.expected = losses_in(log)
        log = folder / "cuda.log"
        run(SOURCE / "scripts/standin-run.sh", folder / "cuda", "-n", str(RANKS), "--strict",
            "--libraries", BUILD / "test/standin/autopar-standin.cmake", "--",
            *self.options(log), env=ENVIRONMENT)
        self.build = folder / "cuda-standin"
        self.link = (self.build / "CMakeFiles/train_rank.dir/link.txt").read_text()
        run("cmake", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", self.build)
        self.compile = {Path(entry["file"]).name: shlex.split(entry["command"]) for entry in
                        json.loads((self.build / "compile_commands.json").read_text())}
        if not self.agrees(log):
            sys.exit("the program without a mutant does not agree with the CPU's")

    @staticmethod
    def options(log):
        return ["--data", "synthetic", "--steps", str(STEPS), "--log", str(log)]

    def ranks(self, binary, log, *options):
        return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS), str(binary),
                *self.options(log), *options]

    def agrees(self, log):
        losses = losses_in(log)
        return len(losses) == len(self.expected) > STEPS - 1 and all(
            abs(ours - theirs) <= TOLERANCE for ours, theirs in zip(losses, self.expected))

    def run(self, name, text):
        if not self.expected:
            self.prepare()
        built, binary = self.folder / "mutated.o", self.folder / "program"
        if name in self.suite.compile:
            if not self.suite.build(name, text):
                return "does not compile"
            built = self.suite.folder / "mutated.o"
            link = self.link.replace("-o train_rank", f"{built} -o {binary}")
        else:
            mutated = self.folder / name
            mutated.write_text(text)
            command = self.compile[name]
            command = [part for part in command if part != "ccache"]
            command[command.index("-o") + 1] = str(built)
            command[command.index("-c") + 1] = str(mutated)
            command += ["-I", str(self.source.parent), "-w"]
            if subprocess.run(command, cwd=self.build, capture_output=True).returncode:
                return "does not compile"
            link = re.sub(r"\S*train_rank\.cpp\.o", str(built), self.link)
            link = link.replace("-o train_rank", f"-o {binary}")
        subprocess.run(link, shell=True, cwd=self.build, check=True, capture_output=True)
        for options in ([], ["--no-graph"]):
            log = self.folder / "mutated.log"
            log.unlink(missing_ok=True)
            code, text = finish(self.ranks(binary, log, *options), 120)
            if found := verdict(code, text):
                return found
            if not self.agrees(log):
                return "caught: other losses than the CPU's"
        return None


def explanation(mutant):
    for file, rule, piece, why in EXPECTED:
        if mutant.file == file and mutant.rule == rule and piece in mutant.after:
            return why
    return None


def main():
    arguments = sys.argv[3:]
    listed = "--list" in arguments
    part, parts = map(int, next((a for a in arguments if "/" in a), "1/1").split("/"))
    counts = {"caught": 0, "not caught": 0, "explained": 0, "does not compile": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suite = Suite(folder)
        program = Program(folder, suite)
        drawn = mutants.of_runtime(SOURCE / "runtime/cuda", RUNTIME_MUTANTS)
        drawn += mutants.of_program(program.source, PROGRAM_MUTANTS)
        first, last = (len(drawn) * p // parts for p in (part - 1, part))
        for number, mutant in list(enumerate(drawn))[first:last]:
            if listed:
                print(mutant)
                continue
            emitted = mutant.file == program.source.name
            source = program.source if emitted else SOURCE / "runtime/cuda" / mutant.file
            text = mutant.apply(source.read_text())
            in_program = emitted or mutant.file in PROGRAM_FILES
            in_suite = not emitted and (not in_program or mutant.file in TESTS)
            runners = in_suite * [suite] + in_program * [program]
            results = (runner.run(mutant.file, text) for runner in runners)
            result = next(filter(None, results), None)
            if result is None:
                why = explanation(mutant)
                result = f"explained: {why}" if why else "not caught"
            counts[result.split(":")[0]] += 1
            print(f"{number + 1:3} {mutant}\n    {result}", flush=True)
    if listed:
        return 0
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 1 if counts["not caught"] or not counts["caught"] else 0


sys.exit(main())
