"""The table of a run. Whatever is known is in the files at once, since a machine may be taken away at any
moment: results.jsonl has a line for each row as it came, results.md is the table so far."""

import json
import os
import time


class Results:
    def __init__(self, output, heading):
        """Writes to the folder `output`; `heading` is the table's first line."""
        os.makedirs(output, exist_ok=True)
        self.output, self.heading, self.rows = output, heading, []
        self.begin = time.monotonic()
        self.lines = open(f"{output}/results.jsonl", "w")
        self.write()

    def row(self, name, seen, bar="", holds=None, verdict=None):
        """`holds`: whether what was seen is within the bar; None where there is nothing to hold."""
        if verdict is None:
            verdict = {True: "passed", False: "FAILED", None: ""}[holds]
        self.rows.append((name, seen, bar, verdict))
        after = time.monotonic() - self.begin
        self.lines.write(json.dumps({"check": name, "seen": seen, "bar": bar, "verdict": verdict,
                                     "after_seconds": round(after, 1)}) + "\n")
        self.keep(self.lines)
        self.write()
        print(f"[{after:4.0f} s] {verdict or 'seen':8} {name}: {seen}", flush=True)

    def write(self):
        part = f"{self.output}/results.md.part"
        with open(part, "w") as file:
            file.write(f"{self.heading}\n\n| check | seen | bar | |\n|---|---|---|---|\n")
            for row in self.rows:
                file.write("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n")
            self.keep(file)
        os.replace(part, f"{self.output}/results.md")

    @staticmethod
    def keep(file):
        file.flush()
        os.fsync(file.fileno())

    def failed(self):
        return any(verdict == "FAILED" for *_, verdict in self.rows)
