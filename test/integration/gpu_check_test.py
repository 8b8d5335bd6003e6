"""The harness of scripts/gpu-check.sh with programs that are made up: whatever one of them does, the others
are tried, every row is there as soon as it is known, and nothing goes on when the run has ended.

    gpu_check_test.py SOURCE
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import numpy
import psutil

SOURCE = sys.argv.pop(1)
sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"),
                f"{SOURCE}/scripts/gpu-check"]
import places  # noqa: E402
import safetensors  # noqa: E402
import samples  # noqa: E402

# A program: its log and its checkpoint, at a loss and a gradient, a step each hundredth of a second.
PROGRAM = """
import json, os, shutil, sys, time
folder, options = os.path.dirname(os.path.abspath(__file__)), sys.argv[1:]
value = lambda key: options[options.index(key) + 1]
log = open(value("--log"), "w", buffering=1)
for step in range(1, int(value("--steps")) + 1):
    time.sleep(SECONDS)
    log.write(json.dumps({"step": step, "loss": LOSS, "images_per_second": 100.0}) + "\\n")
log.write(json.dumps({"arena_bytes": 10, "reserve_bytes": 5, "budget_bytes": 20, "process_peak_bytes": 14,
                      "process_beside_arena_bytes": 4, "process_account": "as a test says"}) + "\\n")
if "--save" in options:
    shutil.copy(f"{folder}/checkpoint", value("--save"))
if "--timeline" in options:
    json.dump({"traceEvents": [{"name": "conv2dForward_a_", "ph": "X", "tid": 0, "ts": 0, "dur": 1500.0},
                               {"name": "sgd_b_", "ph": "X", "tid": 0, "ts": 9, "dur": 500.0}]},
              open(value("--timeline"), "w"))
"""
FIRST_CALLS = "print('cudaSetDevice: 0 no error, 1.5 ms')\nprint('cudnnCreate: STATUS words, 2.0 ms')"
CONFORMANCE = "print('[  PASSED  ] 12 tests.')"
PROBE = """print('{"memory_bytes_per_second": 3e12, "launch_seconds": 2e-6, "matmul_flops": {"bf16": 7e14}}')"""
TORCH = """
import json, sys
print("a line that is no answer")
print(json.dumps({"ready": "compiled"}), flush=True)
for line in sys.stdin:
    print(json.dumps({"way": "compiled", "per_second": 50.0}), flush=True)
"""
HANG = "import time\nprint('so far', flush=True)\ntime.sleep(1000)"


class GpuCheck(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name in "programs", "built", "expected", "packages/torch", "packages/torchvision":
            os.makedirs(f"{self.folder}/{name}")
        shutil.copytree(f"{SOURCE}/scripts/gpu-check", f"{self.folder}/gpu-check")
        shutil.copy(f"{SOURCE}/scripts/gpu-check.sh", self.folder)
        shutil.copy(f"{SOURCE}/test/integration/oracle/kinks.py", f"{self.folder}/gpu-check")
        self.write("facts", "commit=abc\ndevice=made up\npatience=0.05\n")
        self.write("built/libraries", "libc.so.6\n")
        for package in "torch", "torchvision":
            self.write(f"packages/{package}/__init__.py", "")
        self.write("gpu-check/torch_speed.py", TORCH)

        slots = {"a.momentum": numpy.linspace(-1, 1, 1000, dtype=numpy.float32), "a": numpy.zeros(3)}
        safetensors.save(f"{self.folder}/built/checkpoint", slots)
        self.write("expected/cpu.json", json.dumps(
            {"rate": "0.1", **{steps: {"losses": [2.0] * int(steps), "slots": samples.read(
                f"{self.folder}/built/checkpoint")} for steps in ("1", "4")}}))
        for name, text in ("first-calls", FIRST_CALLS.replace("STATUS", "0")), \
                ("conformance", CONFORMANCE), ("probe", PROBE):
            self.binary(name, text)
        for name in "resnet-f32", "resnet-bf16":
            self.program(name, "losses", name.split("-")[1], "against=cpu")
        self.program("resnet-tight", "memory", "bf16", "first=yes")
        for order, name in enumerate(("alpha", "beta")):
            self.program(name, "speed", "bf16", f"order={order}\nmark=90\nseconds=0.2\n"
                         + ("turns=2" if name == "alpha" else ""))
        self.program("alpha-calls", "calls", "bf16")

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def binary(self, name, text):
        self.write(f"built/{name}", f"#!/usr/bin/python3\n{text}")
        os.chmod(f"{self.folder}/built/{name}", 0o755)

    def program(self, name, part, precision, facts="", loss=2.0, seconds=0.01):
        os.makedirs(f"{self.folder}/programs/{name}", exist_ok=True)
        self.write(f"programs/{name}/facts", f"part={part}\nmodel=resnet18 --batch 1 --image 4\n"
                   f"compile=--precision {precision}\n{facts}\n")
        self.binary(name, PROGRAM.replace("LOSS", str(loss)).replace("SECONDS", str(seconds)))

    def start(self, *options, packages=True, path=""):
        return subprocess.Popen(
            [f"{self.folder}/gpu-check.sh", "run", *options, f"{self.folder}/out"], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=os.environ | {"PATH": f"{path}:{os.environ['PATH']}"} |
            ({"PYTHONPATH": f"{self.folder}/packages"} if packages else {}))

    def rows(self):
        """{check: (seen, verdict)}"""
        with open(f"{self.folder}/out/results.jsonl") as file:
            return {row["check"]: (row["seen"], row["verdict"]) for row in map(json.loads, file)}

    def run_check(self, *options, code=0, **others):
        process = self.start(*options, **others)
        said, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, said)
        rows = self.rows()
        with open(f"{self.folder}/out/results.md") as file:
            table = file.read()
        for name, (seen, verdict) in rows.items():
            self.assertIn(f"| {name} | {seen.replace('|', '/')} |", table)
        return rows

    def expect(self, rows, name, verdict, *words):
        self.assertIn(name, rows)
        self.assertEqual(rows[name][1], verdict, rows[name])
        for word in words:
            self.assertIn(word, rows[name][0])

    def test_first_light(self):
        rows = self.run_check("--first-light")
        self.assertNotIn("FAILED", [verdict for _, verdict in rows.values()])
        self.expect(rows, "library libc.so.6", "", "libc.so.6")
        self.expect(rows, "first calls", "passed", "2 statuses")
        self.expect(rows, "one convolution", "passed", "12 tests passed")
        self.expect(rows, "resnet-f32, with the graph", "passed", "4 losses within 0 ")
        self.expect(rows, "resnet-bf16, call by call", "passed", "1 losses")
        self.expect(rows, "memory: resnet-tight", "passed", "as a test says")
        self.assertEqual(list(rows)[-1], "all calls")

    def test_speed(self):
        rows = self.run_check("--speed")
        self.expect(rows, "speed: alpha", "passed", "100 images/s, 10.00 ms a step")
        self.expect(rows, "PyTorch: alpha, turn 1", "passed", "ours 2.000 times")
        self.expect(rows, "PyTorch: alpha, turn 2", "passed")
        self.expect(rows, "PyTorch: beta", "passed")
        self.expect(rows, "calls of alpha", "", "2 calls, 2.00 ms together; the step 10.00 ms",
                    "conv2dForward 1.50 ms")
        self.expect(rows, "device", "", "memory 3.00 TB/s")
        self.assertLess(list(rows).index("speed: beta"), list(rows).index("PyTorch: alpha, turn 1"))
        with open(f"{self.folder}/out/device.json") as file:
            self.assertEqual(json.load(file)["launch_seconds"], 2e-6)

    def test_speed_without_torch(self):
        shutil.rmtree(f"{self.folder}/packages")
        rows = self.run_check("--speed", packages=False)
        if "torch is" in rows["PyTorch: alpha, turn 1"][0]:
            self.expect(rows, "PyTorch: alpha, turn 1", "not run", "torch is not installed here")
        self.expect(rows, "speed: beta", "passed")

    def test_torch_that_hangs_or_dies(self):
        for text, words in (HANG, "PyTorch was not compiled in its time"), \
                ("raise SystemExit('error: out of memory')", "error: out of memory"):
            self.write("gpu-check/torch_speed.py", text)
            self.write("facts", "commit=abc\ndevice=made up\npatience=0.01\n")
            rows = self.run_check("--speed", "--limit", "30", code=1)
            self.expect(rows, "PyTorch: alpha, turn 1", "FAILED", words)
            self.expect(rows, "speed: beta", "passed")

    def test_missing_libraries_and_programs(self):
        self.write("built/libraries", "libc.so.6\nlibnothing.so.9\n")
        os.remove(f"{self.folder}/built/conformance")
        self.binary("resnet-f32", "import sys\nsys.exit('error while loading shared libraries: "
                    "libnothing.so.9: cannot open shared object file')")
        rows = self.run_check("--first-light", code=1)
        self.expect(rows, "library libnothing.so.9", "FAILED", "not found in", "LD_LIBRARY_PATH")
        self.expect(rows, "one attention", "not run", "conformance was not built")
        self.expect(rows, "resnet-f32, with the graph", "FAILED", "libnothing.so.9")
        self.expect(rows, "resnet-bf16, with the graph", "passed")

    def test_what_is_wrong_fails(self):
        self.binary("first-calls", FIRST_CALLS.replace("STATUS", "1001") + "\nraise SystemExit(1)")
        self.binary("conformance", "print('[  FAILED  ] Sgd.follows, where x = 1 (3 ms)')\n"
                    "print('[  FAILED  ] 1 test')\nraise SystemExit(1)")
        self.program("resnet-f32", "losses", "f32", "against=cpu", loss=2.001)
        self.program("resnet-bf16", "losses", "bf16", "against=cpu", loss="float('nan')")
        self.program("beta", "speed", "bf16", "order=1\nmark=110\nseconds=0.2\n")
        rows = self.run_check("--first-light", "--speed", code=1)
        self.expect(rows, "first calls: cudnnCreate", "FAILED", "1001 words")
        self.expect(rows, "all calls: Sgd.follows", "FAILED")
        self.expect(rows, "resnet-f32, call by call", "FAILED", "0.0005")
        self.expect(rows, "resnet-bf16, call by call", "FAILED", "inf")
        self.expect(rows, "speed: beta", "FAILED")

    def test_wrong_gradients_fail(self):
        values = numpy.linspace(-1, 1, 1000, dtype=numpy.float32)
        values[500:] *= 1.1
        safetensors.save(f"{self.folder}/built/checkpoint", {"a.momentum": values})
        rows = self.run_check("--first-light", code=1)
        self.expect(rows, "resnet-f32, call by call", "FAILED", "a.momentum")
        self.expect(rows, "resnet-bf16, call by call", "passed", "a.momentum")  # its bar is wider

    def test_a_program_that_hangs_ends_alone(self):
        self.binary("resnet-bf16", HANG)
        self.binary("alpha", HANG)
        rows = self.run_check("--first-light", "--speed", code=1)
        self.expect(rows, "resnet-bf16, with the graph", "FAILED", "not done after")
        self.expect(rows, "resnet-f32, with the graph", "passed")
        self.expect(rows, "all calls", "passed")
        self.expect(rows, "speed: alpha", "FAILED", "0 steady steps are too few", "not done after")
        self.expect(rows, "speed: beta", "passed")
        with open(f"{self.folder}/out/logs.txt") as file:
            self.assertIn("so far", file.read())

    def test_slow_steps_tell_a_rate_all_the_same(self):
        self.program("beta", "speed", "bf16", "order=1\nmark=90\nseconds=0.2\n", seconds=0.2)
        rows = self.run_check("--speed")
        self.expect(rows, "speed: beta", "passed", "100 images/s", "not done after")

    def test_when_time_runs_out_there_is_a_table(self):
        self.write("facts", "commit=abc\ndevice=made up\n")
        self.binary("resnet-bf16", HANG)
        begin = time.monotonic()
        rows = self.run_check("--first-light", "--limit", "10", code=1)
        self.assertLess(time.monotonic() - begin, 100)  # of the 1000 that it hangs
        self.expect(rows, "first calls", "passed")
        hung = [seen for seen, verdict in rows.values() if "when the time of all was up" in seen]
        self.assertEqual(len(hung), 1, rows)
        self.expect(rows, "all calls", "not run", "no time was left")

    def is_running(self, name):
        """Whether any process runs the binary."""
        return any(f"{self.folder}/built/{name}" in (process.info["cmdline"] or [])
                   for process in psutil.process_iter(["cmdline"]))

    def test_rows_are_there_before_the_end(self):
        self.write("facts", "commit=abc\ndevice=made up\n")
        self.binary("conformance", HANG)
        process = self.start("--first-light")
        table = ""
        for _ in range(300):
            time.sleep(0.1)
            if os.path.exists(f"{self.folder}/out/results.md"):
                with open(f"{self.folder}/out/results.md") as file:
                    table = file.read()
            if "first calls" in table:
                break
        self.assertIn("| first calls | 2 statuses", table)
        self.expect(self.rows(), "first calls", "passed")
        # Whoever ends it ends what it has started.
        for _ in range(300):
            if self.is_running("conformance"):
                break
            time.sleep(0.1)
        self.assertTrue(self.is_running("conformance"))
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1, said)
        self.assertFalse(self.is_running("conformance"))

    def test_the_rest(self):
        self.program("resnet-ample", "memory", "bf16")
        self.program("sanitized", "sanitizer", "bf16")
        os.mkdir(f"{self.folder}/tools")
        tool = f"{self.folder}/tools/compute-sanitizer"
        for code in 0, 9:
            self.write("tools/compute-sanitizer", f"#!/bin/sh\necho '===== ERROR SUMMARY: {code} errors'\nexit {code}\n")
            os.chmod(tool, 0o755)
            rows = self.run_check("--rest", code=1 if code else 0, path=f"{self.folder}/tools")
            self.expect(rows, "racecheck: sanitized", "FAILED" if code else "passed", f"SUMMARY: {code}")
            self.expect(rows, "memory: resnet-ample", "passed")
            self.assertNotIn("memory: resnet-tight", rows)  # first light's

    def test_tools_and_libraries_of_pip_are_found(self):
        home = f"{self.folder}/site/nvidia/cu13"
        for name in "bin/nvcc", "lib/libmadeup.so.9", "include/madeup.h":
            os.makedirs(os.path.dirname(f"{home}/{name}"))
            self.write(f"site/nvidia/cu13/{name}", "")
        os.chmod(f"{home}/bin/nvcc", 0o755)
        site = {"purelib": f"{self.folder}/site", "platlib": f"{self.folder}/site"}
        with mock.patch("sysconfig.get_paths", return_value=site), \
                mock.patch("places.TOOLKIT", f"{self.folder}/none"), \
                mock.patch("shutil.which", return_value=None):
            self.assertEqual(places.nvcc(), f"{home}/bin/nvcc")
            self.assertEqual(places.libraries("libmadeup.so*"), [f"{home}/lib/libmadeup.so.9"])
            self.assertEqual(places.include("madeup.h"), f"{home}/include")

    def test_no_gpu_and_no_folder(self):
        self.write("facts", "commit=abc\n")
        if not shutil.which("nvidia-smi"):
            process = self.start("--speed")
            self.assertIn("error: no GPU here", process.communicate(timeout=30)[0])
            self.assertEqual(process.returncode, 1)
        shutil.rmtree(f"{self.folder}/programs")
        said = self.start().communicate(timeout=30)[0]
        self.assertIn("holds no programs; make a folder with: gpu-check.sh prepare FOLDER", said)


if __name__ == "__main__":
    unittest.main()
