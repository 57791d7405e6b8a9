#!/usr/bin/python3
"""Flips bits in every fixture, by a seed: the program answers within its limits, does not crash, and nothing unsafe becomes safe."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

GOOD = ("safe", "installed")
STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
TIMES = 24


def flipped(data, seed):
    dice = random.Random(seed)
    data = bytearray(data)
    for _ in range(dice.choice((1, 2, 8, 64))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def sweep(directory, path, image, feed, before):
    whole = os.path.join(directory, path)
    with open(whole, "rb") as file:
        data = file.read()
    wrong = []
    for seed in range(TIMES):
        with open(whole, "wb") as file:
            file.write(flipped(data, f"{path} {seed}"))
        ran = tap.audit(os.path.join(directory, image), os.path.join(directory, feed), cpu=20)
        verdicts = tap.verdicts(ran.report()) if ran.status in (0, 1, 2) else {}
        better = [name for name, verdict in verdicts.items() if verdict in GOOD and before.get(name) == "unsafe"]
        if not ran.sane() or better:
            wrong.append((seed, ran.status, better, ran.err[:200]))
    with open(whole, "wb") as file:
        file.write(data)
    tap.equal(wrong, [], f"{path}: {TIMES} times flipped")


with tap.Scratch() as scratch:
    tap.world(STORY, scratch)
    image, feed = "device-crcs.bin", "conntrack-crcs"
    before = tap.verdicts(tap.audit(os.path.join(scratch, image), os.path.join(scratch, feed)).report())
    for path in [image, *(f"{feed}/{name}" for name in sorted(os.listdir(os.path.join(scratch, feed))))]:
        sweep(scratch, path, image, feed, before)
tap.done()
