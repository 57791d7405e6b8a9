#!/usr/bin/python3
"""Published images and feeds that do not fit: with their own report as the baseline they pass, and one more bad package fails
alone."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402


def put(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def round_trip(what, place, *words):
    first = tap.audit(*words, cpu=120)
    tap.ok(first.status in (1, 2), f"{what}: fails as it is")
    again = tap.audit("--baseline", put(os.path.join(place, "before.yaml"), first.out), *words, cpu=120)
    if not tap.ok(again.status == 0, f"{what}: passes with its own report as the baseline"):
        tap.note(again.out.split("\n", 1)[0] + again.err)
    old, new = first.report(), again.report()
    tap.equal(tap.verdicts(new), tap.verdicts(old), f"{what}: with the same verdicts")
    tap.equal((new["baseline"]["new"], new["baseline"]["fixed"], new["baseline"]["remark"]), (0, 0, None), f"{what}: nothing is new or fixed")
    tap.ok(new["baseline"]["unchanged"] > 0, f"{what}: {new['baseline']['unchanged']} findings are unchanged")


def one_more(place, image, feed, bad):
    """Audits FEED, then FEED with BAD added."""
    before = put(os.path.join(place, "before.yaml"), tap.audit(image, feed, cpu=120).out)
    shutil.copytree(feed, os.path.join(place, "more"))
    shutil.copy(bad, os.path.join(place, "more"))
    ran = tap.audit("--baseline", before, image, os.path.join(place, "more"), cpu=120)
    failing = [one["name"] for one in ran.report()["packages"] if one["gate"] != "pass"]
    tap.equal((ran.status, failing), (1, [os.path.basename(bad).split("_")[0]]), "one bad package more: that one fails, and no other")


ours = tap.corpus("tl-wr703n-3.18.20-mips")
theirs = os.path.join(tap.corpus("tl-wr740n-4.1.20-mips"), "packages")
image = os.path.join(ours, "openwrt-15.05-ar71xx-generic-tl-wr703n-v1-squashfs-sysupgrade.bin")
stock = tap.corpus("tl-wr840n-v6-4.14.275-mipsel")
x86 = os.path.join(tap.corpus("x86_64-4.19.108"), "openwrt-x86-64-vmlinuz")
with tap.Scratch() as scratch:
    round_trip("tl-wr703n with the tl-wr740n feed", scratch, image, theirs)
    round_trip("tl-wr840n under the strict policy", scratch, "--policy", "strict",
               os.path.join(stock, "openwrt-ramips-mt76x8-tl-wr840n-v6.2-squashfs-sysupgrade.bin"), os.path.join(stock, "packages"))
    round_trip("x86-64 with a rebuilt feed", scratch, x86, os.path.join(tap.corpus("x86_64-4.19.108-rebuild"), "packages"))
    kernel = os.path.join(theirs, "kernel")
    bad = next(name for name in sorted(os.listdir(kernel)) if name.startswith("kmod-ath9k_"))
    one_more(scratch, image, os.path.join(ours, "packages"), os.path.join(kernel, bad))
tap.done()
