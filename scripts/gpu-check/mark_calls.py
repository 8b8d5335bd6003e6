#!/usr/bin/python3
"""Makes an emitted program's timeline one of single calls, in place of layers.

    mark_calls.py train_rank.cpp > marked.cpp
"""

import re
import sys

LAYER = re.compile(r'  timeline\.layer\("[^"]*"\);\n')
CALL = re.compile(r"^  (?=(\w+)\(context,)", re.MULTILINE)


def mark(text):
    """`text` with a mark before each call of the step, of the call's name."""
    begin = text.index("void Step::run() {")
    end = text.index("\n}\n", begin)
    body = LAYER.sub("", text[begin:end])
    marked, count = CALL.subn(lambda call: f'  timeline.layer("{call[1]}");\n  ', body)
    if not count:
        sys.exit("mark_calls.py: no call is found in the program's step")
    return text[:begin] + marked + text[end:]


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        sys.stdout.write(mark(file.read()))
