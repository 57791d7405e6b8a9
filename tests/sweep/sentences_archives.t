#!/usr/bin/python3
"""Each way in which an archive, a package of apk or a header of firmware can be wrong has its own sentence: one file for each."""

import gzip
import io
import os
import struct
import subprocess
import sys
import tarfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import adb  # noqa: E402
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from tap import says  # noqa: E402

INFO = {"name": "kmod-a", "version": "1-r1", "arch": "all", "depends": ["libc"]}
MODULE = "lib/modules/6.6.86/a.ko"
MOST = 1 << 20  # LIMIT_ENTRIES


# ---- apk ----

def database(change=lambda writer, words: None, blocks=(), size=3):
    """A package of one file, which has SIZE bytes; CHANGE: of the words of its pkginfo, with the writer."""
    writer = adb.Writer()
    words = [writer.blob("kmod-a"), writer.blob("1-r1"), 0, 0, writer.blob("all")] + [0] * 13
    change(writer, words)
    file = writer.object([writer.blob("a.ko"), 0, writer.number(size), 0, writer.blob(bytes(32))])
    folder = writer.object([writer.blob("lib/modules/6.6.86"), 0, writer.array([file])])
    root = writer.object([writer.object(words), writer.array([folder])])
    return adb.packed(b"pckg", [adb.block(0, writer.done(root)), *blocks], None)


def depending(*fields):
    """A package with one dependency, whose FIELDS are made from the writer."""
    def change(writer, words):
        words[14] = writer.array([writer.object([field(writer) for field in fields])])
    return database(change)


def text(value):
    return lambda writer: writer.blob(value)


def crowded(writer, words):
    words[14] = writer.array([writer.dependency("a")] * 4097)


def nameless(_, words):
    words[0] = 0


def index(count, description="", blocks=()):
    """An index that has one package COUNT times."""
    writer = adb.Writer()
    info = writer.info({**INFO, "description": description})
    return adb.packed(b"indx", [adb.block(0, writer.done(writer.object([0, writer.array([info] * count)]))), *blocks])


def apk(where):
    data = lambda path, file, content: adb.block(2, struct.pack("<II", path, file) + content)  # noqa: E731
    for what, package, sentence in (
            ("a file ..", adb.make_package(INFO, {"lib/..": b"x"}), "apk: file 1 of directory 1 has an invalid name"),
            ("data of 4 bytes", database(blocks=[adb.block(2, b"abcd")]), "apk: a data block without a header"),
            ("data of file 9", database(blocks=[data(1, 9, b"abc")]), "apk: a data block for file 9 of directory 1, which does not exist"),
            ("data of another size", database(blocks=[data(1, 1, b"ab")]),
             f"apk: {MODULE}: its data is 2 bytes, which is not the size that the package states"),
            ("two files of data", database(size=0, blocks=[data(1, 1, b"")]), "apk: more data blocks than files"),
            ("no name", database(nameless), "the package has no name"),
            ("65 signatures", index(1, blocks=[adb.block(1, bytes(99))] * 65), "apk: more than 64 signatures"),
            ("an index of 2^18 + 1 packages", index((1 << 18) + 1),
             "more than 262144 packages or more than 1048576 dependencies"),
            ("an index of 40 MiB", index(800, "x" * 65535), "apk: an index of more than 51[0-9] packages"),
            ("a dependency without a name", depending(text("")), "apk: a dependency has no readable name"),
            ("a dependency with a blank", depending(text("a b")), "apk: a dependency has no readable name"),
            ("a version that is nowhere", depending(text("a"), lambda writer: 8 << 28 | 0xffffff),
             "apk: a dependency's version reaches beyond the database"),
            ("a version with a blank", depending(text("a"), text("1 2")), "apk: a dependency's version contains a blank or control byte"),
            ("a version with a line end", depending(text("a"), text("1\n2")),
             "apk: a dependency's version contains a blank or control byte"),
            ("an operator that is text", depending(text("a"), text("1"), text("=")), "apk: a dependency's operator is not a number"),
            ("4097 dependencies", database(crowded), "apk: 4097 dependencies in one package")):
        says(where, f"apk, {what}", package, sentence, "packages.adb" if b"indx" in adb.unpacked(package)[:8] else "a.apk")


# ---- tar, cpio, zip ----

def tar(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def newc(name, data=b"", mode=0o100644):
    head = b"070701" + b"".join(b"%08x" % word for word in (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0))
    return boxes.pad(boxes.pad(head + name + b"\0", 4, b"\0") + data, 4, b"\0")


TRAILER = newc(b"TRAILER!!!")


def holed(where):
    """A package whose data.tar.gz is a sparse file."""
    body = gzip.compress(tar((MODULE, os.urandom(200000))))
    with open(os.path.join(where, "data.tar.gz"), "wb") as file:
        file.write(body[:65536])
        file.seek(4 << 20)
        file.write(body[65536:])
    write(gzip.compress(tar(("./control", b"Package: kmod-a\nVersion: 1\nArchitecture: all\n"))), where, "control.tar.gz")
    write(b"2.0\n", where, "debian-binary")
    sh(where, "tar --sparse -cf holed.ipk ./debian-binary ./control.tar.gz ./data.tar.gz")
    return read(where, "holed.ipk")


def zip_short():
    """A member that states 100 bytes and has 5."""
    name, data = MODULE.encode(), b"hello"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, zlib.crc32(data), len(data), 100, len(name), 0) + name + data
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, zlib.crc32(data), len(data), 100, len(name), 0, 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)


def sparse_over():
    """A GNU sparse file whose last piece is behind its end."""
    out = io.BytesIO()
    info = tarfile.TarInfo(MODULE)
    info.size = 1024
    info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": MODULE, "GNU.sparse.size": "700",
                        "GNU.sparse.numblocks": "2", "GNU.sparse.map": "0,512,512,512"}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(b"x" * 1024))
    return out.getvalue()


def archives(where):
    for what, data, sentence in (
            ("a path of 1100 bytes", tar(("lib/x", b"x"), ("lib/modules/../" + "n" * 1100, b"x")), "lib/modules/../[n.]+: path is longer than 1024 bytes"),
            ("65 archives", (newc(b"a", b"x") + TRAILER) * 65, "more than 64 archives in a row"),
            ("2^20 members", newc(b"a") * (MOST + 1) + TRAILER, "after a: more than 1048576 members"),
            ("a member without a name", newc(b"lib", mode=0o40755) + newc(b"") + TRAILER, "after lib: member 2 has no name"),
            ("a file of 5 bytes that states 100", zip_short(), f"{MODULE}: ZIP uncompressed data is wrong size \\(read 5, expected 100\\)"),
            ("a piece behind the end", sparse_over(), f"{MODULE}: the data does not have the size in the header")):
        says(where, f"archive, {what}", data, sentence)
    os.makedirs(os.path.join(where, "long", "lib", "modules", *["n" * 200] * 6))
    says(where, "directory, a path of 1200 bytes", None, "lib/modules[n/.]+: path is longer than 1024 bytes", "long")
    sh(where, "truncate -s 17G large")
    says(where, "file of 17 GiB", None, "18253611008 bytes, more than the 17179869184 allowed", "large")
    says(where, "package with holes", holed(where), f"data.tar.gz: {MODULE}: the member is sparse", "a.ipk")


with tap.Scratch() as scratch:
    boxes.prepare(scratch)
    apk(scratch)
    archives(scratch)
tap.done()
