"""Trains PyTorch modules by programs that autopar compiles.

    import autopar

    step = autopar.compile(module, "cross_entropy", (images, labels), mesh="2x2", mem_budget="8GB",
                           optimizer="adamw lr=3e-4")
    print(step.report)
    losses = step.train(100, (images, labels))
    step.load_into(module)

Sharded, recomputed and planned ahead, a program runs as one process a rank. The compiler's tools are found
in $AUTOPAR_HOME, on PATH, or in the tree that this package lies in.
"""
from .compiling import build, compile, import_model
from .step import Step
from .tools import Error

__all__ = ["Error", "Step", "build", "compile", "import_model"]
