"""Holds a report's page against its plan.

    check_report.py FOLDER PLAN.json
"""

import html.parser
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
plan = json.loads((folder / "plan.json").read_text())
page = (folder / "index.html").read_text()


class Page(html.parser.HTMLParser):
    """Collects what the page would fetch, and the plan that it carries."""

    def __init__(self):
        super().__init__()
        self.fetched, self.data, self.inside = [], "", False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.inside = attributes.get("id") == "plan-data"
        self.fetched += [attributes[name] for name in ("src", "href", "action")
                         if name in attributes and not attributes[name].startswith("data:")]

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.data += data


parsed = Page()
parsed.feed(page)
assert not parsed.fetched, parsed.fetched
assert "url(" not in page and "@import" not in page, "the style sheet fetches something"
assert json.loads(parsed.data) == plan, "the page shows another plan"

# What was timed and solved afresh may differ between two runs of the compiler; the plan may not.
other = json.loads(pathlib.Path(sys.argv[2]).read_text())
for same in ("operations", "memory", "calls", "buffers", "step_seconds", "mesh"):
    assert plan[same] == other[same], same

# The stacked picture's highest point is the reported peak: buffers add up.
alive = [0] * (len(plan["calls"]) + 1)
for buffer in plan["buffers"]:
    assert buffer["offset"] + buffer["bytes"] <= plan["memory"]["arena_bytes"] + 63, buffer
    for call in range(buffer["begin"], min(buffer["end"], len(alive))):
        alive[call] += buffer["bytes"]
if plan["memory"]["peak_function"] == "step":
    assert max(alive) == plan["memory"]["largest_live_set_bytes"], max(alive)
    assert alive[plan["memory"]["peak_call_index"]] == max(alive)
