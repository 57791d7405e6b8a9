#!/usr/bin/python3
"""Packages of which each needs the next one, and pairs of packages that both need the next pair: the report grows with their
number, and so does the time (tests/unit/test_growth.c counts the work)."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plans  # noqa: E402
from plans import package, tap  # noqa: E402

COUNTS = (1250, 10000)
ROOM = 1.3  # names and numbers get a digit longer
SHAPES = {"chain": lambda i: [i + 1], "ladder": lambda i: [i // 2 * 2 + 2, i // 2 * 2 + 3]}


def feed(where, shape, count):
    """COUNT packages; the last ones need a module of the feed `same`."""
    folder = os.path.join(where, f"{shape}-{count}")
    os.mkdir(folder)
    for i in range(count):
        needs = [f"p{j:05d}" for j in SHAPES[shape](i) if j < count] or ["kmod-nfnetlink"]
        package(os.path.join(folder, f"p{i:05d}.ipk"), f"Package: p{i:05d}\nVersion: 1\nArchitecture: all\nDepends: {', '.join(needs)}\n")
    for module in os.listdir(os.path.join(where, "same")):
        if module.startswith("kmod-nfnetlink_"):
            os.link(os.path.join(where, "same", module), os.path.join(folder, module))


with tap.Scratch() as here:
    plans.make(here)
    rows = [["shape", *map(str, COUNTS)]]
    for shape in SHAPES:
        sizes, seconds = [], []
        for count in COUNTS:
            feed(here, shape, count)
            ran = tap.audit("device.bin", f"{shape}-{count}", cwd=here)
            tap.equal(ran.status, 0, f"{shape} of {count}: status 0")
            tap.ok(f"; {count + 1} safe\n" in ran.out, "all are safe")
            sizes.append(len(ran.out))
            seconds.append(f"{ran.seconds:.1f} s")
        grown = sizes[1] / sizes[0]
        tap.ok(grown < ROOM * COUNTS[1] / COUNTS[0], f"{shape}: {COUNTS[1] // COUNTS[0]} times the packages, {grown:.1f} times the bytes")
        rows.append([shape, *seconds])
    tap.table(rows)
tap.done()
