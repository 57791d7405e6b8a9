#!/usr/bin/python3
"""A real /boot of FreeBSD as a directory, kernel.txz, CD image, UFS1 and UFS2 of both byte orders, and on disks with a GPT and with an
MBR and a BSD label gives the same facts and verdicts, but for witnesses."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402

FREEBSD_UFS = "516E7CB6-6ECF-11D6-8FF8-00022D09712B"
PLACES = ("source", "sha256", "layout", "why", "remarks", "image")


def bare(value):
    """VALUE without witnesses and without the name of the image."""
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if not key.endswith("witness") and key not in PLACES}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value


def verdicts(report):
    """Of each package: the verdict and the rules of its findings."""
    return [(package["name"], package["verdict"], [finding.get("rule") for finding in package.get("findings") or []])
            for package in report["packages"]]


def wrappings(where, boot):
    """name -> path of each wrapping of the directory BOOT."""
    sh(where, f"cp -r {boot} boot && chmod -R u+w boot && tar -C boot -cJf kernel.txz . && makefs -t cd9660 -o rockridge cd.iso boot")
    made = {"kernel.txz": "kernel.txz", "iso": "cd.iso"}
    for version in "12":
        for order in ("le", "be"):
            name = made[f"ufs{version}, {order}"] = f"ufs{version}{order}"
            sh(where, f"makefs -t ffs -B {order} -o version={version} {name} boot")
    ufs = read(where, "ufs2le")
    sectors = len(ufs) // 512
    boxes.disk(where, "gpt", "gpt", [(FREEBSD_UFS, 2048, sectors, ufs)], 16 << 20)
    slice_ = boxes.bsdlabel(bytes(16 * 512) + ufs, {"a": (16, sectors, 7)})
    boxes.disk(where, "mbr", "mbr", [("a5", 2048, len(slice_) // 512, slice_)], 16 << 20)
    write(slice_, where, "raw")
    return {**made, "gpt": "gpt", "mbr, slice, label": "mbr", "label": "raw"}


if not shutil.which("makefs", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
    tap.skip_all("makefs is not installed: scripts/setup test")
TREE, FEED = (os.path.join(tap.CORPUS, "freebsd", name) for name in ("img-10.1-amd64", "feed-10.1-amd64"))
if not os.path.isdir(TREE):
    tap.skip_all(f"no real files in {TREE}")
with tap.Scratch() as scratch:
    facts = bare(tap.kmodaudit("facts", TREE).report())
    judged = tap.audit(TREE, FEED).report()
    tap.ok(facts and facts["modules"] > 200 and len(judged["packages"]) == 40, "the directory has modules and verdicts")
    for what, file in wrappings(scratch, TREE).items():
        image = os.path.join(scratch, file)
        tap.ok(bare(tap.kmodaudit("facts", image).report()) == facts, f"{what}: the same facts")
        tap.equal(verdicts(tap.audit(image, FEED).report()), verdicts(judged), f"{what}: the same verdicts")
tap.done()
