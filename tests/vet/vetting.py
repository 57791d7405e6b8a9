"""Packages as the tests of `kmodaudit vet` read and make them."""

import gzip
import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402


def members(data):
    """The members of a tar, compressed or not: name without "./" -> bytes."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {one.name.removeprefix("./"): archive.extractfile(one).read() for one in archive if one.isfile()}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def control(path):
    return members(members(read(path))["control.tar.gz"])["control"].decode()


def packed(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mode = 0o755 if name.startswith("./p") else 0o644
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(out.getvalue(), mtime=0)


def ipk(path, text, data, more=()):
    """A package with the control file TEXT, whose data.tar.gz is DATA."""
    inner = packed([("./control", text.encode()), *more])
    with open(path, "wb") as file:
        file.write(packed([("./debian-binary", b"2.0\n"), ("./data.tar.gz", data), ("./control.tar.gz", inner)]))


def fields(stanza):
    """name -> value of one stanza; of lines that go on, the first."""
    found = {}
    for line in stanza.splitlines():
        name, colon, value = line.partition(":")
        if colon and not line.startswith((" ", "\t")):
            found[name] = value.strip()
    return found


def tree(folder):
    """Every file below FOLDER: name -> bytes."""
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            found[os.path.relpath(path, folder)] = read(path)
    return found


def world(story, at):
    """The founding story, with STORY behind it."""
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        told = file.read()
    path = os.path.join(at, "story.world")
    with open(path, "w", encoding="utf-8") as file:
        file.write(told + story)
    tap.world(path, at)
    os.unlink(path)
