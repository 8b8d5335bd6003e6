"""Which networks import, and which operations the others lack."""
import collections
import re
import subprocess

from autopar import tools
from exports import exported

MOST_NAMED = 4
LACKS = re.compile(r"^  (\S+), (once|\d+ times), in (.*)$")


def imported(path):
    """None where the export imports; else what autopar-import says, by operation."""
    done = subprocess.run([tools.find("autopar-import"), path, "-o", "/dev/null"], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    lines = done.stderr.splitlines()
    lacking = {}
    for line in lines[1:]:
        if match := LACKS.match(line):
            modules, _, reason = match[3].partition(": ")
            lacking[match[1] + (f": {reason}" if reason else "")] = modules
    return lacking or {(lines or [f"exit code {done.returncode}"])[0].rsplit(".pt2: ", 1)[-1]: ""}


def coverage(names, folder, again):
    """Prints a line for each network, and the operations by how many networks want them; of those that
    want nothing else besides."""
    wanted, alone, good = collections.defaultdict(list), collections.Counter(), []
    for name in names:
        try:
            lacking = imported(exported(name, folder, again))
        except Exception as fault:  # of anybody's code, in its export
            lacking = {f"export: {type(fault).__name__}: {str(fault).splitlines()[0][:200]}": ""}
        if lacking is None:
            good.append(name)
            print(f"{name:34} imports", flush=True)
            continue
        print(f"{name:34} lacks {len(lacking)}:", ", ".join(key.split(":")[0] for key in lacking), flush=True)
        for key in lacking:
            wanted[key].append(name)
        if len(lacking) == 1:
            alone[key] += 1
    print(f"\n{len(good)} of {len(names)} networks import")
    if wanted:
        print("networks  alone  operation")
    for key, networks in sorted(wanted.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{len(networks):8}  {alone[key] or '':5}  {key}")
        named = ", ".join(networks[:MOST_NAMED])
        print(f"                 in {named}" +
              (f" and {len(networks) - MOST_NAMED} more" if len(networks) > MOST_NAMED else ""))
