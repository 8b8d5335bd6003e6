#!/usr/bin/python3
"""Says where an include runs up: each room includes from itself and from the floors below it.

A room is the longest prefix of a source's path that FLOORS has.
"""
import argparse
import pathlib
import re
import sys

FLOORS = [  # from the ground up; rooms of one floor know nothing of each other
    ["runtime/core"],
    ["runtime/mpi", "runtime/tcp"],
    ["runtime/cpu", "runtime/cuda"],
    ["runtime/conformance"],
    ["dialects/dist"],
    ["dialects/graph", "dialects/rt"],
    ["dialects"],  # precompiled headers
    ["compiler/json", "compiler/files", "compiler/checkpoints"],
    ["compiler/device", "compiler/solvers"],
    ["compiler/solvers/ilp", "compiler/solvers/packing", "compiler/solvers/remat",
     "compiler/solvers/schedule"],
    ["compiler/cost", "compiler/models"],
    ["compiler/import"],
    ["passes"],
    ["passes/autodiff", "passes/memory"],
    ["passes/lowering"],  # sharding asks it what its calls work in place on
    ["passes/sharding"],
    ["passes/schedule"],
    ["passes/remat"],
    ["compiler/emit", "compiler/driver"],
    ["compiler/report", "compiler/experiments"],
    ["compiler/tools"],
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
INCLUDE = re.compile(r'\s*#\s*include "((?:autopar|dialects|compiler|passes|runtime)/[^"]+)"')


def room_of(path):
    parts = path.split("/")[:-1]
    for length in range(len(parts), 0, -1):
        room = "/".join(parts[:length])
        if room in FLOOR_OF:
            return room
    return None


def faults(root, source):
    room = room_of(source)
    if room is None:
        yield f"{source}: is in no room that floors.py knows; add its folder to FLOORS"
        return
    text = (root / source).read_text(errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        found = INCLUDE.match(line)
        if not found:
            continue
        name = re.sub("^autopar/", "runtime/", found[1])
        other = room_of(name)
        if other is None:
            yield f"{source}:{number}: {found[1]} is in no room that floors.py knows"
        elif other != room and FLOOR_OF[other] >= FLOOR_OF[room]:
            yield f"{source}:{number}: {room} includes {found[1]}, which is not below it"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=pathlib.Path, help="the repository")
    root = parser.parse_args().root
    sources = [path.relative_to(root).as_posix()
               for top in ("runtime", "dialects", "compiler", "passes")
               for path in sorted((root / top).rglob("*"))
               if path.suffix in (".h", ".cpp", ".cu", ".cuh")]
    wrong = [fault for source in sources for fault in faults(root, source)]
    print("\n".join(wrong) or f"{len(sources)} sources keep to their floors")
    return 1 if wrong or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
