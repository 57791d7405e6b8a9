"""Where the structures of containers begin and end, so that a test can cut, remove and blank them. Each function returns a list of
(start, end, name) for bytes that a real tool or tests/boxes.py made."""

import re
import struct


def runs(starts, end, name):
    """Structures that follow each other from each of STARTS to the next one, the last up to END."""
    starts = sorted(starts)
    return [(a, b, name) for a, b in zip(starts, starts[1:] + [end])]


def found(data, pattern):
    return [match.start() for match in re.finditer(pattern, data, re.S)]


def blocks_in_use(data, size, name="block"):
    """Blocks that are not all one byte."""
    return [(at, min(at + size, len(data)), name) for at in range(0, len(data), size) if data[at:at + size] != data[at:at + 1] * len(data[at:at + size])]


# ---- file systems of flash ----

def jffs2(data):
    """Nodes (struct jffs2_unknown_node: magic, type, length)."""
    order = "<" if data[:2] == b"\x85\x19" else ">"
    nodes, at = [], 0
    while at + 12 <= len(data):
        magic, kind, size = struct.unpack_from(order + "HHI", data, at)
        if magic == 0x1985 and kind & 0x2000:
            end = at + (size + 3) // 4 * 4
            nodes.append((at, min(end, len(data)), {0xe001: "name", 0xe002: "data"}.get(kind, f"node {kind:#x}")))
            at = end
        else:
            at += 4
    return nodes


def ubifs(data):
    """Nodes (struct ubifs_ch: magic, crc, sequence, length, type at 20)."""
    names = ["inode", "data", "name", "xattr", "truncation", "pad", "super", "master", "reference", "index", "commit", "orphan"]
    return [(at, at + struct.unpack_from("<I", data, at + 16)[0], names[data[at + 20]])
            for at in found(data, rb"\x31\x18\x10\x06") if at % 8 == 0 and data[at + 20] < len(names)]


def ubi(data, peb=131072):
    """Physical erase blocks, the two headers of each, and the table of volumes."""
    parts = []
    for at in range(0, len(data), peb):
        if data[at:at + 4] != b"UBI#":
            continue
        vid, start = struct.unpack_from(">II", data, at + 16)
        parts += [(at, at + 64, "ec header"), (at, at + peb, "erase block")]
        if data[at + vid:at + vid + 4] == b"UBI!":
            volume, number = struct.unpack_from(">II", data, at + vid + 8)
            what = "volume table" if volume >= 0x7fffefff else f"block {number} of volume {volume}"
            parts += [(at + vid, at + vid + 64, f"vid header, {what}"), (at + start, at + peb, what)]
    return parts


def squashfs(data):
    """struct squashfs_super_block: bytes_used and the starts of its tables; the metadata blocks in each; the data."""
    used, ids, xattrs, inodes, directories, fragments, exports = struct.unpack_from("<7Q", data, 40)
    names = {ids: "id table", xattrs: "xattr table", inodes: "inode table", directories: "directory table", fragments: "fragment table",
             exports: "export table"}
    starts = sorted(at for at in names if at < len(data))
    parts = [(0, 96, "super block"), (96, inodes, "data"), (used, len(data), "padding")]
    for at, end in zip(starts, starts[1:] + [used]):
        parts.append((at, end, names[at]))
        while at + 2 <= end and names.get(at, "") in ("", "inode table", "directory table"):
            size = struct.unpack_from("<H", data, at)[0] & 0x7fff
            if at + 2 + size > end:
                break
            parts.append((at, at + 2 + size, "metadata block"))
            at += 2 + size
    return parts


def cramfs(data):
    """The header, each inode with its name, and the blocks of each file."""
    big = data[:4] == b"\x28\xcd\x3d\x45"
    parts, queue = [(0, 76, "header")], [64]
    while queue:
        mode, size, data_at = cramfs_inode(data, queue.pop(), big)
        if mode & 0xf000 == 0x4000:
            at = data_at
            while at < data_at + size:
                name = (data[at + 8] >> 2 if big else data[at + 8] & 0x3f) * 4
                parts.append((at, at + 12 + name, "inode"))
                queue.append(at)
                at += 12 + name
        elif size and mode & 0xf000 == 0x8000:
            count = (size + 4095) // 4096
            ends = struct.unpack_from(f"{'>' if big else '<'}{count}I", data, data_at)
            parts.append((data_at, data_at + 4 * count, "ends of blocks"))
            parts += list(zip((data_at + 4 * count, *ends), ends, ["block"] * count))
    return parts


def cramfs_inode(data, at, big):
    mode, size, rest = struct.unpack_from(">III" if big else "<III", data, at)
    return (mode >> 16, size >> 8, (rest & 0x3ffffff) * 4) if big else (mode & 0xffff, size & 0xffffff, (rest >> 6) * 4)


# ---- disks ----

def ext(data):
    """Super block, group descriptors and every block in use: bitmaps, inode table, directories, journal, data."""
    size = 1024 << struct.unpack_from("<I", data, 1024 + 24)[0]
    table = size * (2 if size == 1024 else 1)
    return [(1024, 2048, "super block"), (table, table + 64, "group descriptor"), *blocks_in_use(data, size)]


def fat(data):
    """Boot sector, both tables, root directory, clusters in use."""
    sector, cluster, reserved, tables, entries = struct.unpack_from("<HBHBH", data, 11)
    size = struct.unpack_from("<H", data, 22)[0] * sector
    first = reserved * sector
    root = first + tables * size
    start = root + entries * 32
    return ([(0, sector, "boot sector"), (first, first + size, "table 1"), (first + size, root, "table 2"), (first, first + 512, "start of table 1"),
             (root, start, "root directory"), (root, root + 64, "entries of the root")]
            + [(start + at, start + end, "cluster") for at, end, _ in blocks_in_use(data[start:], cluster * sector)])


def disk(data):
    """MBR or GPT with its copy."""
    parts = [(0, 512, "mbr"), (446, 462, "partition 1"), (462, 478, "partition 2")]
    if data[512:520] == b"EFI PART":
        parts += [(512, 1024, "gpt header"), (1024, 1152, "gpt entry 1"), (1152, 1280, "gpt entry 2"), (len(data) - 512, len(data), "gpt copy"),
                  (len(data) - 512 * 33, len(data) - 512, "copy of the entries")]
    return parts


def ufs(data):
    """Every fragment in use, and the super block."""
    where = next(at for at in (65536, 8192, 0, 262144) if data[at + 1372:at + 1376] in (b"\x54\x19\x01\0", b"\0\x01\x19\x54", b"\x19\x01\x54\x19", b"\x19\x54\x01\x19"))
    return [(where, where + 8192, "super block"), *blocks_in_use(data, 4096, "fragments")]


def iso(data):
    return [(32768, 34816, "primary descriptor"), *blocks_in_use(data, 2048, "sector")]


# ---- archives ----

def newc(data):
    """Entries of a cpio, the last of which is the trailer."""
    starts, at = [], 0
    while data[at:at + 6] == b"070701":
        starts.append(at)
        size, name = int(data[at + 54:at + 62], 16), int(data[at + 94:at + 102], 16)
        at = (at + 110 + name + 3) // 4 * 4
        at = (at + size + 3) // 4 * 4
    return runs(starts, at, "entry") + [(starts[-1], len(data), "trailer")]


def tar(data):
    """Headers, contents, padding behind them, the two blocks of zeros at the end."""
    parts, at = [], 0
    while data[at:at + 512].strip(b"\0"):
        size = int(data[at + 124:at + 135].strip(b" \0") or b"0", 8) if data[at + 156:at + 157] not in b"5" else 0
        end = at + 512 + (size + 511) // 512 * 512
        parts += [(at, at + 512, "header"), (at, end, "member")]
        parts += [(at + 512, at + 512 + size, "content"), (at + 512 + size, end, "padding")] * (size > 0)
        at = end
    return parts + [(at, at + 512, "zeros 1"), (at + 512, at + 1024, "zeros 2"), (at, len(data), "zeros at the end")]


def zip_parts(data):
    """Local records, the central directory, its end."""
    kinds = {1: "central entry", 3: "local record", 5: "end record"}
    starts = found(data, rb"PK(\x01\x02|\x03\x04|\x05\x06)")
    parts = [(a, b, kinds[data[a + 2]]) for a, b in zip(starts, starts[1:] + [len(data)])]
    central = [at for at in starts if data[at + 2] == 1]
    return parts + [(central[0], len(data), "central directory")]


def ar(data):
    """The members of an ar, and their headers."""
    parts, at = [(0, 8, "magic")], 8
    while data[at + 58:at + 60] == b"`\n":
        end = at + 60 + (int(data[at + 48:at + 58]) + 1) // 2 * 2
        parts += [(at, at + 60, "header"), (at, min(end, len(data)), "member")]
        at = end
    return parts


# ---- compression ----

def gzip_parts(data):
    return [(0, 10, "header"), (len(data) - 8, len(data) - 4, "crc32"), (len(data) - 4, len(data), "size"), (len(data) - 8, len(data), "trailer")]


def xz(data):
    """Stream header, block header, index, footer: its backward size says where the index begins."""
    size = (struct.unpack_from("<I", data, len(data) - 8)[0] + 1) * 4
    index, block = len(data) - 12 - size, (data[12] + 1) * 4
    return [(0, 12, "stream header"), (12, 12 + block, "block header"), (12, index, "block"), (index - 8, index, "check"), (index, len(data) - 12, "index"),
            (len(data) - 12, len(data), "footer")]


def zstd(data):
    """Frames; the header of the first; the checksum of the last."""
    frames = [at for at in found(data, rb"\x28\xb5\x2f\xfd")]
    return runs(frames, len(data), "frame") + [(0, 6, "frame header"), (len(data) - 4, len(data), "checksum")]


def members(*parts):
    """Streams that follow each other: of gzip, of what is signed."""
    at, places = 0, []
    for i, part in enumerate(parts):
        places.append((at, at + len(part), f"stream {i + 1}"))
        at += len(part)
    return places


# ---- firmware ----

def uimage(data):
    size = struct.unpack_from(">I", data, 12)[0]
    return [(0, 64, "uimage header"), (64, 64 + size, "uimage data")]


def fdt(data):
    """Header, tokens of the structure block that begin or end a node, strings, the end."""
    total, tree, strings, reserved, _, _, _, names, size = struct.unpack_from(">9I", data, 4)
    parts = [(0, 40, "fdt header"), (reserved, tree, "reservations"), (strings, strings + names, "strings"), (total, len(data), "external data")]
    starts = [at for at in found(data[:tree + size], rb"\0\0\0[\x01\x02]") if at >= tree and at % 4 == 0]
    return parts + runs(starts, tree + size, "node")


def trx(data):
    offsets = sorted(at for at in struct.unpack_from("<3I", data, 16) if at)
    return [(0, 28, "trx header"), *runs(offsets, len(data), "trx part")]


def elf(data):
    """ELF header, each section by its name and its header, all section headers."""
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    table = struct.unpack_from(order + ("Q" if wide else "I"), data, 40 if wide else 32)[0]
    each, count, names = struct.unpack_from(order + "HHH", data, 58 if wide else 46)
    parts = [(0, 64 if wide else 52, "elf header"), (table, table + each * count, "section headers")]

    def place(i):
        return struct.unpack_from(order + ("QQ" if wide else "II"), data, table + each * i + (24 if wide else 16))
    for i in range(1, count):
        at = table + each * i
        name, kind = struct.unpack_from(order + "II", data, at)
        start, size = place(i)
        text = data[place(names)[0] + name:].split(b"\0")[0].decode()
        parts += [(at, at + each, f"header of {text}")] + [(start, start + size, f"section {text}")] * (kind != 8 and size > 0)
    return parts


def adb(data):
    """The blocks of an apk-tools 3 file that is not compressed."""
    parts, at = [(0, 8, "adb header")], 8
    while at + 4 <= len(data):
        word = struct.unpack_from("<I", data, at)[0]
        size, kind = word & 0x3fffffff, word >> 30
        if kind == 3:
            size = struct.unpack_from("<Q", data, at + 8)[0]
        end = min(at + (size + 7) // 8 * 8, len(data))
        parts += [(at, end, ("adb", "signature", "data", "data with a long header")[kind]), (at, at + (16 if kind == 3 else 4), "block header")]
        at = end
    return parts


def lines(data):
    """Lines, by their first word."""
    starts = [0] + [match.end() for match in re.finditer(rb"\n", data)]
    return [(a, b, "line " + (data[a:b].split() or [b"empty"])[0].decode(errors="replace")) for a, b in zip(starts, starts[1:])]


def hints(data):
    """The rows of linker.hints: version, then length, type and data, each a multiple of 4."""
    order = "<" if data[:4] == b"\1\0\0\0" else ">"
    parts, at = [(0, 4, "version")], 4
    while at + 4 <= len(data):
        size = struct.unpack_from(order + "I", data, at)[0]
        parts.append((at, at + 4 + size, "row"))
        at += 4 + size
    return parts


def shifted(parts, by):
    return [(start + by, end + by, name) for start, end, name in parts]
