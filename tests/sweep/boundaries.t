#!/usr/bin/python3
"""Every container of an image damaged where one of its structures begins or ends: cut there, a byte before and a byte behind, without the
structure, with zeros or ones in its place, without one byte. No verdict gets better by it, and none changes without a finding that says
that the image was not read completely. With KMODAUDIT_SLOW=1 every way to damage every structure, else some of them."""

import gzip
import lzma
import os
import struct
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import pad, read, sh, write  # noqa: E402
from damage import sweep_images  # noqa: E402
from structures import shifted  # noqa: E402

STORY = """\
build base
	machine mips
	release 6.6.86
	abi e9d2feb381d41d091485514b91f90092
	vermagic 6.6.86 SMP mod_unload MIPS32_R2 32BIT
	this_module 384 212 348
	filler 40
	exports printk
	exports netif_rx reaches sk_buff net_device
	exports register_netdev reaches net_device
	module dummy
		imports printk register_netdev
	module crc7
		imports printk
		exports crc7_be
	module spare
		imports printk netif_rx
	module user
		imports printk crc7_be
	module twin
		imports printk
		exports crc7_be
	module lost
		imports printk nowhere
	module plain
		imports printk
	package kmod-dummy
		contains dummy
	package kmod-lib-crc7
		contains crc7
		autoload 30 crc7
	package kmod-spare
		contains spare
	package kmod-user
		contains user
		depends kmod-lib-crc7
	package kmod-twin
		contains twin
	package kmod-lost
		contains lost
	package kmod-file
		contains plain
		file etc/modules.d/30-lib-crc7 plain
	package kmod-against
		contains plain
		conflicts kmod-dummy
	package kmod-wants
		contains spare
		depends kmod-dummy (>= 99)
	package kmod-arch
		contains plain
		architecture x86_64
build rebuilt like base
	module dummy
		imports printk register_netdev
		code 7
image tree from base
	wrapped directory elf none
	installed kmod-dummy kmod-lib-crc7
	file etc/opkg.conf arch all 1\\narch mips_24kc 10
feed same from base
	holds kmod-dummy kmod-lib-crc7 kmod-spare kmod-user kmod-twin kmod-lost kmod-file kmod-against kmod-wants kmod-arch
	bare plain
feed rebuilt from rebuilt
	holds kmod-dummy kmod-spare
"""
FEEDS = ("same", "rebuilt")
MOST = 14


def sweep(where, what, data, parts, least=1):
    sweep_images(where, what, data, parts, FEEDS, MOST, least=least)


def flashes(where):
    kernel = pad(read(where, "kernel.uimage"), 65536)
    edge = [(0, len(kernel), "kernel"), *structures.uimage(kernel)]
    for line in boxes.ROOTS["jffs2"][:2] + boxes.ROOTS["jffs2"][4:5]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        root = read(where, "r.img")
        sweep(where, f"flash, {' '.join(line.split()[6:-2])} jffs2", kernel + root, edge + shifted(structures.jffs2(root), len(kernel)))
    for order in "<>":
        root = boxes.jffs2_lzma(os.path.join(where, "root"), order)
        sweep(where, f"flash, jffs2 without an order of names, {order}", kernel + root, edge + shifted(structures.jffs2(root), len(kernel)))
    for line in boxes.ROOTS["squashfs"][:2]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        root = read(where, "r.img")
        parts = edge + shifted(structures.squashfs(root), len(kernel))
        sweep(where, f"flash, squashfs, {line.split()[4]}", kernel + root, parts)
    overlay(where, kernel, root)
    for line in boxes.ROOTS["cramfs"]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        packed = read(where, "r.img")
        sweep(where, f"flash, {' '.join(line.split()[1:-2])} cramfs", kernel + packed, edge + shifted(structures.cramfs(packed), len(kernel)))
    box = boxes.trx([kernel, root])
    sweep(where, "trx", box, structures.trx(box) + shifted(structures.squashfs(root), struct.unpack_from("<3I", box, 16)[1]))
    for name in ("seama", "chk", "safeloader", "wrgg", "dni", "ubnt"):
        box = boxes.boards(kernel, root)[name]
        at = box.index(b"hsqs")
        sweep(where, name, box, [(0, at, "header and kernel"), (0, 64, "header"), *shifted(structures.squashfs(root), at)])
    box = boxes.poray(kernel + root)
    sweep(where, "poray", box, [(0, 28, "header"), (28, len(kernel), "kernel"), *shifted(structures.squashfs(root), 28 + len(kernel))])


def overlay(where, kernel, root):
    """A writable layer behind the squashfs that removes the module which two packages need and one is."""
    sh(where, "rm -rf upper && mkdir -p upper/upper/lib/modules/6.6.86 upper/work && mknod upper/upper/lib/modules/6.6.86/crc7.ko c 0 0 && "
       "rm -f r.img && mkfs.jffs2 -r upper -e 65536 -n -p -l -m none -o r.img")
    layer, start = read(where, "r.img"), pad(kernel + root, 65536)
    sweep(where, "squashfs, jffs2 over it", start + layer, shifted(structures.jffs2(layer), len(start)), len(start) + 12)


def fits(where):
    for name, options, root in (("fit", "", "root.squashfs"), ("fit, external data", "-E", "root.squashfs"), ("fit, squashfs behind", "", None)):
        box = boxes.fit(where, "a.itb", options, root=root)
        if root is None:
            box = pad(box, 65536) + read(where, "root.squashfs")
        at = box.index(b"hsqs")
        sweep(where, name, box, structures.fdt(box) + shifted(structures.squashfs(read(where, "root.squashfs")), at))


def ubis(where):
    for name, line in (("squashfs", boxes.ROOTS["squashfs"][1]), ("ubifs", boxes.ROOTS["ubifs"][0]), ("ubifs, zlib", boxes.ROOTS["ubifs"][2])):
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        image = boxes.ubi(where, "ubi", [("kernel", "kernel.uimage", "static"), ("rootfs", "r.img", "dynamic")])
        sweep(where, f"ubi, {name}", image, structures.ubi(image))
        if name != "squashfs":
            sweep(where, f"nodes of {name}", image, structures.ubifs(image))


def disks(where):
    sh(where, "rm -rf bootdir && mkdir -p bootdir/boot && cp kernel.none bootdir/boot/vmlinuz && rm -f boot.ext && "
       "mke2fs -q -t ext4 -O ^has_journal -d bootdir boot.ext 4M")
    boot = read(where, "boot.ext")
    for line in boxes.ROOTS["ext4"]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        root = read(where, "r.img")
        image = read(boxes.disk(where, "disk", "mbr", [("83", 512, 8192, boot), ("83", 8704, 16384, root)], 13 << 20))
        parts = structures.disk(image) + shifted(structures.ext(boot), 512 * 512)[:4] + shifted(structures.ext(root), 8704 * 512)
        sweep(where, "mbr, " + " ".join(line.split()[2:-3]), image, parts)
    squash = read(where, "root.squashfs")
    vfat = boxes.fat(where, "boot.fat", {"boot/vmlinuz": "kernel.none"}, 4, 12)
    for table, kinds in (("mbr", ("c", "83")), ("gpt", ("ef00", "8300"))):
        image = read(boxes.disk(where, "disk", table, [(kinds[0], 512, 8192, vfat), (kinds[1], 8704, 2048, squash)], 6 << 20))
        parts = structures.disk(image) + shifted(structures.fat(vfat), 512 * 512)[:14] + shifted(structures.squashfs(squash), 8704 * 512)
        sweep(where, f"{table}, fat and squashfs", image, parts)
        image = read(boxes.disk(where, "disk", table, [(kinds[1], 512, 2048, squash), (kinds[0], 8704, 8192, vfat)], 9 << 20))
        sweep(where, f"{table}, squashfs and fat", image, structures.disk(image) + shifted(structures.fat(vfat), 8704 * 512)[:14])
    for line in boxes.ROOTS["ufs"][1:3]:
        sh(where, "rm -f r.img; " + line.format(out="r.img", root="tree").replace("16m", "4m"))
        image = read(where, "r.img")
        sweep(where, "ufs, " + line.split()[6] + " " + line.split()[8], image, structures.ufs(image))
    sh(where, "rm -f r.img; " + boxes.ROOTS["iso"][0].format(out="r.img", root="tree"))
    image = read(where, "r.img")
    sweep(where, "iso", image, structures.iso(image))


def packed(data, line):
    return subprocess.run(line, input=data, stdout=subprocess.PIPE, check=True, shell=True).stdout


def archives(where):
    def pack(line):
        sh(where, "rm -f case; " + line)
        return read(where, "case")
    listed = "(cd tree && find . | LC_ALL=C sort{} | cpio -o --quiet -H newc) > case"
    for what, order in (("in order", ""), ("the database last", " | sed '/status/d' | (cat; find . -name status)"),
                        ("the database first", " | (find . -name status; cat)")):
        data = pack(listed.format(order))
        sweep(where, f"cpio, {what}", data, structures.newc(data))
    for what, names in (("in order", "."), ("the database first", "./usr ./lib ./etc ./boot .")):
        data = pack(f"tar -C tree -cf case {names}")
        sweep(where, f"tar, {what}", data, structures.tar(data))
    half = len(data) // 2 // 512 * 512
    for what, made, parts in (
            ("tar.gz", gzip.compress(data, mtime=0), structures.gzip_parts),
            ("tar in two streams of gzip", [gzip.compress(data[:half], mtime=0), gzip.compress(data[half:], mtime=0)], None),
            ("tar.xz", lzma.compress(data), structures.xz),
            ("tar in two streams of xz", [lzma.compress(data[:half]), lzma.compress(data[half:])], None),
            ("tar.zst", packed(data, "zstd -q -c --check"), structures.zstd),
            ("tar in two frames of zstd", [packed(data[:half], "zstd -q -c"), packed(data[half:], "zstd -q -c")], None),
            ("tar.bz2", packed(data, "bzip2 -c"), lambda made: [(0, 4, "header"), (len(made) - 10, len(made), "trailer")])):
        places = structures.members(*made) if parts is None else parts(made)
        sweep(where, what, b"".join(made) if parts is None else made, places)
    with zipfile.ZipFile(os.path.join(where, "case"), "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, _, names in sorted(os.walk(os.path.join(where, "tree"))):
            for path in (os.path.join(folder, name) for name in sorted(names)):
                archive.write(path, os.path.relpath(path, os.path.join(where, "tree")))
    data = read(where, "case")
    sweep(where, "zip", data, structures.zip_parts(data))


def lacking(where):
    """A database without any module in the image shows nothing as installed."""
    sh(where, "rm -rf bare && cp -r tree bare && rm -r bare/lib/modules")
    for feed in FEEDS:
        ran = tap.audit("bare", feed, cwd=where)
        tap.equal([verdict for verdict in tap.verdicts(ran.report()).values() if verdict == "installed"], [],
                  f"{feed}: what the database lists and the image lacks is not installed")


WHAT = {"lacking": lacking, "archives": archives, "flashes": flashes, "fits": fits, "ubis": ubis, "disks": disks}
with tap.Scratch() as here:
    boxes.prepare(here, STORY)
    for one in sys.argv[1:] or WHAT:
        WHAT[one](here)
tap.done()
