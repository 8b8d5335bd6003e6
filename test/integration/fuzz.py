#!/usr/bin/python3
"""Feeds autopar-compile spoilt models, plans and options: it may refuse, but cleanly.

    fuzz.py SEED COUNT

Every run must end by itself with exit code 0 or 1, never by a signal; one that fails must say
"error:" and leave no file behind. The mutations follow from SEED alone; what fails is kept and its
command line printed.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = f"{HERE}/Inputs/small.mlir"
TIMEOUT = 120  # seconds for what takes 0.1 on an idle machine

NUMBERS = ("0", "-1", "1", "2", "3", "7", "4096", "2147483648", "9223372036854775807",
           "99999999999999999999", "1e400", "nan", "?", "")
WORDS = ("graph.relu", "graph.add", "graph.linear", "graph.conv2d", "f64", "i32", "index", "none",
         "tensor<*xf32>", "@model", "@step", "parameter", "state", "slot", "S0", "R", "|U0", "->",
         "{", "}", "(", ")", "\"", "#graph.sgd<learning_rate = 0.1>", "\0", "é")
OPTIONS = ("--mesh", "--mem-budget", "--arena-budget", "--bucket", "--time-limit", "--device", "--target",
           "--print-after", "--plan-in", "--dump-problem")
VALUES = NUMBERS + ("2x2", "2x", "x", "1x1x1x1", "100000x100000", "8GB", "8XB", "-5MB", "1e30GB", "inf",
                    "1B", "cpu", "cuda", "h100-sxm", "/dev/null", "/", "spmd", "plan", "small.mlir")


def spoil(text, pick):
    """One small change of a text."""
    tokens = re.split(r"(\s+|[^\w.%@#-])", text)
    at = pick.randrange(len(tokens))
    other = pick.randrange(len(tokens))
    kind = pick.choice(("number", "word", "drop", "double", "swap", "line", "cut", "byte"))
    if kind == "number":
        numbers = [match.span() for match in re.finditer(r"\d+", text)]
        begin, end = pick.choice(numbers)
        return text[:begin] + pick.choice(NUMBERS) + text[end:]
    if kind == "line":
        lines = text.splitlines(keepends=True)
        lines.insert(pick.randrange(len(lines)), lines.pop(pick.randrange(len(lines))))
        return "".join(lines)
    if kind == "cut":
        return text[:pick.randrange(len(text))]
    if kind == "byte":
        at = pick.randrange(len(text))
        return text[:at] + chr(pick.randrange(128)) + text[at + 1:]
    if kind == "word":
        tokens[at] = pick.choice(WORDS)
    elif kind == "drop":
        tokens[at] = ""
    elif kind == "double":
        tokens[at] *= 2
    else:
        tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


def compile_in(folder, options):
    """Runs the compiler in `folder`; returns what is wrong with how it ended, or None."""
    before = set(os.listdir(folder))
    command = ["autopar-compile", "small.mlir", "--target", "cpu", "--time-limit", "2", "--quiet",
               "--no-build", "-o", "program", "--plan-out", "plan-out.json",
               "--report", "report.json", *options]
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL,
                             timeout=TIMEOUT, errors="replace")
    except subprocess.TimeoutExpired:
        return f"runs for more than {TIMEOUT} s: {' '.join(command)}", None
    left = set(os.listdir(folder)) - before - {"problem.json"}
    wrong = None
    if run.returncode not in (0, 1):
        wrong = f"ended with {run.returncode}"
    elif run.returncode == 1 and left:
        wrong = f"failed and left {sorted(left)}"
    elif run.returncode == 1 and "error:" not in run.stderr and "autopar-compile: " not in run.stderr:
        wrong = "failed without saying why"
    elif run.returncode == 0 and left != {"program", "plan-out.json", "report.json"}:
        wrong = f"succeeded and left {sorted(left)}"
    return wrong and f"{wrong}: {' '.join(map(repr, command))}\n{run.stderr[-2000:]}", run.returncode


def main(seed, count):
    pick = random.Random(seed)
    with open(MODEL) as file:
        model = file.read()
    folder = tempfile.mkdtemp(prefix="autopar-fuzz-")
    ended = {0: 0, 1: 0}

    def attempt(number, model, plan, options):
        case = f"{folder}/{number}"
        os.mkdir(case)
        for name, text in ("small.mlir", model), ("plan.json", plan):
            if text is not None:
                with open(f"{case}/{name}", "w") as file:
                    file.write(text)
        wrong, code = compile_in(case, options)
        if wrong:
            sys.exit(f"fuzz.py {seed}, case {number} in {case}\n{wrong}")
        ended[code] += 1
        saved = None
        if code == 0:
            with open(f"{case}/plan-out.json") as file:
                saved = file.read()
        shutil.rmtree(case)
        return code, saved

    code, plan = attempt("unspoilt", model, None, ["--mesh", "2x1"])
    if code:
        sys.exit("fuzz.py: the model does not compile even before it is spoilt")
    for number in range(count):
        kind = number % 4
        if kind < 2:
            attempt(number, spoil(model, pick), None, ["--mesh", pick.choice(("1", "2x1", "2x2"))])
        elif kind == 2:
            attempt(number, model, spoil(plan, pick), ["--mesh", "2x1", "--plan-in", "plan.json"])
        else:
            attempt(number, model, None, [f"{pick.choice(OPTIONS[:-1])}={pick.choice(VALUES)}"
                                          for _ in range(pick.choice((1, 1, 2)))])
    shutil.rmtree(folder)
    print(f"seed {seed}: {ended[0]} compiled, {ended[1]} were refused")
    # Else the mutations reach only one side of the compiler.
    if min(ended.values()) < count // 20:
        sys.exit("fuzz.py: nearly all cases ended alike")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
