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

    def __init__(self, seconds, logs):
        """Of at most `seconds` together, from now on; their output is appended to the file `logs`."""
        self.deadline = time.monotonic() + seconds
        self.logs, self.lock = logs, threading.Lock()
        open(logs, "w").close()

    def run(self, command, seconds):
        """Returns what `command` prints within `seconds` and the time of all; raises Failed with its
        error, or with its last line."""
        left = min(seconds, self.deadline - time.monotonic())
        if left <= 1:
            raise Skipped("no time was left")
        # A file, not a pipe: it can be read whatever still holds it open.
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            try:
                code = process.wait(left)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                if process.poll() is None:
                    end_session(process.pid)
                    process.wait()
            output.seek(0)
            text = output.read()
        ending = f"exit code {code}"
        if code is None:
            ending = f"not done after {left:.0f} s" + \
                (", when the time of all was up" if left < seconds else "")
        with self.lock, open(self.logs, "a") as file:
            file.write(f"$ {' '.join(command)}\n{text[-self.kept:]}\n[{ending}]\n\n")
        if code is None:
            raise Failed(f"{ending}: {os.path.basename(command[0])}", text)
        if code:
            lines = text.strip().splitlines() or [ending]
            told = [line for line in lines if "error" in line.lower()] or lines[-1:]
            raise Failed(told[0].strip()[:300], text)
        return text
