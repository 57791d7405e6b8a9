#!/usr/bin/python3
"""Each way in which firmware can be wrong (headers, flash, disks, squashfs, kernels) has its own sentence: one image for each."""

import gzip
import lzma
import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from tap import says  # noqa: E402

MODULES = "lib/modules/6.6.86"
INVALID = "invalid name: it is empty, has a slash or NUL, is . or .., or is too long"


def put(image, offset, form, *values):
    image = bytearray(image)
    struct.pack_into(form, image, offset, *values)
    return image


# ---- FIT ----

def fit(where):
    here = "fit at 0x0: "
    kernel = 'k { type = "kernel"; arch = "mips"; os = "linux"; compression = "none"; data = /incbin/("%s"); %s };'
    good, config = kernel % ("kernel.none", ""), 'default = "c"; c { kernel = "k"; };'
    many = "".join(f'f{i} {{ type = "filesystem"; data = "text"; }}; ' for i in range(65))
    wrong = "h { algo = \"crc32\"; value = <1>; };".replace("h ", "hash-1 ")
    for what, images, configs, sentence in (
            ("a size and no place", 'k { type = "kernel"; data-size = <9>; };', config,
             here + "image k: it has a size, but neither data-offset nor data-position"),
            ("neither data nor a size", 'k { type = "kernel"; };', config, here + "image k: it has neither data nor data-size"),
            ("a kernel that is nowhere", good, 'default = "c"; c { kernel = "other"; };',
             here + "image other: the configuration refers to it, but it does not exist"),
            ("another hash", kernel % ("kernel.none", wrong), config,
             here + "image k: crc32 differs from the hash in the image: data corrupted"),
            ("a kernel that is text", kernel % ("story.world", ""), config, here + "image k: no Linux kernel in it"),
            ("66 images", good + many, config, here + "more than 64 images"),
            ("no configuration", good, "", here + "no configuration selects a kernel")):
        write(f"/dts-v1/; / {{ images {{ {images} }}; configurations {{ {configs} }}; }};".encode(), where, "fit.dts")
        sh(where, "dtc -q -o case fit.dts")
        says(where, f"fit, {what}", None, sentence)
    write(b"/dts-v1/; / { images { }; };", where, "fit.dts")
    sh(where, "dtc -q -o case fit.dts")
    tree = read(where, "case")
    for version in (1, 2, 15):
        says(where, f"fit, version {version} of the tree", put(tree, 20, ">II", version, version),
             "contains no kernel, no modules and no package database: found nothing known")


# ---- flash and disks ----

def vid_changed(image, volume, number, form, offset, value):
    """The volume header of a block has VALUE at OFFSET."""
    at = next(at for at, _, name in structures.ubi(image) if name == f"vid header, block {number} of volume {volume}")
    image = put(image, at + offset, form, value)
    return put(image, at + 60, ">I", boxes.crc(bytes(image[at:at + 60])))


def ubi_crowd(where):
    """A file of 131,073 erase blocks, all but two of them a hole."""
    head = b"UBI#\1" + bytes(11) + struct.pack(">III", 64, 128, 1) + bytes(32)
    head += struct.pack(">I", boxes.crc(head))
    with open(os.path.join(where, "case"), "wb") as file:
        file.write(head)
        file.seek(4096)
        file.write(head)
        file.truncate((1 << 17) * 4096 + 4096)


def gpt_backward():
    """A partition that ends before it starts."""
    image = put(boxes.gpt_large([(6, b"x")], 1 << 20), 8192 + 32, "<QQ", 20, 10)
    image = put(image, 4096 + 88, "<I", zlib.crc32(image[8192:8192 + 128 * 128]))
    image = put(image, 4096 + 16, "<I", 0)
    return put(image, 4096 + 16, "<I", zlib.crc32(image[4096:4096 + 92]))


def yaffs_huge():
    header = bytearray(b"\xff" * 1024)
    struct.pack_into("<II", header, 0, 1, 1)
    header[10:266] = b"kernel".ljust(256, b"\0")
    struct.pack_into("<I", header, 0x124, 200 << 20)
    tags = struct.pack("<IIII", 0x1000, 0x10000101, 0xe0000001, 0), struct.pack("<IIII", 0x1000, 0x101, 1, 1024)
    return boxes.pad(bytes(header) + tags[0] + bytes(1024) + tags[1], 65536)


def flash(where):
    write(os.urandom(300000), where, "static.bin")
    image = boxes.ubi(where, "out", [("kernel", "static.bin", "static"), ("rootfs", "root.squashfs", "dynamic")])
    volume = lambda name: f"ubi at 0x0: ubi volume {name} at 0x[0-9a-f]+: "  # noqa: E731
    for what, data, sentence in (
            ("ubi, a data pad as large as a block", vid_changed(image, 1, 0, ">I", 0x1c, 126976),
             volume("rootfs") + "data pad of 126976 bytes is as large as a block"),
            ("ubi behind an erased block, the same", b"\xff" * 131072 + vid_changed(image, 1, 0, ">I", 0x1c, 126976),
             "ubi at 0x20000: ubi volume rootfs at 0x[0-9a-f]+: data pad of 126976 bytes is as large as a block"),
            ("ubi, block 5000", vid_changed(image, 1, 0, ">I", 0x0c, 5000), volume("rootfs") + "with block 5000 it is larger than 256 MiB"),
            ("ubi, no block 1", vid_changed(image, 0, 1, ">I", 0x0c, 9), volume("kernel") + "logical block 1 of a static volume is missing"),
            ("gpt, a partition of less than nothing", gpt_backward(), "gpt at 0x0: partition 1 ends before it starts"),
            ("gpt, an LVM alone", boxes.gpt_large([(6, bytes(0x218) + b"LVM2 001")], 1 << 20),
             "contains no kernel, no modules and no package database that can be read: case: partition 1 at 0x6000: a volume of LVM .* at 0x6000, which is not supported"),
            ("yaffs, a kernel of 200 MiB", yaffs_huge(),
             "yaffs at 0x0: unpacks to more than 1100 times its size: possible decompression bomb")):
        says(where, what, data, sentence)
    ubi_crowd(where)
    says(where, "ubi, 131073 blocks", None, "ubi at 0x0: more than 131072 erase blocks")


# ---- squashfs ----

def squashfs_damage(image):
    """An image, which has its inodes as they are: what is wrong, the bytes, the sentence."""
    here, table = "squashfs at 0x0: ", struct.unpack_from("<Q", image, 64)[0] + 2
    folder = image.index(struct.pack("<HH", 1, 0o755), table)
    yield "a root that is a file", put(image, 32, "<Q", 0), here + "root directory: listed as a directory, but it is not one"
    yield "a directory beyond the end", put(image, folder + 16, "<I", 0x7fffffff), here + "[a-z/.0-9]+: points outside the file system"
    at = image.index(struct.pack("<HH", 2, 7) + b"dummy.ko") + 4
    yield "a name with a slash", put(image, at + 3, "1s", b"/"), here + f"{MODULES}: {INVALID}"
    yield "a name with a NUL", put(image, at + 3, "1s", b"\0"), here + f"{MODULES}: {INVALID}"


def squashfs_ways():
    """Directories of 32 names for the next one: 2^20 paths of 1,000 bytes in 32 KB."""
    many = [b"%02d" % i + b"n" * 238 for i in range(32)]
    levels = [[b"lib"], [b"modules"], many, many, many, many, []]
    listings, at = b"", []
    for i, names in enumerate(levels):
        at.append(len(listings))
        if names:
            listings += struct.pack("<III", len(names) - 1, 0, i + 2)
            listings += b"".join(struct.pack("<HhHH", 32 * (i + 1), 0, 1, len(name) - 1) + name for name in names)
    inodes = b""
    for i, names in enumerate(levels):
        size = (at[i + 1] if i + 1 < len(at) else len(listings)) - at[i]
        inodes += struct.pack("<HHHHIIIIHHI", 1, 0o755, 0, 0, 0, i + 1, at[i] // 8192 * 8194, 2, size + 3, at[i] % 8192, i)
    packed = lambda data: b"".join(struct.pack("<H", len(piece) | 0x8000) + piece for piece in (  # noqa: E731
        data[i:i + 8192] for i in range(0, len(data), 8192)))
    inodes, listings = packed(inodes), packed(listings)
    ids = 96 + len(inodes) + len(listings)
    body = inodes + listings + packed(bytes(4)) + struct.pack("<Q", ids)
    used = 96 + len(body)
    none = (1 << 64) - 1
    return struct.pack("<4sIIIIHHHHHH8Q", b"hsqs", len(levels), 0, 131072, 0, 1, 17, 0x211, 1, 4, 0, 0, used, ids + 6, none, 96,
                       96 + len(inodes), none, none) + body


def squashfs(where):
    for name, path in (("deep", "/".join(["d"] * 70)), ("long", "/".join(["n" * 200] * 6))):
        os.makedirs(os.path.join(where, name, MODULES, path))
    make = "rm -f case; mksquashfs root case -noappend -quiet -all-root -noI -no-fragments"
    sh(where, make)
    for what, data, sentence in squashfs_damage(read(where, "case")):
        says(where, f"squashfs, {what}", data, sentence)
    says(where, "squashfs, 2^20 paths", squashfs_ways(), "squashfs at 0x0: lib/modules/00n+/00n+/01n+: another directory has the same listing: data corrupted")
    for version, line in (("4", "mksquashfs {0} case -noappend -quiet -all-root"), ("3", f"/usr/bin/python3 '{boxes.OLD}' {{0}} case major=3")):
        for tree, sentence in (("deep", f"{MODULES}(/d)+: more than 64 directories deep"), ("long", f"{MODULES}[n/.]+: {INVALID}")):
            sh(where, "rm -f case; " + line.format(tree))
            says(where, f"squashfs {version}, {tree}", None, f"squashfs at 0x0: {sentence}")


# ---- kernels ----

def eva(decoded):
    """A kernel of AVM that decodes to so many zeros."""
    packed = lzma.compress(os.urandom(70000) + bytes(decoded - 70000), lzma.FORMAT_ALONE, preset=0)
    stream = packed[13:]
    return struct.pack("<IIIIIII", 0xfeed1281, len(stream) + 24, 0x94000000, 0x075a0201, len(stream), decoded, zlib.crc32(stream)) + packed[
        :5] + bytes(3) + stream + bytes(12)


def kernels(where):
    kernel = read(where, "kernel.none")
    dolls = kernel
    for _ in range(9):
        dolls = gzip.compress(dolls)
    packed = read(where, "root.squashfs")
    for _ in range(8):
        packed = gzip.compress(packed)
    cpio = b"070701" + b"".join(b"%08x" % word for word in (1, 0o100755, 0, 0, 1, 0, 5000, 0, 0, 0, 0, 5, 0)) + b"init\0" + os.urandom(900)
    bad = put(read(where, "root.squashfs"), 96, "200s", bytes(200))
    write(bad, where, "bad.squashfs")
    write(dolls, where, "dolls")
    sh(where, "mkimage -A mips -O linux -T kernel -C none -n dolls -d dolls wrapped")
    sh(where, "mkimage -A mips -O linux -T multi -C none -n test -d kernel.none:bad.squashfs multi")
    for what, data, sentence in (
            ("9 wrappings", dolls, "(gzip: ){8}containers are nested more than 8 deep"),
            ("a squashfs in 8 wrappings", packed, "(gzip: ){8}containers are nested more than 8 deep"),
            ("9 wrappings in a uimage", read(where, "wrapped"), "uimage at 0x0: (gzip: )*more than 8 wrappings around a kernel"),
            ("an initramfs that is cut", kernel + gzip.compress(cpio), "kernel at 0x0: initramfs: gzip: the cpio archive ends early"),
            ("eva that decodes to 100 MiB", eva(100 << 20), "eva: lzma: it decompresses to more than the allowed [0-9]+ bytes"),
            ("text before a trailer of fwtool", b"read me\n" * 9 + struct.pack(">4sIB3xI", b"FWx0", 0, 1, 16),
             "nothing recognized in the 72 bytes before the fwtool trailer"),
            ("a part of a uimage that is damaged", read(where, "multi"), "uimage at 0x0: part 1: squashfs at 0x0: [a-z0-9./-]+: data corrupted: block at 0x60 does not decode to its size")):
        says(where, f"kernel, {what}", data, sentence)


with tap.Scratch() as scratch:
    boxes.prepare(scratch)
    fit(scratch)
    flash(scratch)
    squashfs(scratch)
    kernels(scratch)
tap.done()
