"""Opens a report's page in headless Chromium and keeps a screenshot.

    open_report.py FOLDER SCREENSHOT.png

All its pictures must be there, with no script error and no request to a network. Says so and
succeeds where there is no Chromium.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

folder, screenshot = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
browser = shutil.which("chromium") or shutil.which("chromium-browser")
if not browser:
    print("no chromium here: the page was not opened")
    sys.exit(0)

with tempfile.TemporaryDirectory() as profile:
    # No name resolves, so that whatever the page asked a network for would be an error in the log.
    common = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
              "--disable-background-networking", "--enable-logging=stderr", "--v=0",
              "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
              "--virtual-time-budget=10000", "--window-size=1280,3200"]
    page = f"file://{folder}/index.html"
    done = subprocess.run(common + ["--dump-dom", page], capture_output=True, text=True,
                          timeout=240)
    assert done.returncode == 0, done.stderr
    shot = subprocess.run(common + [f"--screenshot={screenshot}", page], capture_output=True,
                          text=True, timeout=240)
    assert shot.returncode == 0, shot.stderr

said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
assert not said, said
dom = done.stdout
assert 'data-ready="yes"' in dom, "the script did not come to its end"
for picture in ("memory-picture", "timeline-picture"):
    assert re.search(rf'<svg[^>]*id="{picture}"', dom), picture
for place in ("peak", "layers", "plan", "moves", "solver", "attempts"):
    assert re.search(rf'id="{place}"[^>]*><', dom), f"nothing is shown in #{place}"
assert screenshot.stat().st_size > 20000, "the screenshot is empty"
