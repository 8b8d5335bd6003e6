#!/usr/bin/python3
"""Ends a test run with "N passed, N failed, N skipped", counted from lit's --output files.

Exits 1 when a test failed or none ran. The tests of a GoogleTest binary count one by one.
"""

import collections
import json
import os
import sys

PASSED = {"PASS", "XFAIL", "FLAKYPASS"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main(*paths):
    # None is left by a run whose tests were all filtered out; one that breaks off fails by itself.
    found = [path for path in paths if os.path.exists(path)]
    if not found:
        sys.exit(f"count-tests.py: lit left no {' and no '.join(paths)}: it stopped before a test ran")
    codes = []
    for path in found:
        with open(path) as file:
            codes += [test["code"] for test in json.load(file)["tests"]]
    count = collections.Counter("passed" if code in PASSED else
                                "skipped" if code in SKIPPED else "failed" for code in codes)
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"{count['passed']} passed, {count['failed']} failed{skipped}")
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
