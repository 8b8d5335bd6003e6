"""Holds a trace (first argument) against the program that wrote it (second): a span for each mark of
Step::run, in order and without overlap."""
import json
import re
import sys

events = json.load(open(sys.argv[1]))["traceEvents"]
spans = [event for event in events if event["ph"] == "X"]
program = open(sys.argv[2]).read()
step = program[program.index("void Step::run()"):]
step = step[:step.index("\n}\n")]

marks = re.findall(r'timeline\.layer\("([^"]*)"\);', step)
assert len(marks) > 5, marks
assert [span["name"] for span in spans] == marks, (spans, marks)
assert all(first != second for first, second in zip(marks, marks[1:])), marks
for span, after in zip(spans, spans[1:]):
    assert 0 <= span["ts"] and 0 < span["dur"], span
    assert span["ts"] + span["dur"] <= after["ts"] + 1e-3, (span, after)
assert step.rstrip().endswith("timeline.end();"), step[-80:]
