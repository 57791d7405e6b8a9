"""Finds the parts of a UFS image, so that a test can damage them (FreeBSD sys/ufs/ffs/fs.h, sys/ufs/ufs/dinode.h)."""

import struct

SUPERS = (65536, 8192, 0, 262144)


class Ufs:
    """A UFS1 or UFS2 image in BYTES, which the methods change."""

    def __init__(self, data):
        self.bytes = bytearray(data)
        for self.super in SUPERS:
            for self.order in "<>":
                if self.number(self.super + 1372, "I") in (0x11954, 0x19540119):
                    self.version = 1 if self.number(self.super + 1372, "I") == 0x11954 else 2
                    self.wide = "I" if self.version == 1 else "Q"
                    self.fragment = self.field(52)
                    return
        raise ValueError("no super block")

    def number(self, at, kind, value=None):
        if value is None:
            return struct.unpack_from(self.order + kind, self.bytes, at)[0]
        struct.pack_into(self.order + kind, self.bytes, at, value)
        return value

    def field(self, offset, value=None, kind="I"):
        """A field of the super block."""
        return self.number(self.super + offset, kind, value)

    def inode(self, number):
        """The offset of an inode."""
        inodes, size = self.field(184), 128 * self.version
        group = number // inodes
        start = group * self.field(188)
        if self.version == 1:
            start += self.field(24) * (group & ~self.field(28) & 0xffffffff)
        return (start + self.field(16)) * self.fragment + number % inodes * size

    def block(self, number, index, value=None):
        """The address of block INDEX in an inode; 12 to 14: of its indirect blocks."""
        first, width = (40, 4) if self.version == 1 else (112, 8)
        return self.number(self.inode(number) + first + index * width, self.wide, value)

    def size(self, number, value=None):
        return self.number(self.inode(number) + (8 if self.version == 1 else 16), "Q", value)

    def entries(self, number):
        """Name -> offset of its entry, of a directory in one block."""
        at = self.block(number, 0) * self.fragment
        end, found = at + self.size(number), {}
        while at < end:
            inode, length, _, name = struct.unpack_from(self.order + "IHBB", self.bytes, at)
            if inode:
                found[self.bytes[at + 8:at + 8 + name].decode()] = at
            at += length
        return found

    def find(self, path):
        """The inode and the offset of the directory entry of PATH."""
        number, at = 2, None
        for name in path.split("/"):
            at = self.entries(number)[name]
            number = self.number(at, "I")
        return number, at
