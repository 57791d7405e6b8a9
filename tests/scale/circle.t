#!/usr/bin/python3
"""Packages that need each other in one circle: report, time and memory grow with their number, not with its square."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plans  # noqa: E402
from plans import package, tap  # noqa: E402

COUNTS = (1250, 10000)
ROOM = 1.3  # names and numbers get a digit longer


def feed(where, name, count, source):
    """COUNT packages, each of which needs the next, the last the first, and that a module of the feed SOURCE."""
    folder = os.path.join(where, name)
    os.mkdir(folder)
    for i in range(count):
        needs = f"p{(i + 1) % count:05d}" + ("" if i else ", kmod-nfnetlink")
        package(os.path.join(folder, f"p{i:05d}.ipk"), f"Package: p{i:05d}\nVersion: 1\nArchitecture: all\nDepends: {needs}\n")
    for module in os.listdir(os.path.join(where, source)):
        if module.startswith("kmod-nfnetlink_"):
            os.link(os.path.join(where, source, module), os.path.join(folder, module))


def circles(where, source, status, verdict):
    sizes, seconds = {}, {}
    for count in COUNTS:
        feed(where, f"{source}-{count}", count, source)
        for form in ("yaml", "json", "sarif", "junit", "markdown", "text", "html"):
            ran = tap.audit("device.bin", f"{source}-{count}", "--format", form, cwd=where)
            tap.equal(ran.status, status, f"{count} packages, {verdict}, {form}: status {status}")
            sizes[form, count] = len(ran.out)
            seconds[form, count] = ran.seconds
            if form == "yaml":
                report = ran.report()
                one = next(entry for entry in report["packages"] if entry["name"] == "p00100")
                tap.equal((one["verdict"], one["needs"]), (verdict, ["p00101"]), "a package names what it uses directly")
                tap.equal(report["summary"][verdict], count + 1, "all have one verdict")
    small, large = COUNTS
    for form in ("yaml", "json", "sarif", "junit", "markdown", "text", "html"):
        grown = sizes[form, large] / sizes[form, small]
        tap.ok(grown < ROOM * large / small, f"{verdict}, {form}: {large // small} times the packages, {grown:.1f} times the bytes")
    tap.table([["form", *map(str, COUNTS)]] + [[form, *(f"{seconds[form, count]:.1f} s" for count in COUNTS)] for form in ("yaml", "text")])


with tap.Scratch() as here:
    plans.make(here)
    circles(here, "same", 0, "safe")
    circles(here, "later", 2, "unproven")
    asked = tap.kmodaudit("explain", "-v", "device.bin", "same-1250", "p00100", cwd=here)
    tap.ok(asked.status == 0 and all(f" p{i:05d} (safe)" in asked.out for i in (0, 99, 101, 1249)), "explain lists all that a package needs")
    alone = tap.audit("--only", "p00100", "device.bin", "same-1250", cwd=here).report()
    tap.equal(len(alone["needed"]), 1250, "what is needed and has no entry of its own is listed once")
    tap.equal([(one["package"], one["verdict"], one["needs"]) for one in alone["needed"][:2]],
              [("kmod-nfnetlink", "safe", []), ("p00000", "safe", ["kmod-nfnetlink", "p00001"])], "each with what it uses directly")
tap.done()
