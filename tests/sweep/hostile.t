#!/usr/bin/python3
"""Bad input gets one clear line and exit status 3 for the image, a finding for a package, within limits of memory and time:
empty, wrong magic, an ipk without control, a gzip bomb, a squashfs with a false size, links and paths out of the tree, 10,000
nested archives."""

import gzip
import io
import os
import struct
import sys
import tarfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

BOMB = 512 << 20
STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")


def tar(members, mode="w:gz"):
    """Bytes of a tar: name -> bytes, or a TarInfo made by hand."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def link(name, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def ipk(data, control=b"Package: kmod-evil\nVersion: 6.6.86-r1\nArchitecture: mips_24kc\n"):
    members = [("./debian-binary", b"2.0\n"), ("./data.tar.gz", data)]
    if control is not None:
        members.append(("./control.tar.gz", tar([("./control", control)])))
    return tar(members)


def bomb(size, head=b""):
    """A gzip of HEAD and SIZE zero bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    block, out = bytes(1 << 20), [packer.compress(head)]
    for _ in range(size >> 20):
        out.append(packer.compress(block))
    return b"".join(out) + packer.flush()


def nested(depth, mode):
    data = b"end"
    for level in range(depth):
        data = tar([(f"{level}.tar", data)], mode)
        if len(data) > 64 << 20:
            break
    return data


def matryoshka(depth):
    """A gzip in a gzip in a gzip, each a few bytes larger."""
    data = b"end"
    for _ in range(depth):
        data = gzip.compress(data, 0, mtime=0)
    return data


def huge(name, size):
    """The header of a tar whose one member has SIZE bytes."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def no_answer(scratch, what, data):
    path = write(os.path.join(scratch, "image.bin"), data)
    ran = tap.audit(path, os.path.join(scratch, "same"), cpu=30)
    lines = ran.err.strip().splitlines()
    if not tap.ok(ran.status == 3 and ran.out == "" and len(lines) == 1 and "image.bin" in lines[0], f"image: {what}: exit 3, one line"):
        tap.note(f"status {ran.status}, {len(lines)} lines: {ran.err[:500]}")
    else:
        tap.note(f"{lines[0].replace(scratch + '/', '')} ({ran.seconds:.1f} s)")


def bad_package(scratch, what, data):
    folder = os.path.join(scratch, "evil")
    os.makedirs(folder, exist_ok=True)
    path = write(os.path.join(folder, "kmod-evil_1_mips_24kc.ipk"), data)
    ran = tap.audit(os.path.join(scratch, "device.bin"), folder, os.path.join(scratch, "same"), cpu=30)
    report = ran.report() if ran.status in (0, 1, 2) else None
    mine = [package for package in report["packages"] if package["file"] == path] if report else []
    levels = {finding["level"] for package in mine for finding in package["findings"] or []}
    if not tap.ok(ran.status == 1 and "error" in levels, f"package: {what}: a finding"):
        tap.note(f"status {ran.status}: {[(p['name'], p['verdict']) for p in mine]} {ran.err[:500]}")
    for package in mine:
        tap.note("; ".join(finding["text"] for finding in package["findings"] or [] if finding["level"] == "error")[:300]
                 .replace(scratch + "/", "") + f" ({ran.seconds:.1f} s)")
    others = {p["name"]: p["verdict"] for p in report["packages"] if p not in mine} if report else {}
    tap.equal(others.get("kmod-nfnetlink"), "safe", f"package: {what}: the others are judged")


def lying_squashfs(scratch):
    with open(os.path.join(scratch, "device.bin"), "rb") as file:
        data = bytearray(file.read())
    at = data.find(b"hsqs")
    struct.pack_into("<Q", data, at + 40, 1 << 40)
    return bytes(data), at


DOLL = matryoshka(10000)
with tap.Scratch() as scratch:
    tap.world(STORY, scratch)
    no_answer(scratch, "empty", b"")
    no_answer(scratch, "wrong magic", b"not an image " * 999)
    no_answer(scratch, "noise", bytes((i * 2654435761 >> 13) & 255 for i in range(1 << 16)))
    no_answer(scratch, "a gzip bomb", bomb(BOMB))
    no_answer(scratch, "10,000 nested gzips", DOLL)
    no_answer(scratch, "300 nested tars", nested(300, "w"))
    lying, at = lying_squashfs(scratch)
    no_answer(scratch, "a squashfs alone with a lying size", lying[at:])
    # with a kernel before it the image is read, and the file system is not
    path = write(os.path.join(scratch, "lying.bin"), lying)
    ran = tap.audit(path, os.path.join(scratch, "same"), cpu=30)
    tap.ok(ran.sane() and (ran.status == 3 or ran.report()["image"]["modules"] == 0), "image: a squashfs with a lying size behind a kernel")

    bad_package(scratch, "no control", ipk(tar([("./lib/modules/6.6.86/x.ko", b"x")]), None))
    bad_package(scratch, "empty", b"")
    bad_package(scratch, "wrong magic", b"not a package")
    bad_package(scratch, "a gzip bomb as data", ipk(bomb(BOMB, huge("./lib/modules/6.6.86/x.ko", BOMB))))
    bad_package(scratch, "a path out of the tree", ipk(tar([("./lib/modules/../../../../x.ko", b"x")])))
    path = write(os.path.join(scratch, "evil", "kmod-evil_1_mips_24kc.ipk"),
                 ipk(tar([(link("./lib/modules/6.6.86/x.ko", "/etc/passwd"), b"")])))
    report = tap.audit(os.path.join(scratch, "device.bin"), path).report()
    tap.ok(not report or all(package["verdict"] not in ("safe", "installed") for package in report["packages"]),
           "package: a module that is a link out of the tree is not followed")
    bad_package(scratch, "10,000 nested gzips", DOLL)
tap.done()
