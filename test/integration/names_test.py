"""A program whose names are all that could be in the way of C++, built, run, saved and read again.

    names_test.py TARGET [INCLUDES]

A program of a target that cannot run here is built only. The words are taken from the compiler's own headers, not from a list of ours.
"""

import json
import pathlib
import re
import struct
import sys
import tempfile

from commands import ENVIRONMENT, run

TARGET, INCLUDES = sys.argv[1], sys.argv[2:]
BATCH, IMAGE, WIDTH = 4, "2x2x3", 12

KEYWORDS = """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t
char16_t char32_t class compl concept const consteval constexpr constinit const_cast continue
co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit export
extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
nullptr operator or or_eq private protected public register reinterpret_cast requires return short
signed sizeof static static_assert static_cast struct switch template this thread_local throw true
try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
final override import module typeof int64_t size_t std main printf""".split()

HOSTILE = ["", "_", "__", "0", "0.relu", "a.b", "a_b", "a/b", "a b", "a__b", "_A", "__x", "A_", "conv1_", "x",
           "x_", "x_2", "x_2_", "é", "重み", "*/", "/*", "//", "a\\", "a\\\n", "??/", "\"", "\"); abort(); (\"",
           "a\nb", "a\tb", "'", "%s%n", "{}", "{0}", "$(x)", "`x`", "#define", "@", "a" * 3000, "n" * 120 + "\\",
           "transformer.w", "w", "images", "labels", "loss", "learning_rate", "images.grad", "loss_scale", "steps_taken", "v", "v_", "CUDNN_H", "NULL_"]


def macros_and_names(folder):
    """All macros that a program sees, and what its headers declare in the runtime's namespaces."""
    headers = [path.relative_to(folder) for path in sorted((folder / "autopar").rglob("*.h"))
               if "json" not in path.parts]
    (folder / "all.cpp").write_text("".join(f'#include "{header}"\n' for header in headers))
    seen = run("mpicxx", "-std=c++20", "-fopenmp", "-dM", "-E", "-I", str(folder),
               "-I", str(folder / "autopar/json"), *(f"-I{path}" for path in INCLUDES),
               str(folder / "all.cpp")).stdout
    macros = set(re.findall(r"^#define (\w+)", seen, re.MULTILINE))
    declared = set()
    for header in headers:
        declared |= set(re.findall(r"^(?:class|struct|enum class|namespace) (\w+)",
                                   (folder / header).read_text(), re.MULTILINE))
        declared |= set(re.findall(r"^\w[\w:<>&* ]* \**(\w+)\(", (folder / header).read_text(),
                                   re.MULTILINE))
    assert len(macros) > 1000 and len(declared) > 100, (len(macros), len(declared))
    return macros, declared


def quoted(name):
    """As MLIR writes a string."""
    return '"' + "".join(chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:02X}"
                         for byte in name.encode()) + '"'


def model(names):
    """A sum of parameters, each name a variable's and an operation's."""
    of, image = f"tensor<{BATCH}x{WIDTH}xf32>", f"tensor<{BATCH}x{IMAGE}xf32>"
    lines = [f"%flat = graph.flatten %images : ({image}) -> {of}"]
    last = "%flat"
    for i, name in enumerate(names):
        lines.append(f"%w{i} = graph.variable parameter {quoted(name)} : {of} = #graph.normal<0.1>")
        lines.append(f"%x{i} = graph.add {last}, %w{i} : ({of}, {of}) -> {of} loc({quoted(name)})")
        last = f"%x{i}"
    body = "\n    ".join(lines)
    return f"""module attributes {{graph.optimizer = #graph.sgd<learning_rate = 0.1>}} {{
  func.func @model(%images: {image} {{graph.input = "images"}}, %labels: tensor<{BATCH}xi32> {{graph.input = "labels"}})
      -> (tensor<f32> {{graph.output = "loss"}}) {{
    {body}
    %loss = graph.softmax_cross_entropy {last}, %labels {{count = {BATCH} : i64}}
      : ({of}, tensor<{BATCH}xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }}
}}
"""


def names_in(checkpoint):
    data = pathlib.Path(checkpoint).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return set(json.loads(data[8:8 + length])) - {"__metadata__"}


with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    compile_ = ["autopar-compile", "names.mlir", "--target", TARGET, "--quiet"]
    (folder / "names.mlir").write_text(model(["plain"]))
    run(*compile_, "--no-build", "-o", "plain", cwd=folder)
    macros, declared = macros_and_names(folder / "plain")

    # No header has a macro of the form that names from a model have.
    form = re.compile(r"[a-z]\w*_$")
    assert not [name for name in macros if form.match(name)]
    assert not [name for name in declared if form.match(name)]

    # Those that are spelled like a name of a model's, and a share of all.
    tried = [name for name in macros if re.match(r"[a-z]", name)] + sorted(macros)[::40]
    names = [name for name in dict.fromkeys(KEYWORDS + HOSTILE + tried + sorted(declared)) if name]
    print(f"{len(macros)} macros, {len(declared)} names declared; {len(names)} tried")
    (folder / "names.mlir").write_text(model(names))
    run(*compile_, "-o", "p", "--time-limit", "2", cwd=folder)
    if TARGET != "cpu":
        sys.exit()
    train = [str(folder / "p/train_rank"), "--data", "synthetic", "--steps", "1"]
    run(*train, "--save", str(folder / "saved"), "--timeline", str(folder / "trace"), env=ENVIRONMENT)
    assert names_in(folder / "saved") == set(names)
    run(*train, "--init", str(folder / "saved"), env=ENVIRONMENT)
    json.loads((folder / "trace").read_text())
