"""The code of a module as the loader sees it: its allocated sections, and the relocations against them by symbol, without what names
the build (.modinfo, struct module, symbol versions, notes). Two builds of a module with equal code are the same module."""

import hashlib
import struct

LEFT_OUT = (".modinfo", ".gnu.linkonce.this_module", "__versions", ".note")
SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHF_ALLOC = 2, 4, 8, 2


class Elf:
    """A 64-bit little-endian relocatable file."""

    def __init__(self, data):
        self.data = data
        start, = struct.unpack_from("<Q", data, 40)
        size, count, names = struct.unpack_from("<HHH", data, 58)
        self.sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + i * size) for i in range(count)]
        self.names = [self.string(names, section[0]) for section in self.sections]
        self.symbols = next((i for i, section in enumerate(self.sections) if section[1] == SHT_SYMTAB), None)

    def string(self, section, offset):
        start = self.sections[section][4] + offset
        return self.data[start:self.data.index(b"\0", start)].decode()

    def counts(self, number):
        return self.sections[number][2] & SHF_ALLOC and not self.names[number].startswith(LEFT_OUT)

    def symbol(self, number):
        """Its name; of one without, such as a section's, the place it stands for"""
        table = self.sections[self.symbols]
        name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", self.data, table[4] + 24 * number)
        if name:
            return self.string(table[6], name)
        return f"{self.names[section] if section < len(self.names) else section}+{value}"

    def relocations(self, section):
        for at in range(section[4], section[4] + section[5], 24):
            offset, info, addend = struct.unpack_from("<QQq", self.data, at)
            yield f"{offset} {info & 0xffffffff} {self.symbol(info >> 32)} {addend}\n"


def code(data):
    """One digest for all of it"""
    elf, digest = Elf(data), hashlib.sha256()
    for number, section in enumerate(elf.sections):
        if elf.counts(number):
            digest.update(f"{elf.names[number]} {section[5]}\n".encode())
            if section[1] != SHT_NOBITS:
                digest.update(data[section[4]:section[4] + section[5]])
        elif section[1] == SHT_RELA and elf.counts(section[7]):
            digest.update("".join(elf.relocations(section)).encode())
    return digest.hexdigest()
