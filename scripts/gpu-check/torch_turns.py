"""PyTorch's half of a comparison: one process that compiles its network once, then waits to be told to
run for so many seconds. While it waits it computes nothing."""

import importlib.util
import json
import os
import select
import subprocess
import sys
import time

from commands import Failed, Skipped, TooLate


class TorchTurns:
    def __init__(self, check, program):
        self.commands, self.program = check.commands, program
        self.script = f"{check.folder}/gpu-check/torch_speed.py"
        self.process, self.missing, self.failure = None, "", None
        self.said, self.output = "", b""

    def start(self):
        """It compiles from here on, if it can be had: turn() says so."""
        packages = ["torch"] if self.program.is_gpt2 else ["torch", "torchvision"]
        absent = [package for package in packages if not importlib.util.find_spec(package)]
        if absent:
            self.missing = f"{absent[0]} is not installed here"
        # Without time for a run behind it, it is of no use to compile.
        elif self.commands.left() < float(self.program.facts["seconds"]) + self.commands.within(30):
            self.missing = "no time was left"
        else:
            self.command = [sys.executable, self.script, *self.program.model, "--precision",
                            self.program.precision]
            self.process = self.commands.begin(self.command, subprocess.PIPE, stdin=subprocess.PIPE)

    def wait(self, seconds):
        """Until it is compiled, or has failed to: turn() says so."""
        if self.process:
            try:
                self.answer(seconds, "compiled")
            except Failed as why:
                self.failure = why

    def turn(self, seconds):
        """(samples a second, how) of a run of so many seconds."""
        if self.missing:
            raise Skipped(self.missing)
        if self.failure:
            raise self.failure
        if self.commands.left() < seconds:
            raise Skipped("no time was left")
        try:
            self.process.stdin.write(f"{seconds}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, and said why
        found = self.answer(3 * seconds + 10, "run")
        return found["per_second"], found["way"]

    def answer(self, seconds, doing):
        """The next JSON line that it prints; other lines are kept for the logs."""
        until = time.monotonic() + self.commands.within(seconds)
        while True:
            line, end, rest = self.output.partition(b"\n")
            if end:
                self.output = rest
                self.said += line.decode(errors="replace") + "\n"
                if line.startswith(b"{"):
                    return json.loads(line)
                continue
            left = until - time.monotonic()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            if not ready:
                self.end()
                raise TooLate(f"PyTorch was not {doing} in its time")
            part = os.read(self.process.stdout.fileno(), 1 << 16)
            if not part:
                said = (self.said + self.output.decode(errors="replace")).strip().splitlines()
                self.end()
                raise Failed((said or ["it has printed nothing"])[-1][:300])
            self.output += part

    def end(self):
        if self.process:
            self.commands.end(self.process)
            self.commands.keep(self.command, self.said + self.output.decode(errors="replace"), "ended")
            self.process = None
