#!/usr/bin/python3
"""Builds a prepared folder's programs with nvcc and g++ alone: finds cuDNN and NCCL, also where pip has
put them, and compiles in the background, so that a program that fails is its own row's matter.

    toolchain.py FOLDER ARCH    builds everything into FOLDER/built, to be carried: the runtime as one
                                library, without MPI, for a GPU such as sm_90
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import places
from commands import Commands, Failed, Skipped


class Toolchain:
    def __init__(self, folder, build, commands, arch="native", carried=False):
        """Builds the sources of `folder` in `build`, to run here or to be `carried` elsewhere: without MPI,
        and in more than one file, which then must share CUDA's runtime, for it knows a kernel only by the
        file's copy of itself. Raises Skipped where that cannot be."""
        self.folder, self.build, self.commands, self.arch = folder, build, commands, arch
        self.pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        self.nvcc = places.nvcc()
        if not self.nvcc:
            raise Skipped("nvcc is not found; put it on the PATH")
        if not shutil.which("g++"):
            raise Skipped("g++ is not found")
        self.launcher = [tool for tool in [shutil.which("ccache")] if tool]
        self.mpi = shutil.which("mpicxx") if shutil.which("mpirun") and not carried else None
        self.cudart = "libcudart.so.*" if carried else "libcudart_static.a"
        self.includes, self.libraries, self.runtime = [], [], None
        self.find()
        os.makedirs(f"{build}/include")
        os.symlink(f"{folder}/runtime", f"{build}/include/autopar")

    def find(self):
        """The places of the headers, and the files of the libraries."""
        for header, library in ("cuda_runtime_api.h", self.cudart), \
                ("cudnn.h", "libcudnn.so*"), ("nccl.h", "libnccl.so*"), \
                ("cublasLt.h", "libcublasLt.so*"):
            include, found = places.include(header), places.libraries(library)
            if not include or not found:
                raise Skipped(f"{library if include else header} is not found in any of "
                              f"{', '.join(places.homes())}")
            self.includes.append(include)
            # An old tag, for these libraries load others, which a new one is not asked for.
            self.libraries += [found[0], f"-Wl,--disable-new-dtags,-rpath,{os.path.dirname(found[0])}"]

    def files(self):
        """Of the libraries, CUDA's runtime first."""
        return [word for word in self.libraries if not word.startswith("-Wl")]

    def flags(self):
        # Compilers know these, and lose their own headers where they are named again.
        known = ("/usr/include", "/usr/local/include")
        system = [place for place in dict.fromkeys(self.includes) if place not in known]
        return [f"-I{self.build}/include", f"-I{self.folder}/runtime/json",
                *(word for place in system for word in ("-isystem", place))]

    def compile(self, source, flags):
        """Returns the object file of `source`."""
        name = os.path.relpath(source, self.folder).replace("/", "-")
        target = f"{self.build}/{name}.o"
        if source.endswith(".cu"):
            command = [self.nvcc, f"-arch={self.arch}", "-O3", "-std=c++20", "--extended-lambda",
                       "--expt-relaxed-constexpr", "-Xcompiler=-fPIC,-fopenmp"]
        else:
            compiler = self.mpi if self.mpi and "mpi" in name.lower() else "g++"
            command = [compiler, "-O0" if "train_rank" in name else "-O2", "-std=c++20", "-fPIC",
                       "-fopenmp"]
        self.commands.run([*self.launcher, *command, *self.flags(), *flags, "-c", source, "-o",
                           target], 1200)
        return target

    def start(self, sources, *flags):
        """Begins to compile `sources`; returns futures of their objects."""
        return [self.pool.submit(self.compile, source, flags) for source in sources]

    def runtime_sources(self):
        """As the CMakeLists.txt of emitted programs have them."""
        rooms = ["core", "tcp", "mpi", "cuda", "cuda/blas", "cuda/cudnn", "cuda/nccl"]
        sources = [file for room in rooms for kind in ("cpp", "cu")
                   for file in glob.glob(f"{self.folder}/runtime/{room}/*.{kind}")]
        sources.append(f"{self.folder}/runtime/cuda/mpi/With{'' if self.mpi else 'out'}Mpi.cpp")
        if not self.mpi:
            plans = ("CollectivePlan.cpp", "Messages.cpp")
            sources = [file for file in sources if "/runtime/mpi/" not in file
                       or file.endswith(plans)]
        # The slowest first.
        return sorted(sources, key=lambda file: (not file.endswith(".cu"), -os.path.getsize(file)))

    def conformance_sources(self):
        """(sources, flags)"""
        test, room = f"{self.folder}/googletest", f"{self.folder}/runtime/conformance"
        suite = [f"{test}/src/gtest-all.cc", *glob.glob(f"{room}/*.cpp"),
                 *glob.glob(f"{room}/cuda/*.cpp")]
        suite.remove(f"{room}/cuda/Plans.cpp")  # a program of its own, which needs no GPU
        return suite, (f"-I{test}", f"-I{test}/include", f"-I{room}/cuda", f"-I{room}")

    def pack(self, started):
        """Makes the runtime's objects an archive, which every program is linked with."""
        archive = f"{self.build}/libautopar.a"
        self.commands.run(["ar", "rcs", archive, *(made.result() for made in started)], 60)
        self.runtime = [archive, *self.libraries]

    def pack_shared(self, started, target):
        """Makes them a library `target`, which programs find beside themselves."""
        self.commands.run(
            ["g++", "-shared", "-fopenmp", *(made.result() for made in started),
             *self.files(), "-ldl", "-lrt", "-lpthread", *BESIDE,
             f"-Wl,-soname,{os.path.basename(target)}", "-o", target], 300)
        self.runtime = [target, *BESIDE]

    def link(self, target, started, *others):
        """Links the objects that `start` begun, waiting for them."""
        if not self.runtime:
            raise Skipped("the runtime was not built")
        # What the runtime needs itself is looked up where it runs.
        self.commands.run([self.mpi or "g++", "-fopenmp", *(made.result() for made in started),
                           *self.runtime, *others, "-Wl,--allow-shlib-undefined", "-ldl", "-lrt",
                           "-lpthread", "-o", target], 120)
        return target


# What is carried lies together: the compiler's own libraries too, for the machine's may be older.
BESIDE = ["-Wl,--disable-new-dtags,-rpath,$ORIGIN"]
CARRIED = ["libgomp.so.1", "libstdc++.so.6", "libgcc_s.so.1"]


def needed(library, *parts):
    """Names of the libraries that are loaded with it, of those that have one of `parts` in theirs."""
    text = subprocess.run(["readelf", "-d", library], capture_output=True, text=True,
                          check=True).stdout
    names = [line.split("[")[1].rstrip("]") for line in text.splitlines() if "(NEEDED)" in line]
    return [name for name in names if any(part in name for part in parts)]


def main():
    folder, arch = sys.argv[1:]
    built = f"{folder}/built"
    os.makedirs(built)
    with tempfile.TemporaryDirectory(prefix="gpu-check-") as build:
        logs = f"{build}/logs.txt"
        try:
            tools = Toolchain(folder, build, Commands(7200, logs), arch, carried=True)
            # The library has the runtime's functions once, and the programs are small.
            runtime = tools.start(tools.runtime_sources())
            suite, flags = tools.conformance_sources()
            objects = {
                "conformance": tools.start(suite, *flags),
                "first-calls": tools.start([f"{folder}/gpu-check/FirstCalls.cpp"]),
                "probe": tools.start([f"{folder}/gpu-check/Probe.cu"])}
            for program in sorted(glob.glob(f"{folder}/programs/*/")):
                objects[os.path.basename(program[:-1])] = tools.start(glob.glob(f"{program}*.c*"))
            tools.pack_shared(runtime, f"{built}/libautopar.so")
            for name, made in objects.items():
                # All of them call CUDA's runtime, and one of them every library.
                called = tools.files() if name == "first-calls" else tools.files()[:1]
                tools.link(f"{built}/{name}", made, *called)
                print(f"built {name}", flush=True)
        except (Failed, Skipped) as why:
            sys.exit(f"error: {why}\n{getattr(why, 'printed', '')[-3000:]}")
    with open(f"{built}/libraries", "w") as file:
        file.write("\n".join(needed(f"{built}/libautopar.so", "cudnn", "cublas", "nccl")) + "\n")
    for name in CARRIED:
        found = subprocess.run(["g++", f"-print-file-name={name}"], capture_output=True, text=True,
                               check=True).stdout.strip()
        shutil.copy(os.path.realpath(found), f"{built}/{name}")
    for name in needed(f"{built}/libautopar.so", "cudart"):
        shutil.copy(os.path.realpath(places.libraries(name)[0]), f"{built}/{name}")
    for file in glob.glob(f"{built}/*"):
        if not file.endswith("/libraries"):
            subprocess.run(["strip", "--strip-unneeded", file], check=True)


if __name__ == "__main__":
    main()
