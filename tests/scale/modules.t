#!/usr/bin/python3
"""One package with very many modules takes time in proportion to them: with the square of their number none of these ends within
the cpu time that a run has here."""

import glob
import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402
from tap import write  # noqa: E402

CPU = 20


def packed(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def parts(path):
    """the control archive of a package and its first module"""
    with tarfile.open(path) as outer:
        control = outer.extractfile("./control.tar.gz").read()
        with tarfile.open(fileobj=io.BytesIO(outer.extractfile("./data.tar.gz").read())) as data:
            module = next(data.extractfile(member).read() for member in data if member.name.endswith(".ko"))
    return control, module


with tap.Scratch() as at:
    tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), at)
    control, module = parts(glob.glob(f"{at}/same/kmod-nfnetlink_*.ipk")[0])
    # as it is, all modules have one name; changed at its end, which no section holds, each is another file
    for what, count, data in (("empty modules", 60000, lambda i: b""), ("files of one module", 60000, lambda i: module),
                              ("modules of one name", 60000, lambda i: module + b"%d" % i)):
        files = [(f"./lib/modules/6.6.86/m{i}.ko", data(i)) for i in range(count)]
        package = packed([("./debian-binary", b"2.0\n"), ("./control.tar.gz", control), ("./data.tar.gz", packed(files))])
        ran = tap.audit(f"{at}/device.bin", write(f"{at}/many.ipk", package), cpu=CPU)
        if not tap.ok(ran.status in (0, 1, 2) and "\nsummary: {packages: 1," in ran.out, f"{count} {what}: a report"):
            tap.note(f"status {ran.status}: {ran.err}")
tap.done()
