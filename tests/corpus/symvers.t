#!/usr/bin/python3
"""The symvers of a kernel image equal the Module.symvers of its build, for all rows of vmlinux, names and CRCs: rpi kernel.img,
the lab's kernels, and Debian's linux-image packages of four architectures."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

PUBLISHED = ["rpi-3.12.25-modversions-arm:kernel.img", "lab-x86/x86-base-mv:bzImage", "lab-x86/x86-base-nomv:bzImage",
             "lab-x86/x86-trim-nomv:bzImage"]
ARCHITECTURES = ["amd64", "arm64", "armhf", "mipsel"]


def rows(text):
    """name -> (crc, GPL-only, namespace) of the kernel itself"""
    found = {}
    for line in text.splitlines():
        crc, name, module, export, *space = line.split("\t")
        if module == "vmlinux":
            found[name] = (int(crc, 16), export.endswith("GPL"), space[0] if space else "")
    return found


def compare(what, image, symvers):
    with open(symvers, encoding="utf-8") as file:
        expected = rows(file.read())
    ran = tap.kmodaudit("symvers", image, cpu=120)
    if not tap.ok(ran.status == 0, f"{what}: symvers answers"):
        tap.note(ran.err)
        return (what, len(expected), 0, "-", "-")
    got = rows(ran.out)
    missing, extra = sorted(set(expected) - set(got)), sorted(set(got) - set(expected))
    wrong = [name for name in expected if name in got and expected[name] != got[name]]
    if not tap.ok(not missing and not extra and not wrong, f"{what}: {len(expected)} rows equal"):
        tap.note(f"missing {missing[:5]} extra {extra[:5]} wrong {[(n, expected[n], got[n]) for n in wrong[:3]]}")
    with_crc = sum(1 for crc, _, _ in got.values() if crc)
    return (what, len(expected), len(got), with_crc, f"{ran.seconds:.2f}")


table = [("kernel", "rows", "found", "with CRC", "cpu s")]
if os.path.isdir(tap.CORPUS):
    for entry in PUBLISHED:
        folder, image = entry.split(":")
        folder = os.path.join(tap.CORPUS, folder)
        table.append(compare(entry.split(":")[0], os.path.join(folder, image), os.path.join(folder, "Module.symvers")))
else:
    tap.skip("published kernels", f"no corpus at {os.path.relpath(tap.CORPUS, tap.ROOT)}")
for architecture in ARCHITECTURES:
    folder = os.path.join(tap.DEBIAN, architecture)
    if not os.path.exists(os.path.join(folder, "done")):
        tap.skip(f"Debian {architecture}", f"not fetched: make corpus ({folder})")
        continue
    deb = next(name for name in os.listdir(folder) if name.endswith(".deb"))
    table.append(compare(f"Debian {architecture}", os.path.join(folder, deb), os.path.join(folder, "Module.symvers")))
tap.table(table)
tap.done()
