"""Where the compiler's tools are, and how they are run."""
from __future__ import annotations

import os
import shutil
import subprocess
from typing import Mapping, Optional

HOME = "AUTOPAR_HOME"


class Error(RuntimeError):
    """What went wrong, in the words of the tool that says so."""


def candidates() -> list[str]:
    """Folders that may have the tools, in the order in which they are asked."""
    folders = []
    home = os.environ.get(HOME)
    if home:  # where autopar was installed, or a folder that it was built in
        folders += [os.path.join(home, "bin"), os.path.join(home, "build", "bin"), home]
    folders += [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    here = os.path.dirname(os.path.realpath(__file__))
    folders.append(os.path.normpath(os.path.join(here, "..", "..", "..", "build", "bin")))
    # As cmake --install lays them out: PREFIX/share/autopar/python/autopar beside PREFIX/bin.
    folders.append(os.path.normpath(os.path.join(here, "..", "..", "..", "..", "bin")))
    return folders


def find(tool: str) -> str:
    """The path of one of autopar's tools."""
    path = shutil.which(tool, path=os.pathsep.join(candidates()))
    if path:
        return path
    raise Error(f"'{tool}' is not found, neither in ${HOME} nor on PATH; build it (scripts/setup.sh in "
                "autopar's sources) or install its .deb, and name the folder in "
                f"{HOME}, or the folder of the tools in PATH")


def run(command: list[str], environment: Optional[Mapping[str, str]] = None) -> str:
    """What a tool, by its name, printed to standard output; an `Error` with what it said where it
    fails."""
    done = subprocess.run([find(command[0]), *command[1:]], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env=environment)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise Error(said or f"{command[0]}: exit code {done.returncode}")
    return done.stdout
