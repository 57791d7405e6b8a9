#!/usr/bin/python3
"""Every container cut where one of its structures begins or ends, and a byte before: no verdict gets better by it. What was unsafe or
unproven does not become safe or installed, and what was safe does not become installed."""

import os
import re
import struct
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import pad, read, sh, write  # noqa: E402

FEEDS = """\
build rebuilt like base
	module dummy
		imports printk register_netdev
		code 7
	module crc7
		imports printk nowhere
		exports crc7_be
feed rebuilt from rebuilt
	holds kmod-dummy kmod-lib-crc7
feed same from base
	holds kmod-dummy kmod-lib-crc7
"""
MOST = 20  # cuts of one container: of more boundaries as many, evenly spread, and the last ones
GOOD = ("safe", "installed")


def chosen(size, boundaries):
    """At most MOST of the places in a file of SIZE bytes: each boundary, a byte before it, the last byte."""
    places = sorted({at for at in boundaries if 0 < at < size})
    if len(places) > MOST // 2:
        step = len(places) / (MOST // 2 - 3)
        places = sorted({places[int(i * step)] for i in range(MOST // 2 - 3)} | set(places[-3:]))
    return sorted({at for place in places for at in (place, place - 1) if at > 0} | {size - 1})


def verdicts(where, image):
    """Of both feeds, by name and file; {} where the image is refused, None where the answer is none."""
    ran = tap.audit(image, "rebuilt", "same", cwd=where, cpu=20)
    if not ran.sane():
        return None, f"status {ran.status}: {ran.err[:200]}"
    packages = ran.report()["packages"] if ran.status != 3 else []
    return {one["file"]: one["verdict"] for one in packages}, ran.err


def better(before, after):
    return [f"{name} {before.get(name)} -> {verdict}" for name, verdict in after.items()
            if verdict in GOOD and before.get(name) != verdict and not (verdict == "safe" and before.get(name) == "installed")]


def sweep(where, what, data, boundaries):
    write(data, where, "whole.bin")
    before, why = verdicts(where, "whole.bin")
    here = sorted((name.split("/")[0], verdict) for name, verdict in (before or {}).items() if "kmod-dummy" in name)
    if not tap.ok(here == [("rebuilt", "unsafe"), ("same", "installed")], f"{what}: read as a whole"):
        tap.note(f"{why} {before}")
        return
    places = chosen(len(data), boundaries)
    wrong = []
    for at in places:
        write(data[:at], where, "cut.bin")
        after, why = verdicts(where, "cut.bin")
        if after is None:
            wrong.append(f"at {at:#x}: {why}")
        else:
            wrong += [f"at {at:#x}: {one}" for one in better(before, after)]
    tap.equal(wrong, [], f"{what}: cut at {len(places)} places, {len(set(boundaries))} boundaries")


def every(data, magic):
    """Where MAGIC stands at a multiple of 4."""
    return [found.start() for found in re.finditer(re.escape(magic), data) if found.start() % 4 == 0]


def blocks_in_use(data, size):
    """Where a block of zeros or ones ends and another begins, and back."""
    kinds = [data[at:at + size].count(data[at]) == min(size, len(data) - at) for at in range(0, len(data), size)]
    return [i * size for i in range(1, len(kinds)) if kinds[i] != kinds[i - 1]]


def squashfs_tables(data):
    """struct squashfs_super_block: bytes_used and the starts of its tables; the first data block."""
    used, ids, xattrs, inodes, directories, fragments, exports = struct.unpack_from("<7Q", data, 40)
    return [96, *(at for at in (used, ids, xattrs, inodes, directories, fragments, exports) if at < len(data))]


def newc_headers(data):
    return every(data, b"070701")


def tar_headers(data):
    return [at for at in range(0, len(data), 512) if data[at + 257:at + 262] == b"ustar"] + [len(data.rstrip(b"\\0")) // 512 * 512 + 512]


def zip_records(data):
    return [found.start() for found in re.finditer(rb"PK(\x01\x02|\x03\x04|\x05\x06)", data)]


def filesystems(where):
    kernel = pad(read(where, "kernel.uimage"), 65536)
    for kind in ("squashfs", "jffs2"):
        line = boxes.ROOTS[kind][1]
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        root = read(where, "r.img")
        inner = squashfs_tables(root) if kind == "squashfs" else every(root, b"\x19\x85" if "-b" in line.split() else b"\x85\x19")
        sweep(where, f"flash, {kind}", kernel + root, [len(kernel) + at for at in inner] + [len(kernel)])
    for order in "<>":
        root = boxes.jffs2_lzma(os.path.join(where, "root"), order)
        inner = every(root, b"\x85\x19" if order == "<" else b"\x19\x85")
        sweep(where, f"flash, jffs2 without an order of names, {order}", kernel + root, [len(kernel) + at for at in inner])
    sh(where, "rm -f r.img; " + boxes.ROOTS["ubifs"][0].format(out="r.img"))
    ubi = boxes.ubi(where, "ubi", [("kernel", "kernel.uimage", "dynamic"), ("rootfs", "r.img", "dynamic")])
    sweep(where, "ubi, ubifs", ubi, every(ubi, b"UBI#") + every(ubi, b"UBI!") + every(ubi, b"\x31\x18\x10\x06")[::4])
    sh(where, "mkdir -p bootdir/boot && cp kernel.none bootdir/boot/vmlinuz && rm -f boot.ext && mke2fs -q -t ext4 -O ^has_journal -d bootdir boot.ext 4M")
    for line in (boxes.ROOTS["ext4"][0], boxes.ROOTS["ext4"][2]):
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        root, boot = read(where, "r.img"), read(where, "boot.ext")
        disk = read(boxes.disk(where, "disk", "mbr", [("83", 512, 8192, boot), ("83", 8704, 16384, root)]))
        inner = [1024, 2048, *blocks_in_use(root, 4096)]
        sweep(where, "mbr, " + " ".join(line.split()[2:4]), disk, [512 * 512, 8704 * 512] + [8704 * 512 + at for at in inner])


def archives(where):
    def pack(line):
        sh(where, "rm -f case; " + line)
        return read(where, "case")
    listed = "(cd tree && find . | LC_ALL=C sort{} | cpio -o --quiet -H newc) > case"
    for what, order in (("in order", ""), ("the database last", " | sed '/status/d' | (cat; find . -name status)"),
                        ("the database first", " | (find . -name status; cat)")):
        data = pack(listed.format(order))
        sweep(where, f"cpio, {what}", data, newc_headers(data))
    for what, names in (("in order", "."), ("the database first", "./usr ./lib ./boot .")):
        data = pack(f"tar -C tree -cf case {names}")
        sweep(where, f"tar, {what}", data, tar_headers(data))
    with zipfile.ZipFile(os.path.join(where, "case"), "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, _, names in sorted(os.walk(os.path.join(where, "tree"))):
            for path in (os.path.join(folder, name) for name in sorted(names)):
                archive.write(path, os.path.relpath(path, os.path.join(where, "tree")))
    data = read(where, "case")
    sweep(where, "zip", data, zip_records(data))


def lacking(where):
    """A database without any module in the image shows nothing as installed."""
    sh(where, "rm -rf bare && cp -r tree bare && rm -r bare/lib/modules")
    for feed in ("rebuilt", "same"):
        ran = tap.audit("bare", feed, cwd=where)
        tap.equal([verdict for verdict in tap.verdicts(ran.report()).values() if verdict == "installed"], [],
                  f"{feed}: what the database lists and the image lacks is not installed")


with tap.Scratch() as here:
    boxes.prepare(here)
    write((boxes.STORY + FEEDS).encode(), here, "feeds.world")
    tap.world(os.path.join(here, "feeds.world"), os.path.join(here, "made"))
    sh(here, "mv made/rebuilt made/same . && cp -r tree/boot . && mkdir -p root/boot && rmdir root/boot")
    lacking(here)
    archives(here)
    filesystems(here)
tap.done()
