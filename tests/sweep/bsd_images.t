#!/usr/bin/python3
"""UFS, BSD labels and CD images that are damaged or hostile: one sentence that names the container, the place and the file, in
bounded memory and time."""

import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from ufs_image import Ufs  # noqa: E402

KERNEL, MODULE, LINK = "boot/vmlinuz", "lib/modules/6.6.86/dummy.ko", "lib/modules/6.6.86/link.ko"
rows = [["image", "damage", "said"]]


def refused(where, data, what, *words):
    """The answer is one sentence that has the WORDS."""
    ran = tap.kmodaudit("facts", write(bytes(data), where, "case"), cpu=20)
    said = ran.err.strip().replace(os.path.join(where, "case"), "case")
    if not tap.ok(ran.status == 3 and ran.sane() and "\n" not in said and all(word in said for word in words), f"{words[0]}: {what}"):
        tap.note(f"{ran.status} {said}\n{ran.out[:300]}")
    rows.append([words[0], what, said[:170]])


def made(where, line, root="root"):
    sh(where, "rm -f r.img; " + line.format(out="r.img", root=root))
    return read(where, "r.img")


def super_damage(where, image, name):
    for offset, value, kind, what, word in (
            (52, 768, "I", "fragments that are no power of two", "fragments have 768"),
            (52, 0, "I", "fragments of 0 bytes", "fragments have 0"),
            (52, 1 << 20, "I", "fragments larger than a block", "fragments have 1048576"),
            (48, 12288, "I", "blocks that are no power of two", "blocks have 12288"),
            (48, 512, "I", "blocks of 512 bytes", "blocks have 512"),
            (44, 0, "I", "no groups", "0 groups"), (44, 0xffffffff, "I", "2^32 groups", "4294967295 groups"),
            (184, 0xffffffff, "I", "2^32 inodes", "4294967295 inodes"), (184, 0, "I", "no inodes", "0 inodes"),
            (188, 0, "I", "groups of 0 fragments", "of 0 fragments"), (20, 0x7fffffff, "I", "data beyond the group", "before its data"),
            (16, 0x7fffffff, "I", "inodes beyond the group", "before its data")):
        ufs = Ufs(image)
        ufs.field(offset, value, kind)
        refused(where, ufs.bytes, what, "ufs at 0x0", "super block at 0x2000", word)
    ufs = Ufs(image)
    ufs.field(*((36, 0x7fffffff, "I") if ufs.version == 1 else (1080, 1 << 60, "Q")))
    refused(where, ufs.bytes, "larger than the device", "ufs at 0x0", "super block at 0x2000", "truncated")
    refused(where, image[:len(image) // 2], "cut in the middle", "ufs at 0x0", "truncated")
    ufs = Ufs(image)
    ufs.field(1000, 65536, "Q")
    ran = tap.kmodaudit("facts", write(bytes(ufs.bytes), where, "case"))
    tap.ok("kind: ufs" not in ran.out, f"{name}: a super block that says it is elsewhere is none")


def inode_damage(where, image):
    total = Ufs(image).field(44) * Ufs(image).field(184)
    for number, word in ((total, "outside"), (0xffffffff, "outside"), (1, "outside"), (total - 1, "free")):
        for path in (MODULE, "lib"):
            ufs = Ufs(image)
            ufs.number(ufs.find(path)[1], "I", number)
            refused(where, ufs.bytes, f"{path} is inode {number}", "ufs at 0x0", path, word, f"inode {number}")
    for path, above in (("lib/modules", "lib"), ("lib/modules/6.6.86", "lib/modules"), ("lib/modules/6.6.86", "etc")):
        ufs = Ufs(image)
        ufs.number(ufs.find(path)[1], "I", ufs.find(above)[0])
        refused(where, ufs.bytes, f"{path} is {above}", "ufs at 0x0", "two places")
    ufs = Ufs(image)
    ufs.number(ufs.find("lib/modules")[1], "I", 2)
    refused(where, ufs.bytes, "lib/modules is the root directory", "ufs at 0x0", "/lib/modules", "two places")
    ufs = Ufs(image)
    ufs.number(ufs.inode(2), "H", 0o100644)
    refused(where, ufs.bytes, "the root is a file", "ufs at 0x0", "not a directory")


def entry_damage(where, image):
    for offset, kind, value, what in ((4, "H", 0, "of 0 bytes"), (4, "H", 10, "no multiple of 4"), (4, "H", 0x1000, "crosses"),
                                      (7, "B", 255, "name longer than it")):
        ufs = Ufs(image)
        ufs.number(min(ufs.entries(ufs.find("lib/modules/6.6.86")[0]).values()) + offset, kind, value)
        refused(where, ufs.bytes, f"an entry {what}", "ufs at 0x0", "/lib/modules/6.6.86", "entry at 0x", "damaged")
    for name, word in ((b"a/b", "invalid name"), (b"a\0b", "invalid name")):
        ufs = Ufs(image)
        at = ufs.find(MODULE)[1]
        ufs.bytes[at + 8:at + 11] = name
        refused(where, ufs.bytes, f"a name {name!r}", "ufs at 0x0", "/lib/modules/6.6.86", word)
    ufs = Ufs(image)
    at = ufs.find(MODULE)[1]
    ufs.bytes[at + 7:at + 15] = b"\7crc7.ko"
    refused(where, ufs.bytes, "a name twice", "ufs at 0x0", "/lib/modules/6.6.86", "twice")
    ufs = Ufs(image)
    ufs.size(ufs.find("lib/modules")[0], 1 << 40)
    refused(where, ufs.bytes, "a directory of 1 TiB", "ufs at 0x0", "/lib/modules", "limit")


def block_damage(where, image):
    kernel, fragments = Ufs(image).find(KERNEL)[0], len(image) // Ufs(image).fragment
    for index in (0, 11, 12):
        for value in (fragments, 0x7fffffff, 0xffffffff if Ufs(image).version == 1 else (1 << 64) - 1):
            ufs = Ufs(image)
            ufs.block(kernel, index, value)
            refused(where, ufs.bytes, f"block {index} is {value}", "ufs at 0x0", KERNEL, "outside", str(value))
    ufs = Ufs(image)
    one = ufs.block(kernel, 12)
    ufs.number(one * ufs.fragment, ufs.wide, one)
    refused(where, ufs.bytes, "an indirect block that names itself", "ufs at 0x0", KERNEL, "leads to itself", str(one))
    ufs = Ufs(image)
    width, block = struct.calcsize("=" + ufs.wide), ufs.field(48)
    ufs.size(kernel, (12 + block // width) * block + 5 * block)
    ufs.block(kernel, 13, one)
    ufs.number(one * ufs.fragment, ufs.wide, one)
    refused(where, ufs.bytes, "a double indirect block that names itself", "ufs at 0x0", KERNEL, "leads to itself")
    for size in (1 << 40, (1 << 64) - 1):
        ufs = Ufs(image)
        ufs.size(kernel, size)
        refused(where, ufs.bytes, f"a file of {size} bytes", "ufs at 0x0", KERNEL, "limit")
    ufs = Ufs(image)
    for i in range(12, 15):
        ufs.block(kernel, i, 0)
    ufs.size(kernel, 200 << 20)
    ran = tap.kmodaudit("facts", write(bytes(ufs.bytes), where, "case"), cpu=20)
    tap.ok(ran.sane(), "ufs: holes of 200 MiB are bounded")
    tap.note(ran.err.strip()[-200:])
    ufs = Ufs(image)
    number = ufs.find(LINK)[0]
    ufs.size(number, 100000)
    refused(where, ufs.bytes, "a link of 100000 bytes", "ufs at 0x0", LINK, "too long")
    ufs.size(number, 500)
    refused(where, ufs.bytes, "a link longer than its inode", "ufs at 0x0", LINK, "fit")


def ufs_damage(where):
    for line in boxes.ROOTS["ufs"][0], boxes.ROOTS["ufs"][3]:
        image = made(where, line.replace("16m", "2m"))
        name = "-".join(line.split()[6:9:2])
        write(image, where, f"fuzz.{name}.ufs")
        for section in (inode_damage, entry_damage, block_damage):
            section(where, image)
        super_damage(where, image, name)


def label_damage(where):
    ufs = made(where, boxes.ROOTS["ufs"][2])[:1 << 20]
    sectors = len(ufs) // 512
    for parts, what, word in (
            ({"a": (16, sectors, 7), "d": (16 + sectors, 100, 7)}, "a partition beyond the slice", "partition d has sectors"),
            ({"a": (1 << 31, 100, 7)}, "a partition that starts beyond the slice", "partition a has sectors"),
            ({"a": (0xfffffff0, 0xfffffff0, 7)}, "numbers that overflow", "partition a has sectors"),
            ({"a": (16, 100, 7), "d": (50, 100, 7)}, "two that overlap", "a and d overlap")):
        data = boxes.bsdlabel(bytes(16 * 512) + ufs, parts)
        refused(where, data, what, "bsdlabel at 0x0", word)
        slice_ = ("a5", 2048, len(data) // 512, data)
        refused(where, read(boxes.disk(where, "d.img", "mbr", [slice_], 4 << 20)), what + ", in a slice", "bsdlabel at 0x100000",
                "partition 1 at 0x100000", word)
    before = boxes.bsdlabel(bytes(16 * 512) + ufs, {"c": (2048, 4096, 0), "a": (100, 50, 7)})
    refused(where, before, "a partition before the slice", "bsdlabel at 0x0", "partition a has sectors")
    good = boxes.bsdlabel(bytes(16 * 512) + ufs, {"a": (16, sectors, 7)})
    write(good, where, "fuzz.a.bsdlabel")
    write(boxes.bsdlabel(ufs, {"a": (0, sectors, 7)}, ">"), where, "fuzz.b.bsdlabel")
    refused(where, good[:700] + b"\1" + good[701:], "a byte of the table changed", "bsdlabel at 0x0", "checksum")
    nested = bytes(4096)
    for _ in range(12):
        nested = boxes.bsdlabel(bytes(1024) + nested, {"a": (2, len(nested) // 512, 7)})
    refused(where, nested, "labels in labels", "bsdlabel at 0x0", "nested more than")
    tree = read(boxes.disk(where, "d.img", "gpt", [("8300", 2048, 100, b""), ("8300", 3000, 100, b"")], 4 << 20))
    refused(where, gpt_again(tree, 1024 + 128 + 32, 2100), "two that overlap", "gpt at 0x0", "partitions 1 and 2 overlap")


def gpt_again(data, at, first):
    """DATA with another first sector in the entry at AT, and right sums."""
    data = bytearray(data)
    struct.pack_into("<Q", data, at, first)
    struct.pack_into("<I", data, 512 + 0x58, boxes.zlib.crc32(bytes(data[1024:1024 + 128 * 128])))
    struct.pack_into("<I", data, 512 + 0x10, 0)
    struct.pack_into("<I", data, 512 + 0x10, boxes.zlib.crc32(bytes(data[512:512 + 92])))
    return bytes(data)


# ---- CD images ----

def records(data, at, size):
    """The offsets of the directory records in SIZE bytes at AT."""
    end = at + size
    while at < end:
        if data[at] == 0:
            at = (at // 2048 + 1) * 2048
            continue
        yield at
        at += data[at]


def iso_record(data, path):
    at = 0x8000 + 156
    for name in path.split("/"):
        block, size = struct.unpack_from("<I", data, at + 2)[0], struct.unpack_from("<I", data, at + 10)[0]
        at = next(one for one in records(data, block * 2048, size) if name.encode() in bytes(data[one + 33:one + data[one]]))
    return at


def both(data, at, value):
    struct.pack_into("<I", data, at, value)
    struct.pack_into(">I", data, at + 4, value)


def iso_damage(where):
    image = made(where, boxes.ROOTS["iso"][0])
    write(image, where, "fuzz.a.iso")
    refused(where, image[:len(image) // 2], "cut in the middle", "iso9660 at 0x0", "truncated")
    refused(where, image[:0x8400], "cut in the first descriptor", "iso9660 at 0x0")
    root = struct.unpack_from("<I", image, 0x8000 + 158)[0]
    for path, target in (("lib/modules", root), ("lib/modules", struct.unpack_from("<I", image, iso_record(image, "lib") + 2)[0])):
        data = bytearray(image)
        both(data, iso_record(data, path) + 2, target)
        refused(where, data, f"{path} is above itself", "iso9660 at 0x0")
    data = bytearray(image)
    both(data, iso_record(data, "lib") + 2, 0x7fffffff)
    refused(where, data, "a directory beyond the end", "iso9660 at 0x0")
    data = bytearray(image)
    both(data, iso_record(data, "lib") + 10, 0x7ffff800)
    refused(where, data, "a directory of 2 GiB", "iso9660 at 0x0")
    data = bytearray(image)
    both(data, iso_record(data, MODULE) + 10, 0x7fffffff)
    refused(where, data, "a module of 2 GiB", "iso9660 at 0x0", "lib/modules")
    data = bytearray(image)
    both(data, iso_record(data, MODULE) + 2, 0x7fffffff)
    refused(where, data, "a module beyond the end", "iso9660 at 0x0")
    continued(where, image)
    shared(where)


def shared(where, levels=12, width=50):
    """Each directory has WIDTH entries, and all lead to the directory below: WIDTH ** LEVELS paths."""
    def number(kind, value):
        return struct.pack("<" + kind, value) + struct.pack(">" + kind, value)

    def record(block, size, name):
        data = bytes(2) + number("I", block) + number("I", size) + bytes(7) + b"\2\0\0" + number("H", 1) + bytes([len(name)]) + name
        data += bytes(1 - len(name) % 2)
        return bytes([len(data)]) + data[1:]

    head = bytearray(2048)
    head[:7], head[80:88], head[120:132] = b"\1CD001\1", number("I", 20 + levels), number("H", 1) * 2 + number("H", 2048)
    head[132:140], head[140:144], head[148:152], head[881] = number("I", 10), struct.pack("<I", 18), struct.pack(">I", 19), 1
    head[156:190] = record(20, 2048, b"\0")
    image = bytes(0x8000) + bytes(head) + b"\xffCD001\1".ljust(2048, b"\0") + bytes(4096)
    for level in range(levels):
        below = 20 + min(level + 1, levels - 1)
        names = b"".join(record(below, 2048, b"D%02d" % i) for i in range(width))
        image += (record(20 + level, 2048, b"\0") + record(20 + max(level - 1, 0), 2048, b"\1") + names).ljust(2048, b"\0")
    refused(where, image, "directories that share what is below", "iso9660 at 0x0", "directory")


def continued(where, image):
    """Rock Ridge fields that continue at themselves, and far away."""
    at = iso_record(image, MODULE)
    length, name = image[at], image[at + 32]
    fields = at + 33 + name + (1 - name % 2)
    own = at // 2048
    for block, offset, what in ((own, fields - own * 2048, "at itself"), (0x7fffffff, 0, "beyond the end"), (own, 2040, "over a block")):
        data = bytearray(image)
        entry = struct.pack("<2sBB", b"CE", 28, 1) + b"".join(struct.pack("<I", n) + struct.pack(">I", n) for n in (block, offset, 28))
        room = at + length - fields
        data[fields:at + length] = entry + bytes(room - 28) if room >= 28 else data[fields:at + length]
        ran = tap.kmodaudit("facts", write(bytes(data), where, "case"), cpu=20)
        tap.ok(ran.sane() and (ran.status == 3 or "modules: 2" not in ran.out), f"iso: fields continue {what}")
        tap.note(ran.err.strip()[-200:])


def fuzz(where):
    for target in ("ufs", "bsdlabel", "iso"):
        program = os.path.join(tap.BUILD, "fuzz", f"fuzz_{target}")
        files = sorted(os.path.join(where, name) for name in os.listdir(where) if name.startswith("fuzz.") and name.endswith("." + target))
        if not os.path.exists(program):
            tap.skip(f"fuzz_{target}", "not built: make fuzzers")
            continue
        ran = subprocess.run([program, "-d", "20", *files], capture_output=True, check=False, timeout=tap.PATIENCE)
        if not tap.ok(ran.returncode == 0 and files, f"fuzz_{target}: {len(files)} files, each damaged 20 times"):
            tap.note((ran.stdout + ran.stderr).decode(errors="replace")[-2000:])


if not shutil.which("makefs", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
    tap.skip_all("makefs is not installed: scripts/setup test")
with tap.Scratch() as scratch:
    boxes.prepare(scratch)
    sh(scratch, f"mkdir -p root/boot && cp kernel.none root/boot/vmlinuz && ln -s dummy.ko root/{LINK}")
    for part in (ufs_damage, label_damage, iso_damage, fuzz):
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part(scratch)
tap.table(rows)
tap.done()
