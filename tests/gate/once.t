#!/usr/bin/python3
"""Each image and each package is read once, however many pairs it is in: by the program's own counters, and by the open calls
that strace counts. The same plan gives the same bytes with any number of threads and from any directory, and each pair's report
is that of `audit`."""

import collections
import os
import re
import shutil
import subprocess
import sys

import gates
import tap
from gates import Gate, copy, read, write, write_yaml

MORE = """
image tree from base-crcs
	wrapped directory raw none
	installed kmod-dummy
feed bare from later-crcs
	bare nfnetlink nfnetlink_queue
manifest router.manifest from base-crcs
config router.config from base-crcs
symvers router.symvers from base-crcs
config later-crcs.config from later-crcs
"""
# kmods is in four feeds, router.bin in five pairs
PLAN = {
    "schema": "kmodaudit/plan/1",
    "images": [{"path": "router.bin", "manifest": "router.manifest", "config": "router.config", "symvers": "router.symvers"},
               {"path": "camera.bin"}, {"path": "tree"}],
    "feeds": [{"path": "kmods", "config": "later-crcs.config"}, {"name": "both", "sources": ["kmods", "base-feed"]},
              {"name": "turned", "sources": ["base-feed", "./kmods"]}, {"name": "more", "sources": [".//kmods/", "bare/nfnetlink.ko"]},
              {"path": "base-feed"}],
    "reports": "out",
}
COUNTED = re.compile(r"(\d+) pairs: (\d+) images read, (\d+) feeds read, (\d+) packages unpacked, (\d+) verdicts")
OPENED = re.compile(r"^(?!.*O_PATH).* = \d+<(/[^>]*)>$", re.MULTILINE)  # with O_PATH nothing is read
SEAL = re.compile(r"^# sha256: .*\n", re.MULTILINE)  # over the whole text, including the paths


def counters(*args, cwd):
    ran = tap.kmodaudit("gate", "-q", "-v", *args, "-o", "/dev/null", cwd=cwd)
    found = COUNTED.search(ran.err)
    return [int(number) for number in found.groups()] if found else ran.err


def test_counters(at):
    write_yaml(PLAN, at, "plan.yaml")
    images, packages = len(PLAN["images"]), 4 + 1
    got = counters("plan.yaml", cwd=at)
    tap.equal(got[:2] + got[3:4], [15, images, packages], "15 pairs: three images, five packages and modules, each read once")
    got = counters("plan.yaml", "--shard", "1/3", cwd=at)
    tap.equal(got[:2] + got[3:4], [5, 1, packages], "a third of it, the pairs of one image: that one is read")
    shards = [counters("plan.yaml", "--shard", f"{i}/4", cwd=at) for i in (1, 2, 3, 4)]
    tap.ok(sum(shard[0] for shard in shards) == 15 and sum(shard[1] for shard in shards) <= images + 3,
           "four shards: all pairs, at most one image twice for each cut")


def opened(at, *args):
    """real path -> how many times all threads opened it"""
    log = os.path.join(at, "strace.log")
    subprocess.run(["strace", "-f", "-y", "-qq", "-o", log, "-e", "trace=open,openat,openat2", tap.KMODAUDIT, "gate", "-q", *args, "-o", "/dev/null"],
                   cwd=at, capture_output=True, check=False)
    with open(log, encoding="utf-8", errors="replace") as file:
        paths = OPENED.findall(file.read())
    return collections.Counter(paths)


def test_strace(at):
    if not shutil.which("strace"):
        tap.skip("what is opened", "no strace")
        return
    write_yaml(PLAN, at, "plan.yaml")
    for jobs in ("1", "4"):
        seen = opened(at, "plan.yaml", "-j", jobs)
        tap.equal([seen[os.path.join(at, name)] for name in ("router.bin", "camera.bin")], [1, 1],
                  f"-j {jobs}: each image file is opened once: what has the checksum is what was read")
        for what, folder, wanted in (("package", "kmods", [name for name in os.listdir(os.path.join(at, "kmods")) if name.endswith(".ipk")]),
                                     ("package", "base-feed", [name for name in os.listdir(os.path.join(at, "base-feed")) if name.endswith(".ipk")]),
                                     ("module", "bare", ["nfnetlink.ko"]), ("image", "tree/lib/modules/6.6.86", ["dummy.ko"]),
                                     ("image", "tree/boot", ["vmlinuz"]), ("input", ".", ["router.symvers", "later-crcs.config", "plan.yaml"])):
            times = {name: seen[os.path.normpath(os.path.join(at, folder, name))] for name in wanted}
            most = 2 if what == "module" else 1  # a bare module is also opened to find out its kind
            tap.ok(times and set(times.values()) == {most}, f"-j {jobs}: each {what} in {folder} is opened {most} times")
            if set(times.values()) != {1}:
                tap.note(times)


def outputs(at, *args, cwd=None):
    shutil.rmtree(os.path.join(at, "out"), ignore_errors=True)
    ran = tap.kmodaudit("gate", "-q", *args, "--report", "yaml=-", cwd=cwd or at)
    return ran.status, ran.out, {name: read(at, "out", name) for name in sorted(os.listdir(os.path.join(at, "out")))}


def test_same(at):
    write_yaml(PLAN, at, "plan.yaml")
    first = outputs(at, "plan.yaml", "-j", "1")
    tap.ok(first[0] in (0, 1, 2) and len(first[2]) == 15, "a report for each of 15 pairs")
    tap.ok(outputs(at, "plan.yaml", "-j", "1") == first, "run again: the same bytes")
    tap.ok(outputs(at, "plan.yaml", "-j", "4") == first, "four threads: the same bytes")
    away = outputs(at, os.path.join(at, "plan.yaml"), cwd="/")
    tap.ok((away[0], SEAL.sub("", away[1].replace(at + "/", ""))) == (first[0], SEAL.sub("", first[1])), "from another directory: the same but for the paths")
    tap.ok({name: text.replace((at + "/").encode(), b"") for name, text in away[2].items()} == first[2], "and so are the reports")
    parts = [os.path.join(at, f"shard{i}") for i in (1, 2, 3)]
    for i, part in enumerate(parts, 1):
        tap.kmodaudit("gate", "-q", "plan.yaml", "--shard", f"{i}/3", "-o", part, cwd=at)
    tap.equal(tap.kmodaudit("merge", *reversed(parts), cwd=at).out == first[1], True, "three shards, merged: the same bytes")
    for name, content in list(zip(("one", "two"), (parts[0], parts[1]))):
        shutil.copy(content, os.path.join(at, name))
    ran = tap.kmodaudit("merge", "one", "two", cwd=at)
    tap.ok(ran.status == 3 and "shard 3 of 3 is missing" in ran.err, "a shard is missing: no answer")


def test_audit(at):
    """A pair's report is that of `audit` with its image and feed."""
    write_yaml(PLAN, at, "plan.yaml")
    reports = outputs(at, "plan.yaml")[2]
    given = {"router.bin": ["--image-config", "router.config", "--image-symvers", "router.symvers", "--image-manifest", "router.manifest"],
             "camera.bin": [], "tree": []}
    for image, options in given.items():
        for feed in PLAN["feeds"]:
            name = feed.get("name", feed.get("path"))
            sources = [os.path.normpath(source) for source in feed.get("sources", [feed.get("path")])]
            side = ["--feed-config", feed["config"]] if "config" in feed else []
            ran = tap.kmodaudit("audit", *options, *side, image, *sources, cwd=at)
            same = ran.out.encode() == reports[f"{image}--{name}.yaml"]
            if not tap.ok(same, f"{image} and {name}: as audit has it"):
                write(ran.out, at, "audit.yaml")
                tap.note(subprocess.run(["diff", "audit.yaml", f"out/{image}--{name}.yaml"], cwd=at, capture_output=True, check=False).stdout.decode()[:1500] + ran.err)


with tap.Scratch() as scratch:
    made = os.path.join(os.path.realpath(scratch), "made")
    gates.make(made, MORE)
    for name, test in list(globals().items()):
        if name.startswith("test_") and (len(sys.argv) == 1 or name in sys.argv[1:]):
            test(copy(made, os.path.join(os.path.realpath(scratch), "at")))
tap.done()
