#!/usr/bin/python3
"""The published devices tl-wr703n, tl-wr740n, tl-wr840n and x86-64: exports, modules, verdicts, mixed feeds."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import yaml  # noqa: E402
import tap  # noqa: E402


def facts(path):
    return yaml.safe_load(tap.kmodaudit("facts", path).out)


def symbols(path):
    ran = tap.kmodaudit("symvers", path)
    return [line.split("\t")[1] for line in ran.out.splitlines()]


def tally(what, ran):
    """Counts by verdict, printed; {} when there is no report."""
    report = ran.report()
    if not tap.ok(report is not None, f"{what}: a report"):
        tap.note(f"status {ran.status}\n{ran.err}")
        return None
    counts = {key: report["summary"][key] for key in ("packages", "installed", "safe", "unsafe", "unproven", "unrelated")}
    tap.note(f"{what}: {counts}, {ran.seconds:.2f} s cpu")
    return report


def reasons(package):
    return "; ".join(f"{f['id']}: {f['text']}" for f in package["findings"] or [] if f["level"] in ("error", "unknown"))


def only(report, verdict):
    return [package for package in report["packages"] if package["verdict"] == verdict]


def kmods(report):
    return [package for package in report["packages"] if package["modules"]]


def held(image, layout):
    """Modules in the image, as unsquashfs lists them."""
    offset = next(part["offset"] for part in layout if part["kind"] == "squashfs")
    said = subprocess.run(["unsquashfs", "-o", str(offset), "-l", image], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"/([^/\n]+\.ko)$", said, re.M))


def listed(package):
    """Modules in a package, as tar lists them."""
    said = subprocess.run(f"tar xzOf '{package}' ./data.tar.gz | tar tz", shell=True, capture_output=True, text=True, check=True)
    return set(re.findall(r"/([^/\n]+\.ko)$", said.stdout, re.M))


# 2. exports from the sysupgrade image equal those of its vmlinux.elf; image modules; installed; safe by identity
folder = tap.corpus("tl-wr703n-3.18.20-mips")
image = os.path.join(folder, "openwrt-15.05-ar71xx-generic-tl-wr703n-v1-squashfs-sysupgrade.bin")
elf = os.path.join(folder, "openwrt-15.05-ar71xx-generic-vmlinux.elf")
mine, theirs = symbols(image), symbols(elf)
tap.ok(mine == theirs and len(mine) > 1000, f"tl-wr703n: {len(mine)} exports of the image equal those of vmlinux.elf")
report = tally("tl-wr703n with its own feed", tap.audit(image, os.path.join(folder, "packages"), cpu=120))
if report:
    tap.equal(report["image"]["modules"], 66, "tl-wr703n: 66 modules in the image")
    there = held(image, report["image"]["layout"])
    want = {p["name"] for p in kmods(report) if listed(p["file"]) <= there}
    tap.equal({p["name"] for p in kmods(report) if p["verdict"] == "installed"}, want,
              f"tl-wr703n: the {len(want)} packages whose modules are all in the image are installed, no other")
    wrong = [p for p in only(report, "safe") if p["proof"] != "identity"]
    tap.ok(not wrong and only(report, "safe"), f"tl-wr703n: {len(only(report, 'safe'))} packages are safe by identity")
    for package in only(report, "unsafe") + only(report, "unproven"):
        tap.note(f"{package['verdict']} {package['name']}: {reasons(package)}")
    # each of these was checked by hand; the reason is beside it
    unreasoned = [p["name"] for p in only(report, "unsafe") if not reasons(p)]
    tap.equal(unreasoned, [], "tl-wr703n: nothing is unsafe without a reason")
other = os.path.join(tap.corpus("tl-wr740n-4.1.20-mips"), "packages")
report = tally("tl-wr703n with the tl-wr740n feed", tap.audit(image, other, cpu=120))
if report:
    tap.equal([p["name"] for p in kmods(report) if p["verdict"] != "unsafe"], [], "tl-wr703n: every kmod of another kernel is unsafe")

# the other way round, and a feed with its own image
folder = tap.corpus("tl-wr740n-4.1.20-mips")
for name in ("sysupgrade", "factory"):
    image = os.path.join(folder, f"openwrt-ar71xx-generic-tl-wr740n-v4-squashfs-{name}.bin")
    report = tally(f"tl-wr740n {name} with its own feed", tap.audit(image, os.path.join(folder, "packages"), cpu=120))
    if report:
        tap.ok(not only(report, "unproven") and report["image"]["modules"] == 57, f"tl-wr740n {name}: 57 modules, none unproven")
        tap.equal(report["feeds"][0]["signature"], "valid", f"tl-wr740n {name}: the feed is signed by the image's key")
        for package in only(report, "unsafe"):
            tap.note(f"unsafe {package['name']}: {reasons(package)}")

# 3. 667 exports, complete; 41 modules; no package database, said so; the abi from the manifest
folder = tap.corpus("tl-wr840n-v6-4.14.275-mipsel")
image = os.path.join(folder, "openwrt-ramips-mt76x8-tl-wr840n-v6.2-squashfs-sysupgrade.bin")
manifest = os.path.join(folder, "openwrt-ramips-mt76x8-device-tl-wr840n-v6.2.manifest")
for options in ([], ["--image-manifest", manifest]):
    what = "tl-wr840n" + (" with its manifest" if options else "")
    report = tally(what, tap.audit(*options, image, os.path.join(folder, "packages")))
    if not report:
        continue
    kernel = report["image"]["kernel"]
    tap.equal((kernel["exports"]["count"], kernel["exports"]["complete"], report["image"]["modules"]), (667, True, 41),
              f"{what}: 667 exports, complete, 41 modules")
    tap.equal(report["image"]["packages"], None, f"{what}: no package database, said so")
    found = (kernel["abi"] or {}).get("hash")
    with open(manifest, encoding="utf-8") as file:
        stated = re.search(r"^kernel - \S+-([0-9a-f]{32})", file.read(), re.M)[1]
    tap.equal(found, stated if options else None, f"{what}: the kernel abi is {found}")

# 4. stock firmware: a squashfs with the vendor's lzma, which no tool of Debian reads
folder = tap.corpus("tplink-wr940nv6-stock")
stock = facts(os.path.join(folder, "wr940nv6_eu.bin"))
part = next(part for part in stock["layout"] if part["kind"] == "squashfs")
tap.equal((part["detail"], stock["modules"], stock.get("unread")), ("hsqs version 4.0, little endian, lzma, 262144 byte blocks", 73, None),
          "wr940n v6, stock: its root file system is read")
tap.ok("and 72 other modules agree" in stock["kernel"]["this_module_witness"], "wr940n v6, stock: its modules are parsed")

# 5. the mixed feed
folder = tap.corpus("x86_64-4.19.108")
image = os.path.join(folder, "openwrt-x86-64-vmlinuz")
manifest = os.path.join(folder, "openwrt-x86-64-generic.manifest")
with open(manifest, encoding="utf-8") as file:
    stated = re.search(r"^kernel - (\S+?)-([0-9a-f]{32})", file.read(), re.M)
tap.ok(len(symbols(image)) > 5000, f"x86-64: {len(symbols(image))} exports from the bzImage")
for options in (["--image-manifest", manifest], []):
    what = "x86-64" + (" with its manifest" if options else " without a manifest")
    report = tally(what, tap.audit(*options, image, os.path.join(folder, "packages"), cpu=120))
    if not report:
        continue
    old = [p for p in kmods(report) if p["version"].startswith("4.19.106")]
    tap.ok(old and all(p["verdict"] == "unsafe" for p in old), f"{what}: {len(old)} packages of 4.19.106 are unsafe")
    new = [p for p in kmods(report) if p["version"].startswith("4.19.108")]
    if options:
        proven = [p for p in new if p["verdict"] == "safe"]
        tap.ok(proven and all(p["proof"] == "identity" for p in proven), f"{what}: {len(proven)} packages are safe by identity")
    else:
        tap.equal([p["name"] for p in new if p["verdict"] in ("safe", "installed")], [], f"{what}: none is safe")
    for package in new:
        if package["verdict"] == "unsafe":
            tap.note(f"unsafe {package['name']}: {reasons(package)}")
tap.done()
