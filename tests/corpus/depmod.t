#!/usr/bin/python3
"""`depmod -n -e -E` on Debian's module tree and our symbol checks name the same modules and symbols. So that there is something
to name, twenty exports are removed from the symvers and twenty get another CRC, for both programs. The image then has neither
kernel nor modules: they would contradict such a symvers, and it would not be used."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

folder = os.path.join(tap.DEBIAN, "amd64")
if not os.path.exists(os.path.join(folder, "done")):
    tap.skip_all(f"Debian's kernel is not fetched: make corpus ({folder})")
with open(os.path.join(folder, "release"), encoding="utf-8") as file:
    release = file.read().strip()
deb = next(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".deb"))


def spoil(text):
    """Removes rows of vmlinux at equal distances, and changes the CRC of as many. Keeps module_layout, which every module would
    name."""
    kept, number = [], 0
    for line in text.splitlines():
        crc, name, module, *rest = line.split("\t")
        number += module == "vmlinux"
        if module == "vmlinux" and name != "module_layout":
            if number % 400 == 7:
                continue
            if number % 400 == 11:
                crc = f"0x{int(crc, 16) ^ 0xffff:08x}"
        kept.append("\t".join([crc, name, module, *rest]))
    return "\n".join(kept) + "\n"


def depmod(tree, symvers):
    ran = subprocess.run(["depmod", "-n", "-e", "-E", symvers, "-b", tree, release], capture_output=True, text=True, check=False)
    found = set()
    for line in ran.stderr.splitlines():
        said = re.search(r"/([^/]+)\.ko\S* (needs unknown symbol|disagrees about version of symbol) (\S+)", line)
        if said:
            found.add((said[1].replace("-", "_"), said[3]))
    return found


def ours(image, tree, symvers):
    ran = tap.audit("--image-symvers", symvers, image, os.path.join(tree, "lib", "modules"), cpu=300)
    report, found = ran.report(), set()
    if not tap.ok(report is not None, "a report"):
        tap.note(f"status {ran.status}: {ran.err}")
        return found
    for package in report["packages"]:
        for finding in package["findings"] or []:
            if finding["id"] in ("symbol-missing", "symbol-crc") and finding["level"] == "error":
                found.add((package["name"].replace("-", "_"), finding["subject"]))
    return found


with tap.Scratch() as tree:
    subprocess.run(["dpkg-deb", "-x", deb, tree], check=True)
    symvers = os.path.join(tree, "symvers")
    with open(os.path.join(folder, "Module.symvers"), encoding="utf-8") as file:
        text = file.read()
    bare = os.path.join(tree, "bare")
    os.makedirs(os.path.join(bare, "var/lib/dpkg"))
    with open(os.path.join(bare, "var/lib/dpkg/status"), "w", encoding="utf-8") as file:
        file.write("Package: base-files\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12\n")
    for what, image, content in (("as built", deb, text), ("spoiled", bare, spoil(text))):
        with open(symvers, "w", encoding="utf-8") as file:
            file.write(content)
        theirs, mine = depmod(tree, symvers), ours(image, tree, symvers)
        if not tap.ok(theirs == mine, f"{what}: depmod names {len(theirs)} pairs of module and symbol, and so do we"):
            tap.note(f"depmod only: {sorted(theirs - mine)[:8]} of {len(theirs - mine)}")
            tap.note(f"we only: {sorted(mine - theirs)[:8]} of {len(mine - theirs)}")
tap.done()
