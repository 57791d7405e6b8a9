"""For the tests of sharding and growth: a plan of four pairs, its shards, the commands of docs/scale.md, packages."""

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
DOCUMENT = os.path.join(tap.ROOT, "docs", "scale.md")
TODAY = "2030-06-15"
PLAN = {
    "schema": "kmodaudit/plan/1",
    "images": [{"path": "device.bin", "name": "plain"}, {"path": "device-crcs.bin", "name": "crcs"}],
    "feeds": [{"path": name} for name in ("same", "later", "later-crcs", "conntrack-crcs")],
    "pairs": [{"image": "plain", "feed": "same"}, {"image": "plain", "feed": "later"},
              {"image": "crcs", "feed": "later-crcs"}, {"image": "crcs", "feed": "conntrack-crcs"}],
}
STATUSES = [0, 2, 0, 1]  # of the pairs


def tar(files):
    """A gzip'd tar of the files {name: bytes}."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo("./" + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(data.getvalue(), 1, mtime=0)


def package(path, control, files=None, data=None):
    """An .ipk of that control file, with FILES {name: bytes} or with DATA as its data.tar.gz."""
    with open(path, "wb") as file:
        file.write(tar({"debian-binary": b"2.0\n", "control.tar.gz": tar({"control": control.encode()}),
                        "data.tar.gz": data or tar(files or {})}))


def write(path, data):
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(data, file, sort_keys=False)


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def make(where, **more):
    """Makes the founding story in WHERE, and a plan for it: PLAN with MORE keys."""
    tap.world(STORY, where)
    write(os.path.join(where, "plan.yaml"), {**PLAN, **more})


def gate(where, *options, plan="plan.yaml"):
    return tap.kmodaudit("gate", plan, "--today", TODAY, *options, cwd=where)


def cut(where, count, *options, plan="plan.yaml", name="shard"):
    """The plan in COUNT shards, as NAME-I.yaml: their names, their statuses."""
    paths = [f"{name}-{i}.yaml" for i in range(1, count + 1)]
    ran = [gate(where, "--shard", f"{i + 1}/{count}", "-o", path, *options, plan=plan) for i, path in enumerate(paths)]
    return paths, [one.status for one in ran]


def merge(where, paths, *options):
    return tap.kmodaudit("merge", *paths, *options, cwd=where)


def refused(ran, what, *words):
    """An error of one line that says WORDS, status 3, and no report."""
    good = ran.status == 3 and ran.err.count("\n") == 1 and not ran.out and all(word in ran.err for word in words)
    if not tap.ok(good, what):
        tap.note(f"status {ran.status}: {ran.err}")


def block(words):
    """The lines of the document's block of code that has WORDS in it."""
    with open(DOCUMENT, encoding="utf-8") as file:
        blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", file.read(), re.MULTILINE)
    found = [one for one in blocks if words in one]
    if len(found) != 1:
        tap.ok(False, f"docs/scale.md has {len(found)} blocks with: {words}")
        tap.done()
    return re.sub(r"^    ", "", found[0].strip("\n") + "\n", flags=re.MULTILINE)


def environment(**more):
    return {**os.environ, "LC_ALL": "C", "PATH": f"{tap.BUILD}:{os.environ['PATH']}", **more}


def shell(where, text, env):
    """Runs TEXT in a shell in WHERE, where the repository's scripts are as well."""
    scripts = os.path.join(where, "scripts")
    if not os.path.exists(scripts):
        os.symlink(os.path.join(tap.ROOT, "scripts"), scripts)
    ran = subprocess.run(["sh", "-c", text], cwd=where, env=env, capture_output=True, timeout=120, check=False)
    return tap.Ran(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"), 0)
