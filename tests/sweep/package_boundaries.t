#!/usr/bin/python3
"""Packages, modules and indexes damaged where one of their structures begins or ends, as tests/sweep/boundaries.t does with images: a package
that is damaged is never safe or installed, unless no verdict counts on what was lost."""

import gzip
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import adb  # noqa: E402
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from damage import BATCH, GOOD, FULL, chosen, gate, variants  # noqa: E402

STORY = """\
build base
	machine mips
	release 6.6.86
	abi e9d2feb381d41d091485514b91f90092
	vermagic 6.6.86 SMP mod_unload MIPS32_R2 32BIT
	crcs yes
	this_module 384 212 348
	filler 40
	exports printk
	exports netif_rx reaches sk_buff net_device
	module spare
		imports printk netif_rx
	module other
		imports printk
	package kmod-spare
		contains spare other
		file etc/spare.conf text
	package kmod-ar
		contains spare other
		format ar
	package kmod-deb
		contains spare other
		format deb
	package kmod-needs
		contains spare other
		depends kmod-spare
image tree from base
	wrapped directory elf none
	file etc/opkg.conf arch all 1\\narch mips_24kc 10
feed feed from base
	holds kmod-spare kmod-ar kmod-deb kmod-needs
	bare spare
	index
"""
MOST = 24
# of a bare module: nothing tells whether its code is as it was, and a stripped one has no .modinfo
UNTOLD = tuple(f"for {what} {name}" for what in ("section", "header of") for name in (".text", ".modinfo", ".gnu.linkonce.this_module", ".rel"))


def sweep(where, what, name, data, parts, spare=(), rest=None, enough=0):
    """Each damaged copy of the package NAME alone in a feed, with the files of REST beside it. SPARE: names of structures that a verdict
    does not count on; ENOUGH: a file of that many bytes has all others."""
    cuts, wrong, tried, before = os.path.join(where, "cuts"), [], 0, None
    todo = [("whole", data)] + chosen(variants(data, parts), MOST)
    for first in range(0, len(todo), BATCH):
        shutil.rmtree(cuts, ignore_errors=True)
        batch = todo[first:first + BATCH]
        for number, (_, bytes_) in enumerate(batch):
            os.makedirs(f"{cuts}/{number}")
            write(bytes_, f"{cuts}/{number}/{name}")
            for other, content in (rest or {}).items():
                write(content, f"{cuts}/{number}/{other}")
        answers, why = gate(where, {"tree": "tree"}, {f"{number}": f"cuts/{number}" for number in range(len(batch))})
        if answers is None:
            tap.ok(False, f"{what}: {why}")
            return
        for number, (how, _) in enumerate(batch):
            after = answers["tree", f"{number}"]
            if before is None:
                before = after
                if not tap.ok("safe" in before.verdicts.values(), f"{what}: read as a whole"):
                    tap.note(f"{before.verdicts} {before.why} {why}")
                    return
                continue
            tried += 1
            if any(word in how for word in spare) or (how.startswith("cut") and enough and len(batch[number][1]) >= enough) or (not rest and after.status == 3 and not after.verdicts):
                continue
            wrong += [f"{how}: {file} {verdict} {sorted(after.findings - before.findings)}" for file, verdict in after.verdicts.items()
                      if verdict in GOOD and (file == name or not after.findings - before.findings)]
            if not after.verdicts and not after.findings:
                wrong.append(f"{how}: nothing is said")
    shutil.rmtree(cuts, ignore_errors=True)
    if not tap.ok(not wrong, f"{what}: damaged in {tried} ways at {len(parts)} structures"):
        for line in wrong[:60 if FULL else 20]:
            tap.note(line)
        tap.note(f"{len(wrong)} in all")


def packages(where):
    feed = os.path.join(where, "feed")
    names = sorted(os.listdir(feed))
    for name in (name for name in names if name.endswith((".ipk", ".deb", ".ko"))):
        if "needs" in name:
            continue
        data = read(feed, name)
        parts = structures.elf(data) if name.endswith(".ko") else structures.ar(data) if data[:7] == b"!<arch>" else structures.gzip_parts(data)
        if data[:2] == b"\x1f\x8b":
            plain = gzip.decompress(data)
            sweep(where, f"{name}, its tar", name, plain, structures.tar(plain)[4:], ("padding", "zeros"),
                  enough=len(plain) - 512)
        # debian-binary is the member that nobody misses
        sweep(where, name, name, data, parts, ("0x8..0x48", *UNTOLD))
    sh(where, "xz -k -c --check=crc32 feed/spare.ko > spare.ko.xz; gzip -n -c feed/spare.ko > spare.ko.gz; zstd -q -c feed/spare.ko > spare.ko.zst")
    for name, parts in (("spare.ko.xz", structures.xz), ("spare.ko.gz", structures.gzip_parts), ("spare.ko.zst", structures.zstd)):
        data = read(where, name)
        sweep(where, name, name, data, parts(data))


def apks(where):
    files = {f"lib/modules/6.6.86/{name}.ko": read(where, "modules", f"{name}.ko") for name in ("spare", "other")}
    package = {"name": "kmod-spare", "version": "6.6.86-r1", "arch": "mips_24kc", "depends": ["kernel=6.6.86~e9d2feb381d41d091485514b91f90092-r1"]}
    data = adb.make_package(package, files, "raw")
    sweep(where, "apk-tools 3, raw", "kmod-spare-6.6.86-r1.apk", data, structures.adb(data))
    for packing in ("deflate", "zstd"):
        data = adb.make_package(package, files, packing)
        sweep(where, f"apk-tools 3, {packing}", "kmod-spare-6.6.86-r1.apk", data, [(0, 4, "magic"), (4, 6, "packing"), (len(data) - 8, len(data), "end")])
    # index and package: the package is whole
    data = adb.make_package(package, files)
    index = adb.make_index([(package, data)], packing="raw")
    sweep(where, "packages.adb", "packages.adb", index, structures.adb(index), rest={"kmod-spare-6.6.86-r1.apk": data}, enough=len(index) - 7)


def indexes(where):
    """A feed of one package. Of the lines of its row, the package manager and the verdict use
    neither those about its contents nor both of the size and the checksum."""
    data, name = read(where, "feed", "Packages"), "kmod-spare_6.6.86-r1_mips_24kc.ipk"
    index = data[:data.index(b"\n\n") + 2]
    sweep(where, "Packages", "Packages", index, structures.lines(index), ("Size", "SHA256sum", "Section", "Architecture", "Installed-Size", "Description", "line and", "empty"),
          {name: read(where, "feed", name)}, index.index(b"SHA256sum"))


WHAT = {"packages": packages, "apks": apks, "indexes": indexes}
with tap.Scratch() as here:
    write(STORY.encode(), here, "story.world")
    tap.world(os.path.join(here, "story.world"), here)
    sh(here, "mkdir modules && cp feed/*.ko modules/; mkdir x && cd x && tar -xzf ../feed/kmod-spare_*.ipk && tar -xzf data.tar.gz && cp lib/modules/*/*.ko ../modules/")
    for one in sys.argv[1:] or WHAT:
        WHAT[one](here)
tap.done()
