#!/usr/bin/python3
"""squashfs_old.py TREE IMAGE [NAME=VALUE[,NAME=VALUE...]...]: makes a squashfs of version 2 or 3 from the files below TREE, as the
squashfs patches for Linux up to 2.6.28 define it (include/linux/squashfs_fs.h). `unsquashfs` reads those with gzip.

major=2|3  big=1 (big endian)  magic=hsqs  log=16 (of the block size)  check=1 (a byte behind each size of metadata)
fragments=0  long=1 (inodes for long directories and, in version 3, files)
lzma=bare (properties, stream) | first (size, properties, stream) | alone (properties, size, stream) | none (stream) |
split (pb, lc, lp, 0xff, stream; each block has its own)
stored=1 (nothing is compressed)"""

import lzma
import os
import struct
import sys
import zlib

METADATA = 8192
STORED_METADATA, STORED_DATA = 1 << 15, 1 << 24
NONE = 0xffffffff


def lzma_bytes(data, form):
    """One stream of lzma with the header that FORM names and no end marker."""
    size, dictionary = len(data), max(4096, 1 << max(0, len(data) - 1).bit_length())
    lc, lp, pb = ((3, 0, 2), (0, 2, 2), (0, 0, 0), (2, 0, 1))[size % 4 if form == "split" else 0]
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    raw = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
    properties = struct.pack("<BI", 0x5d, dictionary)
    return {"bare": properties + raw, "first": struct.pack("<I", size) + properties + raw,
            "alone": properties + struct.pack("<Q", size) + raw, "none": raw, "split": bytes((pb, lc, lp, 0xff)) + raw}[form]


class Maker:
    def __init__(self, major=3, big=0, magic=None, log=16, check=0, fragments=1, long=0, lzma=None, stored=0):
        self.major, self.big, self.check, self.log, self.long = int(major), int(big), int(check), int(log), int(long)
        self.use_fragments, self.lzma, self.stored = int(fragments), lzma, int(stored)
        self.magic = magic or ("sqsh" if self.big else "hsqs")
        self.out = bytearray(119 if self.major == 3 else 63)
        self.inodes, self.listings = Table(self), Table(self)
        self.tail, self.fragments, self.count = bytearray(), [], 0

    def pack(self, *fields):
        """Bit fields (value, bits), from the low bits on in little-endian, from the high bits on in big-endian."""
        value, at = 0, 0
        for field, bits in fields:
            value = (value << bits) | field if self.big else value | (field << at)
            at += bits
        return value.to_bytes(at // 8, "big" if self.big else "little")

    def compress(self, data):
        """The bytes as they are stored, and whether they are compressed."""
        packed = lzma_bytes(bytes(data), self.lzma) if self.lzma else zlib.compress(bytes(data), 9)
        return (bytes(data), False) if self.stored or len(packed) >= len(data) else (packed, True)

    def data(self, piece):
        """Stores a block of data; its size word."""
        packed, compressed = self.compress(piece)
        self.out += packed
        return len(packed) | (0 if compressed else STORED_DATA)

    def flush_tail(self):
        if self.tail:
            self.fragments.append((len(self.out), self.data(self.tail)))
            self.tail = bytearray()

    def head(self, kind):
        self.count += 1
        owner = [(kind, 4), (0o755, 12), (0, 8), (255, 8)]  # 255: the group is the owner's number
        return self.pack(*owner, *([(0, 32), (self.count, 32)] if self.major == 3 else []))

    def file(self, data):
        size = 1 << self.log
        whole = len(data) // size * size if self.use_fragments else len(data)
        fragment, offset = NONE, 0
        if whole < len(data):
            if len(self.tail) + len(data) - whole > size:
                self.flush_tail()
            fragment, offset = len(self.fragments), len(self.tail)
            self.tail += data[whole:]
        start = len(self.out)
        words = [self.data(data[at:min(at + size, whole)]) for at in range(0, whole, size)]
        place = (fragment, 32), (offset, 32)
        blocks = [(word, 32) for word in words]
        if self.major == 2:
            return self.head(2) + self.pack((0, 32), (start, 32), *place, (len(data), 32), *blocks)
        if self.long:
            return self.head(9) + self.pack((1, 32), (start, 64), *place, (len(data), 64), *blocks)
        return self.head(2) + self.pack((start, 64), *place, (len(data), 32), *blocks)

    def link(self, target):
        return self.head(3) + (self.pack((1, 32)) if self.major == 3 else b"") + self.pack((len(target), 16)) + target

    def listing(self, entries):
        """ENTRIES: (name, kind, inode position, number); the listing has a header for each metadata block of inodes."""
        out, at = b"", 0
        while at < len(entries):
            block, number = entries[at][2][0], entries[at][3]
            run = at
            while run < len(entries) and run - at < 256 and entries[run][2][0] == block:
                run += 1
            out += self.pack((run - at - 1, 8), (block, 32 if self.major == 3 else 24), *([(number, 32)] if self.major == 3 else []))
            for name, kind, where, own in entries[at:run]:
                more = [((own - number) & 0xffff, 16)] if self.major == 3 else []
                out += self.pack((where[1], 13), (kind, 3), (len(name) - 1, 8), *more) + name
            at = run
        return out

    def directory(self, path):
        entries = []
        for name in sorted(os.listdir(path), key=os.fsencode):
            below = os.path.join(path, name)
            if os.path.islink(below):
                kind, inode = 3, self.link(os.fsencode(os.readlink(below)))
            elif os.path.isdir(below):
                kind, inode = 1, self.directory(below)
            else:
                with open(below, "rb") as file:
                    kind, inode = 2, self.file(file.read())
            entries.append((os.fsencode(name), kind, self.inodes.add(inode), self.count))
        listing = self.listing(entries)
        size = len(listing) + (3 if self.major == 3 else 0)
        block, offset = self.listings.add(listing)
        sizes = (size, 27 if self.long else 19), (offset, 13)
        if self.major == 3:
            return self.head(8 if self.long else 1) + self.pack((2, 32), *sizes, (block, 32), *([(0, 16)] if self.long else []), (0, 32))
        return self.head(8 if self.long else 1) + self.pack(*sizes, (0, 32), (block, 24), *([(0, 16)] if self.long else []))

    def table(self, packed):
        start = len(self.out)
        self.out += packed
        return start

    def make(self, tree):
        root = self.inodes.add(self.directory(tree))
        self.flush_tail()
        inodes, listings = self.table(self.inodes.finish()), self.table(self.listings.finish())
        entries = Table(self)
        pointers, wide = [], self.major == 3
        for start, stored in self.fragments:
            if not entries.pending:
                pointers.append(len(self.out) + len(entries.out))
            entries.add(self.pack((start, 64), (stored, 32), (0, 32)) if wide else self.pack((start, 32), (stored, 32)))
        self.table(entries.finish())
        fragments = self.table(self.pack(*[(pointer, 64 if wide else 32) for pointer in pointers]) if pointers else b"")
        owners = self.table(self.pack((0, 32)))
        old = (lambda value: (0, 32)) if wide else (lambda value: (value, 32))
        head = self.magic.encode() + self.pack(
            (self.count, 32), old(len(self.out)), old(owners), (0, 32), old(inodes), old(listings), (self.major, 16), (1, 16),
            (0, 16), (self.log, 16), (4 if self.check else 0, 8), (1, 8), (0, 8), (0, 32), (root[0] << 16 | root[1], 64),
            (1 << self.log, 32), (len(self.fragments), 32), old(fragments))
        if wide:
            head += self.pack((len(self.out), 64), (owners, 64), (0, 64), (inodes, 64), (listings, 64), (fragments, 64), (2**64 - 1, 64))
        self.out[:len(head)] = head
        self.out += bytes(-len(self.out) % 4096)
        return bytes(self.out)


class Table:
    """Metadata: blocks of 8 KiB, each compressed behind its size."""

    def __init__(self, maker):
        self.maker, self.out, self.pending = maker, bytearray(), bytearray()

    def block(self, data):
        packed, compressed = self.maker.compress(data)
        self.out += self.maker.pack((len(packed) | (0 if compressed else STORED_METADATA), 16))
        self.out += (b"\xff" if self.maker.check else b"") + packed

    def add(self, data):
        """The position of DATA: where its block is stored, and the offset in the block."""
        where = len(self.out), len(self.pending)
        self.pending += data
        while len(self.pending) >= METADATA:
            self.block(self.pending[:METADATA])
            self.pending = self.pending[METADATA:]
        return where

    def finish(self):
        if self.pending:
            self.block(self.pending)
            self.pending = bytearray()
        return bytes(self.out)


if __name__ == "__main__":
    with open(sys.argv[2], "wb") as image:
        image.write(Maker(**dict(word.split("=", 1) for word in ",".join(sys.argv[3:]).split(",") if word)).make(sys.argv[1]))
