# The GoogleTests: each room's binary ROOM-tests, run by lit in shards and counted test by test.
import glob
import os
import subprocess

import lit.formats

config.name = "autopar-unit"
config.test_source_root = config.test_exec_root = config.autopar_build + "/test/unit"

# lit would only warn of a binary that cannot list its tests, and count none of them.
binaries = sorted(glob.glob(config.test_exec_root + "/*/*-tests"))
for binary in binaries:
    listed = subprocess.run([binary, "--gtest_list_tests"], capture_output=True, text=True)
    if listed.returncode or not listed.stdout.strip():
        lit_config.fatal(f"{binary} lists no tests; does it start? {listed.stderr}")

rooms = ";".join(os.path.basename(os.path.dirname(binary)) for binary in binaries)
config.test_format = lit.formats.GoogleTest(rooms, "-tests")
