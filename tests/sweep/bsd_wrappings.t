#!/usr/bin/python3
"""A system of FreeBSD, told and real, as a directory, below another directory, with kernel.gz, as kernel.txz, sets with a MANIFEST, packages of the base system, CD image, UFS1 and
UFS2 of both byte orders, and on disks with a GPT and with an MBR and a BSD label gives the same facts and verdicts, but for witnesses."""

import hashlib
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402

FREEBSD_UFS = "516E7CB6-6ECF-11D6-8FF8-00022D09712B"
MANIFEST = b'{"name":"FreeBSD-kernel-generic","version":"14.2","abi":"FreeBSD:14:amd64","arch":"freebsd:14:x86:64"}'
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


def parts(where):
    """The system in two sets and in two packages: what is in boot/kernel, and the rest."""
    sh(where, "mkdir -p sets/usr packages below && cp -r boot below/rootfs && tar -cf below.tar below && cp -r boot rest && rm -r rest/boot/kernel && "
       "mkdir sets.d && tar -C boot -cJf sets.d/kernel.txz ./boot/kernel && tar -C rest -cJf sets.d/base.txz . && : > sets.d/lib32.txz")
    rows = [(name, hashlib.sha256(read(where, "sets.d", name)).hexdigest()) for name in ("base.txz", "kernel.txz")]
    write("".join(f"{name}\t{sum_}\t9\t{name[:4]}\t\"{name}\"\ton\n" for name, sum_ in [*rows, ("src.txz", "0" * 64)]).encode(), where, "sets.d/MANIFEST")
    sh(where, "rm -r sets && mkdir -p disc/usr && cp -r sets.d sets && mv sets.d disc/usr/freebsd-dist && makefs -t cd9660 -o rockridge sets.iso disc")
    for name, files in (("FreeBSD-kernel-generic", "boot/boot/kernel"), ("FreeBSD-bootloader", "rest/boot")):
        write(MANIFEST.replace(b"FreeBSD-kernel-generic", name.encode()), where, "+MANIFEST")
        sh(where, f"bsdtar --zstd -P -s ',^boot/,/,' -s ',^rest/,/,' -cf packages/{name}-14.2.pkg +MANIFEST {files}")


def wrappings(where, boot):
    """name -> path of each wrapping of the directory BOOT."""
    sh(where, f"cp -r {boot} boot && chmod -R u+w boot && tar -C boot -cJf kernel.txz . && makefs -t cd9660 -o rockridge cd.iso boot")
    write(MANIFEST, where, "+MANIFEST")
    sh(where, "bsdtar --zstd -P -s ',^boot/,/,' -cf kernel.pkg +MANIFEST boot/boot")
    made = {"kernel.txz": "kernel.txz", "iso": "cd.iso", "pkg": "kernel.pkg", "sets": "sets", "sets in a CD image": "sets.iso", "packages": "packages",
            "a root below": "below", "a root below, tar": "below.tar"}
    parts(where)
    if os.path.exists(os.path.join(where, "boot/boot/kernel/kernel")):
        sh(where, "cp -r boot gz && gzip gz/boot/kernel/kernel")
        made["kernel.gz"] = "gz"
    for version in "12":
        for order in ("le", "be"):
            name = made[f"ufs{version}, {order}"] = f"ufs{version}{order}"
            sh(where, f"makefs -t ffs -M 2m -B {order} -o version={version} {name} boot")
    ufs = read(where, "ufs2le")
    sectors = len(ufs) // 512
    boxes.disk(where, "gpt", "gpt", [(FREEBSD_UFS, 2048, sectors, ufs)], 16 << 20)
    slice_ = boxes.bsdlabel(bytes(16 * 512) + ufs, {"a": (16, sectors, 7)})
    boxes.disk(where, "mbr", "mbr", [("a5", 2048, len(slice_) // 512, slice_)], 16 << 20)
    write(slice_, where, "raw")
    return {**made, "gpt": "gpt", "mbr, slice, label": "mbr", "label": "raw"}


STORY = """\
build base
	machine {machine}
	osreldate 1402000
	release 14.2-RELEASE-p1
	ident GENERIC
	provides linuxkpi 1
	registers pci/re re_pci
	exports printf
	exports malloc
	locals hidden_one
	module if_em
		imports printf malloc
		exports em_attach
		provides if_em 1
	module extra
		placed boot/modules/extra.ko
		provides extra 1
		imports printf
	module if_new
		needs extra 1
		imports printf em_attach
		needs if_em 1
	module if_bad
		imports printf gone_symbol
	module if_far
		imports printf
		needs debugfs 1
image tree from base
	modules if_em extra
	file boot/defaults/loader.conf loader_conf_files="/boot/loader.conf"
	file boot/loader.conf if_em_load="YES"
feed feed from base
	bare if_new if_bad if_far
"""


def compare(where, name, tree, feed, count):
    facts, judged = bare(tap.kmodaudit("facts", tree).report()), tap.audit(tree, feed).report()
    good = facts and facts["kernel"]["osreldate"] and judged and len(judged["packages"]) == count
    tap.ok(good, f"{name}: the directory has facts and verdicts")
    tap.note(sorted({verdict for _, verdict, _ in verdicts(judged)}))
    os.mkdir(where)
    for what, file in wrappings(where, tree).items():
        image = os.path.join(where, file)
        if not what.startswith("pkg"):  # the facts of a package are those of a package
            tap.ok(bare(tap.kmodaudit("facts", image).report()) == facts, f"{name}, {what}: the same facts")
        ran = tap.audit(image, feed)
        if not tap.ok(ran.status != 3 and verdicts(ran.report()) == verdicts(judged), f"{name}, {what}: the same verdicts"):
            tap.note(ran.err + ran.out[:1000])


if not shutil.which("makefs", path=os.environ["PATH"] + ":/usr/sbin:/sbin") or not shutil.which("bsdtar"):
    tap.skip_all("makefs or bsdtar is not installed: scripts/setup test")
REAL = os.path.join(tap.CORPUS, "freebsd")
with tap.Scratch() as scratch:
    for machine in ("amd64", "powerpc64"):
        story = write(STORY.format(machine=machine).encode(), scratch, machine + ".world")
        world = os.path.join(scratch, machine)
        tap.world(story, world)
        compare(os.path.join(scratch, machine + ".images"), machine, os.path.join(world, "tree"), os.path.join(world, "feed"), 3)
    if os.path.isdir(REAL):
        compare(os.path.join(scratch, "real"), "10.1", os.path.join(REAL, "img-10.1-amd64"), os.path.join(REAL, "feed-10.1-amd64"), 40)
    else:
        tap.skip("10.1", f"no real files in {REAL}")
tap.done()
