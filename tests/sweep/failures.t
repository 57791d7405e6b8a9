#!/usr/bin/python3
"""Each call of the C library that can fail is made to fail once (tests/failing.c), in audit, gate and merge, with and without a cache: the answer is an error or a
report in which no package is better than without the failure, and no half file is left. A sample of the calls; LOTS=N: at most N of each function."""

import os
import shutil
import signal
import subprocess
import sys

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
SHIM = tap.preloaded("failing.so")
CALLS = ("read", "pread", "open", "mmap", "malloc", "fflush", "rename", "fsync", "fstat", "readdir", "pthread_create")
SAMPLE = int(os.environ.get("LOTS") or 7)  # of each function
RANKS = {"installed": 0, "safe": 0, "unproven": 1, "unsafe": 2}
WORSE = {0: 0, 2: 1, 1: 2, 3: 3}  # status -> how bad it is
LIBARCHIVE = "Fatal Internal Error in libarchive: No memory"
CPU = 20
PLAN = "schema: kmodaudit/plan/1\nimages:\n- {path: device.bin}\nfeeds:\n- {path: same}\n- {path: later}\n"


def run(where, args, call, at):
    """The ended process, and what it wrote to the file of -o: None if there is none."""
    folder = os.path.join(where, "out")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "LD_PRELOAD": SHIM, "FAIL_CALL": call, "FAIL_AT": str(at),
                   "FAIL_LOG": os.path.join(where, "calls"), "KMODAUDIT_SEARCH": "0"}
    ran = subprocess.run([tap.KMODAUDIT, *args, "-o", "out/report.yaml"], cwd=where, env=environment, capture_output=True, text=True,
                         errors="replace", timeout=tap.PATIENCE, check=False, preexec_fn=lambda: tap.limit(CPU))
    left = {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in os.listdir(folder)}
    return ran, left


def pairs(document):
    """{(image, feed, package): verdict} of a report of audit or gate."""
    if "pairs" not in document:
        return {package["name"] + package["file"]: package["verdict"] for package in document["packages"]}
    return {(pair["image"], pair["feed"], package["name"]): package["verdict"] for pair in document["pairs"] for package in pair.get("packages", [])}


def wrong(ran, left, whole, status):
    """What is wrong with the run, or None."""
    if ran.returncode == -signal.SIGSEGV and LIBARCHIVE in ran.stderr and not left:
        return None  # what libarchive does on purpose when it has no memory for a string
    if ran.returncode not in (0, 1, 2, 3):
        return f"status {ran.returncode}"
    if set(left) - {"report.yaml"}:
        return f"left behind: {sorted(left)}"
    text = left.get("report.yaml")
    if text is None:
        return None if ran.returncode == 3 and ran.stderr.startswith("kmodaudit: ") else f"no report, status {ran.returncode}: {ran.stderr!r}"
    if text == whole:
        return None if ran.returncode in (status, 3) else f"the same report, status {ran.returncode}"
    try:
        old, new = pairs(yaml.safe_load(whole)), pairs(yaml.safe_load(text))
    except (yaml.YAMLError, KeyError, TypeError) as problem:
        return f"half a report: {problem}"
    better = [name for name, verdict in new.items() if RANKS[verdict] < RANKS[old.get(name, "unsafe")]]
    if better:
        return f"better: {better}"
    return None if WORSE[ran.returncode] >= WORSE[status] else f"status {ran.returncode} instead of {status}"


def sample(count):
    if count <= SAMPLE:
        return range(1, count + 1)
    return sorted({1 + i * (count - 1) // (SAMPLE - 1) for i in range(SAMPLE)})


def loop(where, what, args):
    for call in CALLS:
        ran, left = run(where, args, call, 0)
        with open(os.path.join(where, "calls"), encoding="utf-8") as file:
            count = int(file.read() or 0)
        whole, status = left.get("report.yaml"), ran.returncode
        found = []
        for at in sample(count):
            ran, left = run(where, args, call, at)
            problem = wrong(ran, left, whole, status)
            if problem:
                found.append(f"call {at}: {problem}")
        tap.equal(found, [], f"{what}: {call} fails once ({len(sample(count))} of {count} calls)")


def cached(where):
    """What a run in which a call failed keeps (--cache) makes no later report other than it is without a cache; nor does a failure with
    what was kept before."""
    facts, args = os.path.join(where, "facts"), ["audit", "-j1", "--cache", "facts", "device.bin", "later"]
    for call in CALLS:
        ran, left = run(where, args, call, 0)
        whole, status = left["report.yaml"], ran.returncode
        shutil.rmtree(facts)
        run(where, args, call, 0)
        with open(os.path.join(where, "calls"), encoding="utf-8") as file:
            count = int(file.read() or 0)
        found = []
        for at in sample(count):
            for state in ("empty", "full"):
                if state == "empty":
                    shutil.rmtree(facts, ignore_errors=True)
                ran, left = run(where, args, call, at)
                problem = wrong(ran, left, whole, status)
                ran, left = run(where, args, call, 0)
                if problem or (ran.returncode, left) != (status, {"report.yaml": whole}):
                    found.append(f"call {at}, {state} cache: {problem or 'the next report is another one'}")
                found += [f"call {at}: left behind in the cache" for name in os.listdir(facts) if len(name) != 64]
        tap.equal(found, [], f"a cache: {call} fails once ({len(sample(count))} of {count} calls)")


def trees(where):
    """The config in a feed's tree is looked for in many directories: one that cannot be read to its end is an error."""
    place = os.path.join(where, "sdk", "build_dir", "linux-6.6.86")
    shutil.copytree(os.path.join(where, "later"), os.path.join(where, "sdk"))
    os.makedirs(place)
    shutil.copy(os.path.join(where, "later.config"), os.path.join(place, ".config"))
    args = ["audit", "-j1", "--image-config", "base.config", "device.bin", "sdk"]
    ran, left = run(where, args, "readdir", 0)
    with open(os.path.join(where, "calls"), encoding="utf-8") as file:
        count = int(file.read())
    whole, status = left["report.yaml"], ran.returncode
    found = []
    for at in range(1, count + 1):
        ran, left = run(where, args, "readdir", at)
        if (ran.returncode, left) not in ((3, {}), (status, {"report.yaml": whole})):
            found.append(f"call {at}: status {ran.returncode}")
        found += [f"call {at}: nothing is said"] if ran.returncode == 3 and "Input/output error" not in ran.stderr else []
    tap.equal(found, [], f"a tree: readdir fails once ({count} calls): an error that names it, or the same report")


with tap.Scratch() as here:
    if tap.SANITIZED:
        tap.skip_all("sanitizers have their own malloc")
    tap.world(STORY, here)
    with open(os.path.join(here, "plan.yaml"), "w", encoding="utf-8") as made:
        made.write(PLAN)
    loop(here, "audit", ["audit", "-j2", "device.bin", "same", "later"])
    loop(here, "audit of files and options", ["audit", "-j1", "--image-config", "base.config", "--feed-config", "later.config", "--image-symvers",
                                             "base.symvers", "--image-manifest", "device.manifest", "device.bin", "later"])
    trees(here)
    cached(here)
    loop(here, "gate", ["gate", "-j2", "plan.yaml"])
    for shard in ("1", "2"):
        tap.kmodaudit("gate", "plan.yaml", "--shard", f"{shard}/2", "-o", f"shard{shard}", cwd=here)
    loop(here, "merge", ["merge", "shard1", "shard2"])
tap.done()
