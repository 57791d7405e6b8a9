"""For tests that are programs: TAP, scratch directories, running kmodaudit within limits."""

import atexit
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
KMODAUDIT = os.path.join(BUILD, "kmodaudit")
MAKE_WORLD = os.path.join(BUILD, "make_world")
SANITIZED = "asan" in os.path.basename(BUILD)
CORPUS = os.environ.get("KMODAUDIT_CORPUS", os.path.join(ROOT, "..", "shared", "corpus"))
DEBIAN = os.environ.get("KMODAUDIT_DEBIAN", os.path.join(ROOT, "build", "corpus"))
MEMORY = 2 << 30  # address space: threads' stacks and mapped inputs count too
PATIENCE = 1800  # seconds after which a run is ended; so long that a busy machine does not make a test fail

count = 0
failed = 0


def preloaded(name):
    """The shared object NAME of the build, by a path that LD_PRELOAD takes: ld.so splits it at blanks and colons."""
    path = os.path.join(BUILD, name)
    if not re.search(r"[\s:]", path):
        return path
    folder = tempfile.mkdtemp(prefix="kmodaudit-preload-")
    atexit.register(shutil.rmtree, folder)
    return shutil.copy(path, folder)


def ok(good, what):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}", flush=True)
    return good


def equal(got, expected, what):
    if not ok(got == expected, what):
        note(f"expected: {expected!r}\ngot:      {got!r}")


def note(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def skip(what, why):
    global count
    count += 1
    print(f"ok {count} - {what} # SKIP {why}", flush=True)
    note(f"skipped: {what}: {why}")


def skip_all(why):
    print(f"1..0 # SKIP {why}", flush=True)
    sys.exit(0)


def done():
    print(f"1..{count}", flush=True)
    sys.exit(1 if failed else 0)


class Scratch:
    """A fresh empty directory; with KEEP set it stays."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="kmodaudit-test-")
        return self.path

    def __exit__(self, *_):
        if os.environ.get("KEEP"):
            note(f"kept: {self.path}")
        else:
            shutil.rmtree(self.path, ignore_errors=True)


def limit(cpu):
    """Limits processor time, not time of the clock, so that a busy machine changes nothing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    if not SANITIZED:  # sanitizers reserve terabytes of address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Ran:
    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds

    def report(self):
        """The YAML report; None when there is none."""
        return yaml.load(self.out, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if self.out else None

    def sane(self):
        """An answer the contract allows: a status from 0 to 3, and on 3 a line on stderr that says why."""
        return self.status in (0, 1, 2) or (self.status == 3 and self.err.startswith("kmodaudit: "))


def kmodaudit(*args, cwd=None, cpu=60, env=None):
    command = [KMODAUDIT, *map(str, args)]
    environment = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1", "COLUMNS": "100", "UBSAN_OPTIONS": "print_stacktrace=1", **(env or {})}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        ran = subprocess.run(command, cwd=cwd, capture_output=True, timeout=PATIENCE, env=environment, check=False,
                             preexec_fn=lambda: limit(cpu * (8 if SANITIZED else 1)))
    except subprocess.TimeoutExpired:
        return Ran(-99, "", f"no answer in {PATIENCE} s", PATIENCE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"), seconds)


def audit(*args, **more):
    return kmodaudit("audit", *args, **more)


def says(where, what, data, sentence, name="case"):
    """DATA, or what lies at NAME already (None), cannot be read: one line says so, which matches SENTENCE, a pattern."""
    path = os.path.join(where, name)
    if data is not None:
        write(path, bytes(data))
    ran = kmodaudit("facts", path, cpu=30)
    said = ran.err.replace(path, name)
    if not ok(ran.status == 3 and re.fullmatch(f"kmodaudit: {name}: {sentence}\n", said), f"{what}: {sentence}"):
        note(f"status {ran.status}: {said[:1200]}\n{ran.out[:600]}")


def verdicts(report):
    """name -> verdict; where a name comes in several versions or files, each of them: name@file."""
    found = {}
    for package in report["packages"]:
        key = package["name"]
        if key in found:
            key = f"{key}@{package.get('file')}"
        found[key] = package["verdict"]
    return found


def world(story, directory):
    subprocess.run([MAKE_WORLD, story, directory], check=True)


def write(path, data):
    """Writes DATA, a text or bytes, into PATH and makes its folder; returns PATH."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


def table(rows):
    """Rows of cells as comment lines, columns aligned."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        note("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def corpus(*parts):
    path = os.path.join(CORPUS, *parts)
    if not os.path.exists(path):
        skip_all(f"no corpus at {os.path.relpath(CORPUS, ROOT)} ({'/'.join(parts)} is missing)")
    return path
