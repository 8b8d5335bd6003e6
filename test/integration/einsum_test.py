"""Random equations of graph.einsum, forward and backward, against torch.einsum in double precision.

    einsum_test.py

One model has them all: their results, side by side, are the logits of one row. Plain SGD at a
learning rate of 1 moves each factor by its gradient. The tools are taken from PATH.
"""

import os
import sys
import tempfile

import numpy
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle"))
import safetensors  # noqa: E402
from commands import ENVIRONMENT, losses_in, run  # noqa: E402

EQUATIONS = 24
SIZES = {"a": 2, "b": 4, "c": 3, "d": 2, "e": 4, "f": 1, "g": 2}


def random_equation(random):
    """A legal one: a letter is of one factor and the result, or of both factors and perhaps of it."""
    lhs, rhs, result = [], [], []
    for letter in random.permutation(list(SIZES))[:random.integers(1, 7)]:
        terms = ((lhs, result), (rhs, result), (lhs, rhs), (lhs, rhs, result))[random.integers(4)]
        for term in terms:
            term.insert(random.integers(len(term) + 1), letter)
    return "{},{}->{}".format(*("".join(term) for term in (lhs, rhs, result)))


def shape(letters):
    return [SIZES[letter] for letter in letters]


def tensor(sizes):
    return "tensor<" + "".join(f"{size}x" for size in sizes) + "f32>"


def model(equations):
    lines, results = [], []
    for i, equation in enumerate(equations):
        factors, result = equation.split("->")
        types = [tensor(shape(letters)) for letters in factors.split(",")]
        for name, type in zip("ab", types):
            lines.append(f'%{name}{i} = graph.variable parameter "{name}{i}" : {type} = '
                         "#graph.normal<1.0>")
        made, flat = tensor(shape(result)), tensor([1, numpy.prod(shape(result), dtype=int)])
        lines.append(f'%y{i} = graph.einsum "{equation}" %a{i}, %b{i} : ({", ".join(types)}) -> {made}')
        lines.append(f"%z{i} = graph.reshape %y{i} : ({made}) -> {flat}")
        results.append((f"%z{i}", flat))
    while len(results) > 1:  # by few at a time
        parts, results = results[:6], results[6:]
        joined = f"%j{len(lines)}", tensor([1, sum(int(flat.split("x")[1]) for _, flat in parts)])
        lines.append(f"{joined[0]} = graph.concat {', '.join(name for name, _ in parts)} "
                     f"{{dim = 1 : i64}} : ({', '.join(flat for _, flat in parts)}) -> {joined[1]}")
        results.insert(0, joined)
    ((all_results, row),) = results
    logits = int(row.split("x")[1])
    body = "\n    ".join(lines)
    return logits, f"""
module @contractions attributes {{graph.optimizer = #graph.sgd<learning_rate = 1.0>}} {{
  func.func @model(%images: tensor<1x1x1x1xf32> {{graph.input = "images"}},
                   %labels: tensor<1xi32> {{graph.input = "labels"}})
      -> (tensor<f32> {{graph.output = "loss"}}) {{
    {body}
    %loss = graph.softmax_cross_entropy {all_results}, %labels {{count = 1 : i64}}
          : ({row}, tensor<1xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }}
}}
"""


def main():
    random = numpy.random.default_rng(3)
    # Multi-query attention's, whose gradients need transposes, and what random ones find.
    equations = ["bgae,bce->bagc", "bagc,bce->bgae", ","  "->", "a,a->", "a,a->a", ",abc->cab"]
    equations += [random_equation(random) for _ in range(EQUATIONS - len(equations))]
    factors = {f"{name}{i}": random.standard_normal(shape(letters)).astype(numpy.float32)
               for i, equation in enumerate(equations)
               for name, letters in zip("ab", equation.split("->")[0].split(","))}
    logits, text = model(equations)
    label = int(random.integers(logits))

    inputs = {name: torch.tensor(value).double().requires_grad_() for name, value in factors.items()}
    results = [torch.einsum(equation, inputs[f"a{i}"], inputs[f"b{i}"]).reshape(-1)
               for i, equation in enumerate(equations)]
    loss = torch.nn.functional.cross_entropy(torch.cat(results)[None], torch.tensor([label]))
    loss.backward()

    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/model.mlir", "w") as file:
            file.write(text)
        safetensors.save(f"{folder}/batch", {"images": numpy.zeros((1, 1, 1, 1), numpy.float32),
                                             "labels": numpy.array([label], numpy.int32)})
        safetensors.save(f"{folder}/factors", factors)
        for mesh, ranks in ("1", 1), ("2x2", 4):
            run("autopar-compile", "model.mlir", "--mesh", mesh, "--target", "cpu", "--quiet",
                "--time-limit", "3", "-o", f"on-{mesh}", cwd=folder)
            run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks),
                f"on-{mesh}/train_rank", "--fixed-batch", "batch", "--init", "factors", "--steps", "1",
                "--verify", "--log", "log", "--save", "saved", cwd=folder, env=ENVIRONMENT)
            (found,) = losses_in(f"{folder}/log")
            numpy.testing.assert_allclose(found, loss.item(), rtol=1e-5)
            saved, _ = safetensors.load(f"{folder}/saved")
            for name, value in factors.items():
                equation = equations[int(name[1:])]
                numpy.testing.assert_allclose(value.astype(float) - saved[name],
                                              inputs[name].grad.numpy(), rtol=1e-4, atol=2e-6,
                                              err_msg=f"{name} of {equation} on {mesh}")


if __name__ == "__main__":
    main()
