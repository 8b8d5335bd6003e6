"""A ResNet with an eighth of its channels, for a device that computes on the host.

    narrow.py FILE      rewrites the model
"""

import re
import sys


def narrow(text):
    return re.sub(r"(?<=[<x])(?:64|128|256|512|1024|2048)(?=x)", lambda size: str(int(size[0]) // 8), text)


if __name__ == "__main__":
    with open(sys.argv[1], "r+") as file:
        narrowed = narrow(file.read())
        file.seek(0)
        file.write(narrowed)
        file.truncate()
