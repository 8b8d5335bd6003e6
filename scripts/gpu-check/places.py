"""Where a machine keeps CUDA's tools and libraries: in the toolkit's folder, the system's, or in packages
that pip has installed beside PyTorch."""

import glob
import os
import shutil
import site
import sysconfig

TOOLKIT = "/usr/local/cuda"
KNOWN = ("lib64", "lib", "lib/*-linux-gnu", "targets/*/lib")


def packages():
    """The folders of NVIDIA's packages from PyPI."""
    homes = [sysconfig.get_paths()[kind] for kind in ("purelib", "platlib")] + \
        site.getsitepackages() + [site.getusersitepackages()]
    return [place for home in dict.fromkeys(homes)
            for place in sorted(glob.glob(f"{home}/nvidia/*"))]


def nvcc():
    """The path of nvcc, or None."""
    found = [shutil.which("nvcc"), f"{TOOLKIT}/bin/nvcc",
             *(f"{home}/bin/nvcc" for home in packages())]
    return next((path for path in found if path and os.access(path, os.X_OK)), None)


def homes():
    """Where there may be include and library folders."""
    compiler = nvcc()
    toolkit = os.path.dirname(os.path.dirname(os.path.realpath(compiler))) if compiler else \
        TOOLKIT
    return list(dict.fromkeys([toolkit, TOOLKIT, *packages(), "/usr", "/usr/local"]))


def libraries(pattern):
    """Files of this name, the best first."""
    named = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return [file for folder in [place for place in named if place] +
            [folder for home in homes() for lib in KNOWN for folder in glob.glob(f"{home}/{lib}")]
            for file in sorted(glob.glob(f"{folder}/{pattern}"))]


def include(header):
    """The folder of a header, or None."""
    return next((place for home in homes() for place in
                 glob.glob(f"{home}/include") + glob.glob(f"{home}/include/*-linux-gnu")
                 if os.path.exists(f"{place}/{header}")), None)
