"""scripts/train-forever.sh: a run that is killed again and again ends with the bits of one that was not;
where a host is lost the program of fewer ranks goes on; what cannot go on is given up; what was told to
stop stays stopped.

    train_forever_test.py SCRIPT

Programs as in resume_test.py. The tools are taken from PATH.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

import resume_test
import safetensors
from commands import ENVIRONMENT

DATA = "--fixed-batch batches --seed 3 --schedule cosine --warmup 4 --steps 400"
ON2 = f"mpirun --oversubscribe --bind-to none -n 2 on2/train_rank {DATA}"


def forever(folder, *arguments):
    return subprocess.Popen([sys.argv[1], "--checkpoints", "c", *arguments], cwd=folder, env=ENVIRONMENT,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)


def pids(name):
    return [int(pid) for pid in subprocess.run(["pgrep", "-f", f"^{name}/train_rank "], capture_output=True,
                                               text=True).stdout.split()]


def after_new_checkpoint(folder, holds=lambda: True):
    index = f"{folder}/c/checkpoints.json"

    def written():
        return os.stat(index).st_mtime_ns if os.path.exists(index) else 0
    before, end = written(), time.monotonic() + 120
    while written() == before or not holds():
        assert time.monotonic() < end, "no checkpoint comes"
        time.sleep(0.01)


def main():
    with tempfile.TemporaryDirectory() as folder:
        programs = resume_test.Programs(folder)
        programs.build("on1", "adamw")
        programs.build("on2", "adamw", "--mesh", "2")
        subprocess.run([*ON2.split(), "--save", "whole"], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
        whole = safetensors.load(f"{folder}/whole")[0]

        # Killed, a rank or all of it.
        started = forever(folder, "--wait", "0", "--", *ON2.split(), "--save-every", "5", "--save", "again")
        for _ in range(3):
            after_new_checkpoint(folder, lambda: pids("on2"))
            killed = pids("on2")
            os.kill(killed[-1], signal.SIGKILL)
            while set(killed) & set(pids("on2")):
                time.sleep(0.01)
        said, _ = started.communicate(timeout=300)
        assert started.returncode == 0 and said.count("train-forever: exit code") == 3, said
        with open(f"{folder}/again", "rb") as again, open(f"{folder}/whole", "rb") as undisturbed:
            assert again.read() == undisturbed.read()

        # A host is lost behind the first checkpoint: two ranks no longer start, and one goes on.
        subprocess.run(["rm", "-r", "c"], cwd=folder, check=True)
        with open(f"{folder}/hosts", "w") as file:
            file.write(f'[ -e lost ] && {{ echo no such host; exit 3; }}\ntouch lost\nexec {ON2} --stop-after 20 "$@"\n')
        started = forever(folder, "--wait", "0", "--then", f"on1/train_rank {DATA} --save again", "--", "sh", "hosts")
        said, _ = started.communicate(timeout=300)  # told to stop, and so it stays
        assert started.returncode == 0 and "stopped by --stop-after" in said and "exit code" not in said, said
        started = forever(folder, "--wait", "0", "--tries", "2", "--then", f"on1/train_rank {DATA} --save again", "--", "sh",
                          "hosts")
        said, _ = started.communicate(timeout=300)
        assert started.returncode == 0 and said.count("no such host") == 2, said
        assert f"exit code 3, 2 times with no new checkpoint; going on with: on1/train_rank {DATA}" in said, said
        assert "c/step-00000020: goes on after step 20" in said, said
        for name, values in safetensors.load(f"{folder}/again")[0].items():
            assert abs(values - whole[name]).max() < 1e-3, name

        # What never works is given up, with its exit code.
        started = forever(folder, "--wait", "0", "--tries", "3", "--", "sh", "hosts")
        said, _ = started.communicate(timeout=60)
        assert started.returncode == 3 and said.count("no such host") == 3 and "giving up" in said, said

        # A signal is the run's.
        subprocess.run(["rm", "-r", "c"], cwd=folder, check=True)
        started = forever(folder, "--", "on1/train_rank", *DATA.replace("400", "100000000").split(), "--save-every", "5")
        after_new_checkpoint(folder)
        started.send_signal(signal.SIGTERM)
        said, _ = started.communicate(timeout=60)
        assert started.returncode == 0 and "stopped by SIGTERM after step" in said, said

        for wrong, what in ((["--checkpoints"], "needs a value"), (["--wait", "soon", "--", "true"], "takes seconds"),
                            (["--tries", "0", "--", "true"], "--tries takes"), ([], "no command"),
                            (["--twice", "--", "true"], "unknown option --twice")):
            started = forever(folder, *wrong)
            said, _ = started.communicate(timeout=60)
            assert started.returncode == 2 and what in said and said.count("\n") == 1, (wrong, said)


if __name__ == "__main__":
    main()
