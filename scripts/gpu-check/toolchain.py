"""Builds a prepared folder's programs with nvcc and g++ alone: finds cuDNN and NCCL, also where pip has
put them, and compiles in the background, so that a program that fails is its own row's matter."""

import glob
import os
import shutil
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor

from commands import Skipped


class Toolchain:
    def __init__(self, folder, build, commands):
        """Builds the sources of `folder` in `build`."""
        self.folder, self.build, self.commands = folder, build, commands
        self.pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        self.nvcc = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
        if not os.access(self.nvcc, os.X_OK):
            sys.exit("error: nvcc is not found; put it on the PATH")
        if not shutil.which("g++"):
            sys.exit("error: g++ is not found")
        self.mpi = shutil.which("mpicxx") if shutil.which("mpirun") else None
        self.cuda = os.path.dirname(os.path.dirname(os.path.realpath(self.nvcc)))
        self.includes, self.libraries, self.archive = [], [], None
        self.find()
        os.makedirs(f"{build}/include")
        os.symlink(f"{folder}/runtime", f"{build}/include/autopar")

    def find(self):
        """The places of the headers, and the files of the libraries."""
        packages = {os.path.join(sysconfig.get_paths()[kind], "nvidia", "*")
                    for kind in ("purelib", "platlib")}
        homes = [self.cuda, "/usr", "/usr/local",
                 *(home for path in packages for home in sorted(glob.glob(path)))]
        for header, library in ("cuda_runtime_api.h", "libcudart_static.a"), \
                ("cudnn.h", "libcudnn.so*"), ("nccl.h", "libnccl.so*"), \
                ("cublasLt.h", "libcublasLt.so*"):
            include = [place for home in homes for place in
                       glob.glob(f"{home}/include") + glob.glob(f"{home}/include/*-linux-gnu")
                       if os.path.exists(f"{place}/{header}")]
            found = [file for home in homes for lib in ("lib64", "lib", "lib/*-linux-gnu",
                                                        "targets/*/lib")
                     for file in sorted(glob.glob(f"{home}/{lib}/{library}"))]
            if not include or not found:
                sys.exit(f"error: {header if not include else library} is not found in any of "
                         f"{', '.join(homes)}")
            self.includes.append(include[0])
            self.libraries += [found[0], f"-Wl,-rpath,{os.path.dirname(found[0])}"]

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
            command = [self.nvcc, "-arch=" + os.environ.get("GPU_CHECK_ARCH", "native"), "-O3",
                       "-std=c++20", "--extended-lambda", "--expt-relaxed-constexpr",
                       "-Xcompiler=-fPIC,-fopenmp"]
        else:
            compiler = self.mpi if self.mpi and "mpi" in name.lower() else "g++"
            command = [compiler, "-O0" if "train_rank" in name else "-O2", "-std=c++20", "-fPIC",
                       "-fopenmp"]
        self.commands.run([*command, *self.flags(), *flags, "-c", source, "-o", target], 400)
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

    def pack(self, started):
        """Makes the archive of the runtime's objects, which every program is linked with."""
        archive = f"{self.build}/libautopar.a"
        self.commands.run(["ar", "rcs", archive, *(made.result() for made in started)], 60)
        self.archive = archive

    def link(self, name, started):
        """Returns the program `name` of the objects that `start` begun, waiting for them."""
        if not self.archive:
            raise Skipped("the runtime was not built")
        target = f"{self.build}/{name}"
        if not os.path.exists(target):
            self.commands.run([self.mpi or "g++", "-fopenmp", *(made.result() for made in started),
                               self.archive, *self.libraries, "-ldl", "-lrt", "-lpthread", "-o",
                               target], 120)
        return target
