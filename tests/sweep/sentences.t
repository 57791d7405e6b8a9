#!/usr/bin/python3
"""Each way in which a file system can be wrong has its own sentence, which names the container and the place; here is one image for each,
made by the usual tools and then changed, or written by hand where no tool makes such a thing."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from tap import says  # noqa: E402
from ufs_image import Ufs  # noqa: E402

MODULES, MODULE = "lib/modules/6.6.86", "lib/modules/6.6.86/dummy.ko"
DEEP = "/".join(["lib/modules/6.6.86"] + ["d"] * 70)
LONG = "/".join(["lib/modules/6.6.86"] + ["n" * 200] * 6)
MOST = 1 << 20  # LIMIT_ENTRIES
INVALID = "invalid name: it is empty, has a slash or NUL, is . or .., or is too long"


def made(where, line, root="root"):
    sh(where, "rm -f r.img; " + line.format(out="r.img", root=root))
    return bytearray(read(where, "r.img"))


def trees(where):
    """Directories that only tests have: many levels, long names."""
    sh(where, f"mkdir -p root/boot && cp kernel.none root/boot/vmlinuz && ln -s dummy.ko root/{MODULES}/link.ko")
    for name, path in (("deep", DEEP), ("long", LONG)):
        os.makedirs(os.path.join(where, name, path))


# ---- UBIFS ----

UBIFS = "mkfs.ubifs -r {root} -m 2048 -e 126976 -c 200 -x none -o {out}"
INODE, DATA, NAME, SUPER = "inode", "data", "name", "super"


def ubifs_nodes(image, kind):
    return [(at, end) for at, end, name in structures.ubifs(image) if name == kind]


def ubifs_seal(image, at):
    """The checksum of the node at AT, after a change."""
    size = struct.unpack_from("<I", image, at + 16)[0]
    struct.pack_into("<I", image, at + 4, boxes.crc(bytes(image[at + 8:at + size])))


def ubifs_changed(image, kind, form, offset, value, chosen=lambda node: True):
    """The first node of KIND that is CHOSEN has VALUE at OFFSET."""
    image = bytearray(image)
    at = next(at for at, end in ubifs_nodes(image, kind) if chosen(image[at:end]))
    struct.pack_into(form, image, at + offset, value)
    ubifs_seal(image, at)
    return image


def ubifs_short(image, kind, size, chosen=lambda node: True):
    """The node has SIZE bytes, with nothing behind it."""
    image = bytearray(image)
    at, end = next((at, end) for at, end in ubifs_nodes(image, kind) if chosen(image[at:end]))
    struct.pack_into("<I", image, at + 16, size)
    image[at + size:end] = b"\xff" * (end - at - size)
    ubifs_seal(image, at)
    return image


def ubifs_node(kind, body):
    node = bytearray(struct.pack("<IIQIBBH", 0x06101831, 0, 1, 24 + len(body), kind, 0, 0) + body)
    ubifs_seal(node, 0)
    return bytes(node)


def ubifs_circle(image):
    """20 levels of the index, each of which leads to the next one twice."""
    image = bytearray(image)
    super_at = ubifs_nodes(image, SUPER)[0][0]
    leb, count = struct.unpack_from("<II", image, super_at + 0x24)
    image += b"\xff" * (leb * count - len(image))
    struct.pack_into("<I", image, super_at + 0x28, count + 1)
    ubifs_seal(image, super_at)
    for at, _ in ubifs_nodes(image, "master"):
        struct.pack_into("<II", image, at + 0x30, count, 0)
        ubifs_seal(image, at)
    size = 24 + 4 + 2 * 20
    branch = lambda level: struct.pack("<III8x", count, (20 - level + 1) * 72, size)  # noqa: E731
    for level in range(20, -1, -1):
        branches = b"" if level == 0 else branch(level) * 2
        image += ubifs_node(9, struct.pack("<HH", 2 if level else 0, level) + branches).ljust(72, b"\xff")
    return image


def ubifs(where):
    image = made(where, UBIFS)
    here = "ubifs at 0x0: "
    node = here + "node at 0x[0-9a-f]+ of it: "
    data = here + f"{MODULES}/[a-z0-9]+.ko: data node at 0x[0-9a-f]+ of it: "
    named = lambda name: lambda node: node[0x38:].startswith(name + b"\0")  # noqa: E731
    inode = lambda name: struct.unpack_from("<Q", image, next(  # noqa: E731
        at for at, end in ubifs_nodes(image, NAME) if named(name)(image[at:end])) + 0x28)[0]
    number = inode(b"dummy.ko")
    packed = lambda node: struct.unpack_from("<H", node, 0x2c)[0] == 1  # noqa: E731
    of_module = lambda node: struct.unpack_from("<I", node, 24)[0] == number  # noqa: E731
    for what, damaged, sentence in (
            ("a super block of 40 bytes", ubifs_short(image, SUPER, 40), here + "its super block is too short"),
            ("blocks of 1 byte", ubifs_changed(image, SUPER, "<I", 0x24, 1),
             here + "its super block states [0-9]+ blocks of 1 bytes: data corrupted"),
            ("no block behind the orphans", ubifs_changed(image, SUPER, "<I", 0x28, 4),
             here + "its super block states 4 blocks of 126976 bytes: data corrupted"),
            ("a name of 65535 bytes", ubifs_changed(image, NAME, "<H", 0x32, 65535), node + "a name is longer than its node"),
            ("a name with a slash", ubifs_changed(image, NAME, "4s", 0x38, b"du/m", named(b"dummy.ko")),
             node + "it contains an invalid name: data corrupted"),
            ("a name that leads up", ubifs_changed(ubifs_changed(image, NAME, "<3s", 0x38, b"..\0", named(b"lib")), NAME, "<H", 0x32, 2, named(b"..")),
             here + "usr: " + INVALID),
            ("an inode that is nowhere", ubifs_changed(image, NAME, "<Q", 0x28, 9999, named(b"dummy.ko")),
             here + MODULE + ": inode 9999 is missing: truncated or data corrupted"),
            ("an inode of 40 bytes", ubifs_short(image, INODE, 40, of_module), here + MODULE + ": its inode is too short"),
            ("a device without a number", ubifs_changed(image, NAME, "B", 0x31, 4, named(b"dummy.ko")),
             here + MODULE + ": a device without a number: truncated or data corrupted"),
            ("a block of 4097 bytes", ubifs_changed(image, DATA, "<I", 0x28, 4097, of_module),
             data + "an invalid data node: data corrupted"),
            ("compression 7", ubifs_changed(image, DATA, "<H", 0x2c, 7, of_module), data + "unknown compression 7"),
            ("a block of another size", ubifs_changed(image, DATA, "<I", 0x28, 5, of_module),
             data + "it decompresses to [0-9]+ bytes, not 5: data corrupted"),
            ("lzo that does not decode", ubifs_changed(made(where, UBIFS.replace("none", "lzo")), DATA, "8s", 0x30, b"\xff" * 8, packed),
             here + "[a-z0-9_./]+: data node at 0x[0-9a-f]+ of it: lzo1x: data corrupted"),
            ("2^20 ways through the index", ubifs_circle(image), here + "the index contains a loop: data corrupted"),
            ("70 directories", made(where, UBIFS, "deep"), here + "more than 64 directories deep"),
            ("a path of 1218 bytes", made(where, UBIFS, "long"), here + MODULES + f"[n/.]+: {INVALID}")):
        says(where, f"ubifs, {what}", damaged, sentence)


# ---- JFFS2 ----

def jffs2_name(parent, inode, name, kind=4):
    head = struct.pack("<HHI", 0x1985, 0xe001, 40 + len(name))
    head += struct.pack("<I", boxes.crc0(head)) + struct.pack("<IIIIBBH", parent, 1, inode, 0, len(name), kind, 0)
    return boxes.pad(head + struct.pack("<II", boxes.crc0(head), boxes.crc0(name)) + name, 4)


def jffs2(where):
    ways = b"".join(jffs2_name(parent, parent + 1, name) for parent in range(1, 24) for name in (b"a", b"b"))
    for what, image, sentence in (
            ("2^20 names", jffs2_name(1, 2, b"lib") * (MOST + 1), "jffs2 at 0x0: node at 0x[0-9a-f]+ of it: more than 1048576 names"),
            ("2^23 paths", ways, "jffs2 at 0x0: a(/[ab])+: its directories have several names: data corrupted")):
        says(where, f"jffs2, {what}", boxes.pad(image, 65536), sentence)


# ---- UFS ----

UFS = "makefs -t ffs -M 16m -B le -o version=2 {out} {root}"


def crowd():
    """2^20 + 1 entries of a directory of UFS, little-endian."""
    block = b"".join(struct.pack("<IHBB4s", 2, 20 if i == 41 else 12, 8, 1, b"x") for i in range(42)) + bytes(8)
    return block * (MOST // 42 + 1)


def ufs_sized(image, path, size):
    changed = Ufs(image)
    changed.size(changed.find(path)[0], size)
    return changed


def ufs_crowded(image):
    """The file `crowd` becomes a directory."""
    changed = Ufs(image)
    changed.number(changed.inode(changed.find("crowd")[0]), "H", 0o040755)
    return changed


def ufs_last_group(image):
    """The file system ends where its last group begins, and a module is an inode of that."""
    changed = Ufs(image)
    group = changed.field(44) - 1
    changed.field(1080, group * changed.field(188), "Q")
    changed.number(changed.find(MODULE)[1], "I", group * changed.field(184) + 3)
    return changed


def ufs(where):
    here = "ufs at 0x0: "
    image = made(where, UFS)
    write(crowd(), where, "root", "crowd")
    crowded = made(where, UFS.replace("16m", "64m"))
    os.remove(os.path.join(where, "root", "crowd"))
    for what, damaged, sentence in (
            ("a directory that ends in an entry", ufs_sized(image, MODULES, 516).bytes,
             here + f"/{MODULES}: the directory ends inside of an entry: data corrupted"),
            ("2^20 names", ufs_crowded(crowded).bytes, here + "/crowd: more than 1048576 entries"),
            ("a module behind the end", ufs_last_group(made(where, UFS.replace("16m", "64m"))).bytes, here + MODULE + ": inode [0-9]+ is beyond the end: truncated"),
            ("70 directories", made(where, UFS, "deep"), here + "lib/modules/6.6.86(/d)+: more than 64 directories deep"),
            ("a path of 1218 bytes", made(where, UFS, "long"), here + f"/{MODULES}[n/.]+: {INVALID}")):
        says(where, f"ufs, {what}", damaged, sentence)


# ---- ext ----

EXT = "mke2fs -q -t ext2 -b 1024 -O ^resize_inode,^dir_index -d {root} {out} 8M"


def ext_edited(where, *edits):
    """What debugfs makes of the image by EDITS."""
    image = made(where, EXT)
    write("".join(edit + "\n" for edit in edits).encode(), where, "edits")
    sh(where, "debugfs -w -f edits r.img")
    return bytearray(read(where, "r.img")) if edits else image


def ext_crowded(where):
    block = b"".join(struct.pack("<IHBB4s", 11, 16 if i == 84 else 12, 1, 1, b"x") for i in range(85)) + bytes(4)
    write(block * (MOST // 85 + 1), where, "root", "crowd")
    made(where, EXT.replace("8M", "32M"))
    os.remove(os.path.join(where, "root", "crowd"))
    write(f"sif crowd mode 040755\nunlink {MODULES}\nln crowd {MODULES}\n".encode(), where, "edits")
    sh(where, "debugfs -w -f edits r.img")
    return read(where, "r.img")


def ext_put(image, offset, form, value):
    image = bytearray(image)
    struct.pack_into(form, image, offset, value)
    return image


def ext(where):
    here = "ext at 0x0: "
    image = ext_edited(where)
    at = image.index(b"\x08\1dummy.ko") + 2
    for what, damaged, sentence in (
            ("a feature of later times", ext_put(image, 0x400 + 0x60, "<I", 1 << 24), here + "uses a feature that libext2fs cannot read"),
            ("a file of 512 MiB", ext_edited(where, f"sif {MODULE} size 536870912"),
             here + MODULE + ": 536870912 bytes, more than the limit for a file"),
            ("a link of 2000 bytes", ext_edited(where, f"sif {MODULES}/link.ko size 2000"),
             here + MODULES + "/link.ko: the target of the link is too long"),
            ("a name with a slash", ext_put(image, at + 3, "1s", b"/"), here + f"{MODULES}: {INVALID}"),
            ("a name with a NUL", ext_put(image, at + 3, "1s", b"\0"), here + f"{MODULES}: {INVALID}"),
            ("2^20 names", ext_crowded(where), here + "more than 1048576 entries"),
            ("70 directories", made(where, EXT, "deep"), here + f"{MODULES}(/d)+: more than 64 directories deep"),
            ("a path of 1218 bytes", made(where, EXT, "long"), here + f"{MODULES}[n/.]+: {INVALID}")):
        says(where, f"ext, {what}", damaged, sentence)


# ---- FAT ----

def fat_entry(name, kind, cluster, size):
    return struct.pack("<11sBB7xHHHHI", name, kind, 0x18, 0, 0, 0, cluster, size)


def fat_places(image):
    """Where the table, the root directory and the clusters begin, and the size of one."""
    sector, per_cluster, reserved, tables, entries = struct.unpack_from("<HBHBH", image, 11)
    table = reserved * sector
    root = table + tables * struct.unpack_from("<H", image, 22)[0] * sector
    return table, root, root + entries * 32, per_cluster * sector


def fat_rooted(image, *entries, cluster=b"", links=()):
    """The root has ENTRIES after its label, the first cluster begins with CLUSTER, and cluster 2 + i leads to LINKS[i]."""
    image = bytearray(image)
    table, root, data, _ = fat_places(image)
    image[root + 32:root + 32 + 32 * len(entries)] = b"".join(entries)
    image[data:data + len(cluster)] = cluster
    for i, link in enumerate(links):
        struct.pack_into("<H", image, table + 4 + 2 * i, link)
    return image


def fat(where):
    here = "fat at 0x0: "
    boxes.fat(where, "case", {})
    image = read(where, "case")
    size = fat_places(image)[3]
    lib, kernel, path = b"LIB        ", b"VMLINUZ    ", "vmlinuz"
    long = b"\x41" + "..".encode("utf-16-le") + bytes(6) + b"\x0f" + bytes(20)
    names = b"".join(fat_entry(b"%08d   " % i, 32, 0, 0) for i in range(size * 40 // 32))
    chain = [*range(3, 42), 0xffff]
    for what, damaged, sentence in (
            ("a file that begins at cluster 1", fat_rooted(image, fat_entry(kernel, 32, 1, 9)),
             here + path + ": the first cluster is 1 of [0-9]+: data corrupted"),
            ("a file of 512 MiB", fat_rooted(image, fat_entry(kernel, 32, 2, 1 << 29)),
             here + path + ": 536870912 bytes, more than the limit for a file"),
            ("a directory that has no end", fat_rooted(image, fat_entry(lib, 16, 2, 0), links=[2]), here + "lib: the directory has no end"),
            ("a directory that contains itself", fat_rooted(image, fat_entry(lib, 16, 2, 0), cluster=fat_entry(lib, 16, 2, 0), links=[0xffff]),
             here + "lib(/lib)+: more than 64 directories deep"),
            ("2^20 names", fat_rooted(image, *(fat_entry(b"%08d   " % i, 16, 2, 0) for i in range(500)), cluster=names, links=chain),
             here + "00000[0-9]+: more than 1048576 entries"),
            ("a name that leads up", fat_rooted(image, long, fat_entry(kernel, 32, 2, 9)), here + INVALID),
            ("a name with a slash", fat_rooted(image, fat_entry(b"A/B        ", 32, 2, 9)), here + INVALID)):
        says(where, f"fat, {what}", damaged, sentence)


with tap.Scratch() as scratch:
    boxes.prepare(scratch)
    trees(scratch)
    ubifs(scratch)
    jffs2(scratch)
    ufs(scratch)
    ext(scratch)
    fat(scratch)
tap.done()
