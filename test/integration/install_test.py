"""An installed autopar imports, compiles and trains, with nothing of the tree that it was built in.

    install_test.py BUILD SOURCE

The programs' compiler is one that writes down what it is given.
"""
import os
import subprocess
import sys
import tempfile

BUILD, SOURCE = map(os.path.realpath, sys.argv[1:])
INPUTS = f"{SOURCE}/test/compiler/import/Inputs"
MARK = "// as it was installed\n"


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        prefix = f"{folder}/prefix"
        compiler = os.environ.get("CXX", "g++")
        with open(f"{folder}/compiler", "w") as file:
            file.write(f'#!/bin/sh\necho "$@" >> {folder}/arguments\nexec {compiler} "$@"\n')
        os.chmod(f"{folder}/compiler", 0o755)
        path = [part for part in os.environ["PATH"].split(os.pathsep)
                if not os.path.realpath(part).startswith((BUILD, SOURCE))]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AUTOPAR")}
        environment |= {"PATH": os.pathsep.join([f"{prefix}/bin", *path]), "CXX": f"{folder}/compiler"}

        def run(*command):
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, (command, done.stdout, done.stderr)
            return done.stdout

        run("cmake", "--install", BUILD, "--prefix", prefix)
        with open(f"{prefix}/share/autopar/runtime/core/Program.h", "a") as file:
            file.write(MARK)
        run("autopar-import", f"{INPUTS}/mlp.pt2", "-o", "mlp.mlir", "--weights", "init")
        run("autopar-compile", "mlp.mlir", "--mesh", "2", "--target", "cpu", "--quiet", "-o", "mlp")

        with open(f"{folder}/mlp/autopar/core/Program.h") as file:
            assert file.read().endswith(MARK), "the runtime's sources are not the installed ones"
        with open(f"{folder}/arguments") as file:
            words = file.read().split()
        libraries = [word for word in words if word.endswith(".a")]
        assert libraries and all(word.startswith(f"{prefix}/lib/") for word in libraries), libraries
        assert not any(word.startswith((BUILD, SOURCE)) for word in words), words
        for where, _, files in os.walk(f"{folder}/mlp"):
            for name in files:
                with open(f"{where}/{name}", "rb") as file:
                    assert SOURCE.encode() + b"/" not in file.read(), f"{name} names {SOURCE}"
        told = run("mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2", "mlp/train_rank",
                   "--fixed-batch", f"{INPUTS}/mlp.safetensors", "--init", "init", "--steps", "3")
        assert "step      3  loss" in told, told
        assert os.access(f"{prefix}/share/autopar/scripts/export-torch.py", os.X_OK)
        # The Python package finds the tools that lie beside it.
        run(sys.executable, "-c", f"import sys; sys.path[:0] = ['{prefix}/share/autopar/python']; "
            "import os; os.environ['PATH'] = '/usr/bin'; from autopar import tools; "
            f"assert tools.find('autopar-import') == '{prefix}/bin/autopar-import'")
    print("installed, imported, compiled and trained")


if __name__ == "__main__":
    main()
