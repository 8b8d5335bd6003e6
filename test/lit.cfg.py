# Tests as text: .mlir files run through a tool into FileCheck, .test files that run programs.
# The rooms are folders: dialects/, passes/, compiler/, runtime/, standin/, integration/, and house/ for
# what holds of the sources. The unit tests' binaries are a suite of their own in unit/.
import os

import lit.formats

config.name = "autopar"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = config.autopar_source + "/test"
config.test_exec_root = config.autopar_build + "/test"

config.environment["PATH"] = os.pathsep.join(
    [config.autopar_build + "/bin", config.llvm_tools, config.environment["PATH"]])
# Threads that spin while others want the core make two programs at once twenty times slower.
config.environment["OMP_WAIT_POLICY"] = "passive"
config.environment["AUTOPAR_BIN"] = config.autopar_build + "/bin"
config.environment["AUTOPAR_PARITY"] = config.autopar_build + "/parity"
if "AUTOPAR_TEST_CXX" in os.environ:  # scripts/sanitize.sh: programs are linked by clang
    config.environment["CXX"] = os.environ["AUTOPAR_TEST_CXX"]
else:
    config.available_features.add("g++")
config.substitutions += [("%source", config.autopar_source), ("%build", config.autopar_build)]
if config.have_cuda:
    config.available_features.add("cuda")
    config.substitutions.append(("%cuda_headers", config.cuda_headers.split(";")[0]))
if config.have_standin:
    config.available_features.add("standin")
