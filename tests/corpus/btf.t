#!/usr/bin/python3
"""Debian's kernels and their own modules: the BTF of every module fits its kernel's, and no longer does when the offsets of its
names change."""

import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

ARCHITECTURES = ["amd64", "arm64"]
MOVED = 900
# bytes behind a type by its kind (include/uapi/linux/btf.h): fixed, and for each of vlen
MORE = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0), 19: (0, 12)}


def section(data):
    """Place and size of .BTF in a 64-bit little-endian ELF file, or None."""
    table, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    rows = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]
    for row in rows:
        start = rows[names][4] + row[0]
        if data[start:start + 5] == b".BTF\0":
            return row[4], row[5]
    return None


def moved(data):
    """The same module with other names for its types."""
    data = bytearray(data)
    start, _ = section(data)
    _, _, _, header, at, length = struct.unpack_from("<HBBIII", data, start)
    at += start + header
    end = at + length
    while at < end:
        name, info = struct.unpack_from("<II", data, at)
        fixed, each = MORE.get(info >> 24 & 0x1F, (0, 0))
        if name:
            struct.pack_into("<I", data, at, name + MOVED)
        at += 12 + fixed + each * (info & 0xFFFF)
    return data


def judge(kernel, feed):
    """Modules with a finding about their BTF, and how many there are."""
    ran = tap.audit(kernel, feed, cpu=120)
    report = ran.report()
    if not tap.ok(report is not None, "a report"):
        tap.note(f"status {ran.status}: {ran.err}")
        return [], 0
    packages = report["packages"]
    return [p["name"] for p in packages if any(f["id"] == "module-btf" for f in p["findings"] or [])], len(packages)


def check(architecture, deb):
    with tap.Scratch() as scratch:
        fields = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        subprocess.run(["tar", "xf", "-", "-C", scratch, "--wildcards", "./boot/vmlinuz-*", "./lib/modules/*/kernel/net/*",
                        "./lib/modules/*/kernel/fs/*"], stdin=fields.stdout, check=True)
        fields.wait()
        boot = os.path.join(scratch, "boot")
        kernel = os.path.join(boot, os.listdir(boot)[0])
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(scratch, "lib"))
                 for name in names if name.endswith(".ko")]
        there = [path for path in paths if section(open(path, "rb").read())]
        refused, count = judge(kernel, os.path.join(scratch, "lib"))
        tap.ok(len(there) > 500 and refused == [], f"Debian {architecture}: BTF of {len(there)} of {count} modules fits")
        bad = os.path.join(scratch, "bad")
        os.mkdir(bad)
        for path in there[:20]:
            with open(os.path.join(bad, os.path.basename(path)), "wb") as out:
                out.write(moved(open(path, "rb").read()))
        refused, count = judge(kernel, bad)
        tap.ok(len(refused) > count // 2, f"Debian {architecture}: {len(refused)} of {count} with moved names are refused")


for architecture in ARCHITECTURES:
    folder = os.path.join(tap.DEBIAN, architecture)
    if not os.path.exists(os.path.join(folder, "done")):
        tap.skip(f"Debian {architecture}", f"not fetched: make corpus ({folder})")
        continue
    check(architecture, os.path.join(folder, next(name for name in os.listdir(folder) if name.endswith(".deb"))))
tap.done()
