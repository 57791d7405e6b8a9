#!/usr/bin/python3
"""Every fixture is cut at every power of two: the program answers within limits of memory and time, and no verdict gets better:
what was unsafe never becomes safe or installed, and a package that is cut is never safe."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

GOOD = ("safe", "installed")
STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
IMAGES = [("device.bin", "same"), ("device-crcs.bin", "conntrack-crcs")]


def cuts(size):
    return [1 << bit for bit in range(0, 31) if 1 << bit < size]


def better(before, after):
    """Packages whose verdict got better."""
    return [name for name, verdict in after.items() if verdict in GOOD and before.get(name) == "unsafe"]


def sweep_image(directory, image, feed):
    whole = os.path.join(directory, image)
    cut = os.path.join(directory, "cut.bin")
    before = tap.verdicts(tap.audit(whole, os.path.join(directory, feed)).report())
    wrong, statuses = [], {}
    for size in cuts(os.path.getsize(whole)):
        shutil.copy(whole, cut)
        os.truncate(cut, size)
        ran = tap.audit(cut, os.path.join(directory, feed), cpu=20)
        statuses[ran.status] = statuses.get(ran.status, 0) + 1
        if not ran.sane() or (ran.status != 3 and better(before, tap.verdicts(ran.report()))):
            wrong.append((size, ran.status, ran.err[:200]))
    tap.equal(wrong, [], f"{image}: cut at {len(cuts(os.path.getsize(whole)))} places")
    tap.note(f"exit statuses: {statuses}")


def sweep_feed(directory, image, feed):
    folder = os.path.join(directory, feed)
    for name in sorted(os.listdir(folder)):
        whole = os.path.join(folder, name)
        size = os.path.getsize(whole)
        cut = os.path.join(directory, "cut-feed")
        os.makedirs(cut, exist_ok=True)
        wrong = []
        for at in cuts(size):
            target = os.path.join(cut, name)
            shutil.copy(whole, target)
            os.truncate(target, at)
            ran = tap.audit(os.path.join(directory, image), cut, cpu=20)
            verdicts = tap.verdicts(ran.report()) if ran.status != 3 else {}
            if not ran.sane() or any(verdict in GOOD for verdict in verdicts.values()):
                wrong.append((at, ran.status, verdicts, ran.err[:200]))
        shutil.rmtree(cut)
        tap.equal(wrong, [], f"{feed}/{name}: cut at {len(cuts(size))} places")


with tap.Scratch() as scratch:
    tap.world(STORY, scratch)
    for image, feed in IMAGES:
        sweep_image(scratch, image, feed)
        sweep_feed(scratch, image, feed)
tap.done()
