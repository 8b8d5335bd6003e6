"""Commands that end in time: whatever they have started ends with them, and what they printed is kept
in one file, since a machine with a GPU may hand back only a few."""

import os
import signal
import subprocess
import tempfile
import threading
import time


class Failed(Exception):
    """A part's failure, in one line, and what its command had printed."""

    def __init__(self, why, printed=""):
        super().__init__(why)
        self.printed = printed


class TooLate(Failed):
    """It was not done in its time."""


class Skipped(Exception):
    """Why a part could not be tried here."""


def end_session(leader):
    """Ends every process of the session: mpirun gives its ranks process groups of their own."""
    for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            if os.getsid(process) == leader:
                os.kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue  # it has ended meanwhile, or was never ours


class Commands:
    kept = 200_000  # characters of one command's output
    dying = 5  # seconds that a killed process gets; one that a driver holds may never end

    def __init__(self, seconds, logs, environment=None, patience=1):
        """Of at most `seconds` together, from now on; their output is appended to the file `logs`. Each
        command's own time is multiplied by `patience`."""
        self.deadline = time.monotonic() + seconds
        self.patience = patience
        self.environment = os.environ | (environment or {})
        self.logs, self.lock = logs, threading.Lock()
        open(logs, "a").close()

    def left(self):
        return self.deadline - time.monotonic()

    def within(self, seconds):
        """What a part gets that asks for so many."""
        return min(seconds * self.patience, self.left())

    @staticmethod
    def begin(command, output, **options):
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT,
                                start_new_session=True, **options)

    def end(self, process):
        """Ends a process and all that it has started."""
        if process.poll() is None:
            end_session(process.pid)
            try:
                process.wait(self.dying)
            except subprocess.TimeoutExpired:
                pass  # it keeps nobody waiting

    def keep(self, command, text, ending):
        with self.lock, open(self.logs, "a") as file:
            file.write(f"$ {' '.join(command)}\n{text[-self.kept:]}\n[{ending}]\n\n")

    def run(self, command, seconds, tell=None):
        """Returns what `command` prints within `seconds` and the time of all; raises Failed with its
        error, or with its last line. `tell` gets every line when it is printed."""
        left = self.within(seconds)
        if self.left() <= 0.1:
            raise Skipped("no time was left")
        until, told, code, text = time.monotonic() + left, 0, None, ""
        # A file, not a pipe: it can be read whatever still holds it open. What is printed is appended,
        # for to read is to move the place that both have in it.
        with tempfile.TemporaryFile("a+", errors="replace") as output:
            process = self.begin(command, output, stdin=subprocess.DEVNULL, env=self.environment)
            try:
                while code is None and time.monotonic() < until and self.left() > 0:
                    try:
                        code = process.wait(min(0.2, max(0.01, until - time.monotonic())))
                    except subprocess.TimeoutExpired:
                        pass
                    if tell:
                        output.seek(0)
                        lines = output.read().split("\n")[:-1]
                        for line in lines[told:]:
                            tell(line)
                        told = max(told, len(lines))
            finally:
                self.end(process)
                output.seek(0)
                text = output.read()
                ending = f"exit code {code}"
                if code is None:
                    ending = f"not done after {left:.3g} s" + \
                        (", when the time of all was up" if self.left() <= 0 else "")
                self.keep(command, text, ending)
        if code is None:
            raise TooLate(f"{ending}: {os.path.basename(command[0])}", text)
        if code:
            lines = text.strip().splitlines() or [ending]
            said = [line for line in lines if "error" in line.lower()] or lines[-1:]
            raise Failed(said[0].strip()[:300], text)
        return text
