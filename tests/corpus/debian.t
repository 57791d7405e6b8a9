#!/usr/bin/python3
"""Debian's kernel package as an image: its own modules are installed, and three of them, taken out of the image, are safe. With
another CRC they are unsafe, and without the kernel and all that lists its symbols they are unproven."""

import glob
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

NAMES = ("8021q", "dummy", "vxlan")


def judge(what, expected, *args):
    ran = tap.audit(*args, cpu=300)
    report = ran.report() or {"packages": [], "image": {"unread": [ran.err]}}
    found = {package["verdict"] for package in report["packages"]}
    tap.equal(found, {expected}, f"{what}: {expected}")
    if found != {expected}:
        tap.note(f"status {ran.status}: {report['image'].get('unread')}")


def other_crc(path):
    """Changes the first byte of the CRC of module_layout, which stands in a machine word in front of the name."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    word = 8 if data[4] == 2 else 4
    data[data.index(b"module_layout\0" + bytes(8)) - word] ^= 1
    tap.write(path, bytes(data))


def architecture(name, folder, scratch):
    deb = glob.glob(os.path.join(folder, "*.deb"))[0]
    tree, feed = f"{scratch}/{name}", f"{scratch}/{name}-feed"
    subprocess.run(["dpkg-deb", "-x", deb, tree], check=True)
    judge(f"{name}: all modules of the package", "installed", deb, f"{tree}/lib/modules")
    os.mkdir(feed)
    for module in NAMES:
        shutil.move(glob.glob(f"{tree}/lib/modules/*/kernel/**/{module}.ko", recursive=True)[0], feed)
    judge(f"{name}: modules that the image lacks", "safe", tree, feed)
    changed = shutil.copytree(feed, f"{feed}-changed")
    for module in NAMES:
        other_crc(f"{changed}/{module}.ko")
    judge(f"{name}: with another CRC", "unsafe", tree, changed)
    for path in glob.glob(f"{tree}/boot/*"):
        os.remove(path)
    judge(f"{name}: without kernel, System.map and config", "unproven", tree, feed)


fetched = [name for name in ("amd64", "armhf") if os.path.exists(os.path.join(tap.DEBIAN, name, "done"))]
if not fetched:
    tap.skip_all(f"Debian's kernels are not fetched: make corpus ({tap.DEBIAN})")
with tap.Scratch() as at:
    for each in fetched:
        architecture(each, os.path.join(tap.DEBIAN, each), at)
tap.done()
