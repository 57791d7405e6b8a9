#!/usr/bin/python3
"""--report html in Chromium (Debian's chromium; playwright-core and axe-core from `make readers`): no errors and no requests, filters,
keyboard, nothing to scroll sideways at 360 pixels, nothing serious for axe, without scripts, printed, and 5000 packages on 40 images.
SHOTS=DIR keeps screenshots."""

import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import big  # noqa: E402
import hostile  # noqa: E402
import readers  # noqa: E402
import tap  # noqa: E402

LARGE = (5000, 40)


def pages(where):
    readers.world(where)
    hostile.feed(where)
    tap.kmodaudit("gate", "plan.yaml", "--report", "html=gate.html", "--report", "json=gate.json", cwd=where)
    tap.audit("fw.bin", "more", "--report", "html=audit.html", "-o", "one.yaml", cwd=where)
    tap.audit("fw.bin", "other", "-o", "two.yaml", cwd=where)
    tap.kmodaudit("diff", "one.yaml", "two.yaml", "--format", "html", "-o", "diff.html", cwd=where)
    tap.audit("fw.bin", "hostile", "--report", "html=hostile.html", cwd=where)
    with open(os.path.join(where, "gate.json"), encoding="utf-8") as file:
        big.write(os.path.join(where, "large.json"), json.load(file), *LARGE)
    ran = tap.kmodaudit("convert", "large.json", "--report", "html=large.html", cwd=where)
    tap.equal(ran.err, "", "a large plan is converted")
    size = os.path.getsize(os.path.join(where, "large.html"))
    tap.ok(size < 42 << 20, f"{LARGE[0]} packages on {LARGE[1]} images: {size / (1 << 20):.1f} MiB")
    with open(os.path.join(where, "large.html"), encoding="utf-8") as file:
        parts = dict(re.findall(r'<section id="([a-z]+)">(.*?)</section>', file.read(), re.S))
    rows = {"charts": parts["charts"].count("<tr><th scope=\"row\""), "images": parts["images"].count('<details class="image"'),
            "packages": parts["packages"].count('<details class="package"')}
    tap.equal(rows, {"charts": 1 + LARGE[1] + LARGE[1], "images": LARGE[1], "packages": rows["packages"]}, "no part of a large page takes the room of another")
    tap.ok(rows["packages"] >= 50, f"without scripts it has {rows['packages']} packages")
    return [f"{kind}={os.path.join(where, kind)}.html" for kind in ("gate", "audit", "diff", "hostile", "large")]


def main():
    node, chromium = shutil.which("node"), shutil.which("chromium")
    folder = readers.FOLDER
    if not node or not chromium:
        tap.skip_all("no node or no chromium here: scripts/setup peers installs them")
    if not all(os.path.exists(os.path.join(folder, name)) for name in ("playwright-core", "axe.min.js")):
        tap.skip_all(f"{folder} has no playwright-core or axe-core: make readers")
    with tap.Scratch() as where:
        ran = subprocess.run([node, os.path.join(HERE, "browser.js"), folder, chromium, os.environ.get("SHOTS", ""), *pages(where)],
                             capture_output=True, text=True, check=False, timeout=600, env={**os.environ, "HOME": where})
    for line in ran.stdout.splitlines():
        word, _, what = line.partition("\t")
        if word == "note":
            tap.note(what)
        else:
            tap.ok(word == "ok", what)
    tap.equal((ran.returncode, ran.stderr), (0, ""), "the browser ran to the end")
    tap.done()


main()
