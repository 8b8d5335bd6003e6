#!/usr/bin/python3
"""Ends a test run with "N passed, N failed, N skipped", counted from lit's --output files.

Exits 1 when a test failed or none ran. The tests of a GoogleTest binary count one by one.
"""

import collections
import json
import sys

PASSED = {"PASS", "XFAIL", "FLAKYPASS"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main(*paths):
    codes = []
    for path in paths:
        try:
            with open(path) as file:
                codes += [test["code"] for test in json.load(file)["tests"]]
        except FileNotFoundError:
            sys.exit(f"count-tests.py: lit left no {path}: it stopped before a test ran")
    count = collections.Counter("passed" if code in PASSED else
                                "skipped" if code in SKIPPED else "failed" for code in codes)
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"{count['passed']} passed, {count['failed']} failed{skipped}")
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
