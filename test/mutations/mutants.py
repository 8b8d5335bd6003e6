"""Small textual changes of the CUDA target's sources, each a fault that somebody could make.

Mutants are made by rules over lines, then drawn by a fixed seed, as evenly over rules and files
as they come: the same sources give the same list.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

SEED = 20


@dataclass(frozen=True)
class Mutant:
    file: str  # below the folder of the sources
    line: int  # from 1
    rule: str
    before: str
    after: str

    def __str__(self):
        change = f"{self.before.strip()} -> {self.after.strip()}"
        return f"{self.file}:{self.line} {self.rule}: {change}"

    def apply(self, text):
        lines = text.split("\n")
        assert lines[self.line - 1] == self.before
        lines[self.line - 1] = self.after
        return "\n".join(lines)


def dropped(pattern):
    return (rf"^(\s*){pattern}.*;(\s*//.*)?$", r"\1;")


# Name, what is looked for, what takes its place. Of a line, every match is a mutant.
KERNELS = [
    ("drop a barrier", *dropped(r"__syncthreads\(\)")),
    ("drop a fill", *dropped(r"check\(cudaMemset\w*\(")),
    ("drop a copy", *dropped(r"check\(cudaMemcpy\w*\(")),
    ("drop an update of a sum", *dropped(r"\w+(\[[^]]*\])? \+= ")),
    ("one too many", r"(?<=[\w)] )<(?= \w[\w:]*; )", "<="),
    ("one too few", r"(?<=; )(\w+) < (\w+)(?=; )", r"\1 < \2 - 1"),
    ("begin at the second", r"(?<=\w) = 0; (?=\w+ <)", " = 1; "),
    ("a stride of the other dimension", r"\* (channels|columns|classes|width|inWidth)\b",
     "* rows"),
    ("a sum for a product of an index",
     r"(?<=[\w\])]) \* (channels|columns|classes|rows|width)\b", r" + \1"),
    ("an index that is one off", r"\+ (lane|threadIdx\.x|channel|column|c|i)\](?!\))",
     r"+ \1 + 1]"),
    ("a grid that is one short", r"\bdivideUp\(", "-1 + divideUp("),
    ("a block that is half", r"(?<=, )blockThreads, 0,", "blockThreads / 2, 0,"),
    ("half of the lanes", r"\boffset = 16\b", "offset = 8"),
    ("another condition", r"(?<= )(==|!=|>=|&&|\|\|)(?= )", lambda m: {
        "==": "!=", "!=": "==", ">=": ">", "&&": "||", "||": "&&"}[m[1]]),
    ("a minus for a plus", r"(?<=[\w\])]) \+ (?=[\w(])", " - "),
    ("a plus for a minus", r"(?<=[\w\])]) - (?=[\w(])", " + "),
    ("a dropped factor", r"(?<=[\w\])]) \* (scale|rate|factor|rstd|weight|gamma|momentum)\b", ""),
    ("another constant", r"\b(0\.5f|1\.0f|0\.0f)\b", lambda m: {
        "0.5f": "1.0f", "1.0f": "0.5f", "0.0f": "1.0f"}[m[1]]),
    ("the least for the most", r"\bfmaxf\b", "fminf"),
]

CALLS = [
    ("drop a wait", *dropped(r"[\w.>-]*\.?(wait|fork|synchronize)\(")),
    ("drop an event's record", *dropped(r"[\w.>-]*\brecord\(")),
    ("drop a fill", *dropped(r"check\(cudaMemset\w*\(")),
    ("drop a group's begin or end", *dropped(r"check\(ncclGroup\w+\(\)\)")),
    ("drop a call", *dropped(r"(un)?pack\(stream")),
    ("an offset that is off", r"\+ (message\.receiveOffset|offset|block \* run|peer \* bytes)\b",
     ""),
    ("another epilogue", r"\bCUBLASLT_EPILOGUE_(GELU_AUX_BIAS|GELU_BIAS|BGRADA|BGRADB|DGELU|BIAS)\b",
     lambda m: "CUBLASLT_EPILOGUE_" + {
         "GELU_AUX_BIAS": "GELU_BIAS", "GELU_BIAS": "BIAS", "BGRADA": "BGRADB",
         "BGRADB": "BGRADA", "DGELU": "DEFAULT", "BIAS": "DEFAULT"}[m[1]]),
    ("the other stream", r"context\.communication\b", "context.compute"),
    ("another transposition", r"\b(transpose[AB]) = true\b", r"\1 = false"),
    ("another transposition", r"\bCUBLAS_OP_(T|N)\b",
     lambda m: "CUBLAS_OP_" + {"T": "N", "N": "T"}[m[1]]),
    ("a swapped dimension", r"(?<=\.m = )s\.(\w+),", r"s.\1 + 1,"),
    ("a swapped dimension", r"\bs\.(inputs|outputs)\b",
     lambda m: "s." + {"inputs": "outputs", "outputs": "inputs"}[m[1]]),
    ("another condition", r"(?<= )(==|!=|&&|\|\|)(?= )", lambda m: {
        "==": "!=", "!=": "==", "&&": "||", "||": "&&"}[m[1]]),
    ("an alias of another operand", r"\{(x|dy|a|b), (w|x|b|a)\}", r"{\2, \1}"),
]

PROGRAM = [
    ("drop a call", r"^(  (?:  )?)\w+_?\(.*\);$", r"\1;"),
    ("drop a join", *dropped(r"\w+\.join\(")),
    ("a buffer that overlaps", r"(?<=>\()(\d{3,})(?=, \{)", lambda m: str(int(m[1]) - 256)),
    ("swapped operands", r"\(context, (\w+_), (\w+_)(?=[,)])", r"(context, \2, \1"),
]


def mutants_of(path, name, rules, without=None):
    """All of a file's, but for functions and structs whose name holds `without`."""
    found, left_out = [], False
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if without and re.match(r"[a-z]", line):
            left_out = without in line
        if left_out:
            continue
        code = line.split("//")[0]
        if not code.strip() or code.lstrip().startswith(("#", "///", "static_assert", "template")):
            continue
        for rule, pattern, becomes in rules:
            for match in re.finditer(pattern, code):
                after = code[:match.start()] + match.expand(becomes) + code[match.end():] \
                    if isinstance(becomes, str) \
                    else code[:match.start()] + becomes(match) + code[match.end():]
                if after.rstrip() != code.rstrip():
                    found.append(Mutant(name, number, rule, line, after))
    return found


def drawn(candidates, count):
    """As evenly over rules and files as they come."""
    generator = random.Random(SEED)
    groups = {}
    for mutant in sorted(candidates, key=str):
        groups.setdefault((mutant.rule, mutant.file), []).append(mutant)
    for group in groups.values():
        generator.shuffle(group)
    keys = sorted(groups)
    generator.shuffle(keys)
    chosen = []
    while len(chosen) < count and any(groups.values()):
        for key in keys:
            if groups[key] and len(chosen) < count:
                chosen.append(groups[key].pop())
    return chosen


def of_runtime(folder, count):
    folder = Path(folder)
    candidates = []
    for path in sorted(folder.rglob("*.cu")):
        candidates += mutants_of(path, str(path.relative_to(folder)), KERNELS)
    for name in ("Collectives.cpp", "Context.cpp", "CapturedStep.cpp", "FusedMatmul.cpp",
                 "Linear.cpp", "Matmul.cpp", "blas/Product.cpp", "nccl/NcclTransfer.cpp"):
        candidates += mutants_of(folder / name, name, CALLS)
    return drawn(candidates, count)


def of_program(path, count):
    """Of its step; what evaluates is in no loss."""
    return drawn(mutants_of(Path(path), Path(path).name, PROGRAM, without="Evaluat"), count)
