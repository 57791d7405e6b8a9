"""Reads and writes the files of apk-tools 3 without the program: packages (.apk), indexes (packages.adb), signatures and the text
database of an image. The layout is drawn in auditor/unpack/archive/adb.c and apk.c."""

import hashlib
import os
import struct
import subprocess
import zlib

EQUAL, LESS, GREATER, FUZZY, CONFLICT = 1, 2, 4, 8, 16
PKGINFO = {"name": 1, "version": 2, "hashes": 3, "description": 4, "arch": 5, "license": 6, "origin": 7, "installed": 12,
           "size": 13, "depends": 15, "provides": 16, "replaces": 17, "install_if": 18}
LISTS = ("depends", "provides", "replaces", "install_if")
NUMBERS = ("installed", "size")
SIGNS = {">=": GREATER | EQUAL, "<=": LESS | EQUAL, "~": FUZZY | EQUAL, "=": EQUAL, "<": LESS, ">": GREATER}


class Reader:
    """Values of one ADB payload."""

    def __init__(self, payload):
        self.bytes = payload
        self.root = struct.unpack_from("<I", payload, 4)[0]

    def value(self, word):
        kind, low = word >> 28, word & 0x0FFFFFFF
        if kind == 0:
            return {0: None, 1: True, 2: False}[low]
        if kind == 1:
            return low
        if kind in (2, 3):
            return struct.unpack_from("<I" if kind == 2 else "<Q", self.bytes, low)[0]
        if kind in (8, 9, 10):
            form = {8: "<B", 9: "<H", 10: "<I"}[kind]
            size = struct.unpack_from(form, self.bytes, low)[0]
            start = low + struct.calcsize(form)
            return self.bytes[start:start + size]
        slots = struct.unpack_from("<I", self.bytes, low)[0]
        return [slots - 1, *struct.unpack_from(f"<{slots - 1}I", self.bytes, low + 4)]

    def slots(self, word):
        return (self.value(word) or [0])[1:]

    def field(self, word, number):
        slots = self.slots(word)
        return slots[number - 1] if number <= len(slots) else 0

    def get(self, word, number):
        return self.value(self.field(word, number))

    def text(self, word, number):
        value = self.get(word, number)
        return value.decode() if value is not None else None


def unpacked(data):
    if data[:4] == b"ADBd":
        return zlib.decompress(data[4:], -15)
    if data[:4] == b"ADBc":
        if data[4] == 2:
            return subprocess.run(["zstd", "-dcq"], input=data[6:], capture_output=True, check=True).stdout
        return zlib.decompress(data[6:], -15) if data[4] else data[6:]
    return data


def blocks(data):
    at, found = 8, []
    while at + 4 <= len(data):
        word = struct.unpack_from("<I", data, at)[0]
        size, header, kind = word & 0x3FFFFFFF, 4, word >> 30
        if kind == 3:
            kind, size, header = size, struct.unpack_from("<Q", data, at + 8)[0], 16
        found.append((kind, data[at + header:at + size]))
        at += (size + 7) // 8 * 8
    return found


def dependency(adb, word):
    match = adb.get(word, 3) or EQUAL
    version = adb.text(word, 2)
    sign = "".join((">" if match & GREATER else "", "<" if match & LESS else "",
                    "~" if match & FUZZY else "=" if match & EQUAL else "")) if version else ""
    return ("!" if match & CONFLICT else "") + adb.text(word, 1) + sign + (version or "")


def info(adb, word):
    found = {}
    for name, number in PKGINFO.items():
        if name in LISTS:
            found[name] = [dependency(adb, one) for one in adb.slots(adb.field(word, number))]
        elif name in NUMBERS or name == "hashes":
            found[name] = adb.get(word, number)
        else:
            found[name] = adb.text(word, number)
    return found


def read_package(path):
    """The metadata of a package, with "identity" and "files": path -> bytes, or the target of a link as str."""
    with open(path, "rb") as file:
        data = blocks(unpacked(file.read()))
    adb = Reader(data[0][1])
    package = info(adb, adb.field(adb.root, 1))
    package["identity"] = hashlib.sha256(data[0][1]).hexdigest()
    names, package["files"] = {}, {}
    for i, folder in enumerate(adb.slots(adb.field(adb.root, 2)), 1):
        for k, file in enumerate(adb.slots(adb.field(folder, 3)), 1):
            names[i, k] = os.path.join(adb.text(folder, 1) or "", adb.text(file, 1))
            target = adb.get(file, 6)
            package["files"][names[i, k]] = target[2:].decode() if target else b""
    for kind, payload in data:
        if kind == 2:
            package["files"][names[struct.unpack_from("<II", payload)]] = payload[8:]
    return package


def read_index(path):
    with open(path, "rb") as file:
        adb = Reader(blocks(unpacked(file.read()))[0][1])
    return [info(adb, word) for word in adb.slots(adb.field(adb.root, 2))]


class Writer:
    def __init__(self):
        self.bytes = bytearray(8)

    def add(self, data, align=1):
        while len(self.bytes) % align:
            self.bytes.append(0)
        at = len(self.bytes)
        self.bytes += data
        return at

    def blob(self, data):
        if data is None:
            return 0
        data = data.encode() if isinstance(data, str) else data
        if len(data) < 256:
            return 8 << 28 | self.add(bytes([len(data)]) + data)
        return 9 << 28 | self.add(struct.pack("<H", len(data)) + data, 2)

    def number(self, value):
        if value is None:
            return 0
        return 1 << 28 | value if value < 1 << 28 else 2 << 28 | self.add(struct.pack("<I", value), 4)

    def object(self, words, kind=14):
        while words and words[-1] == 0:
            words = words[:-1]
        return kind << 28 | self.add(struct.pack(f"<{len(words) + 1}I", len(words) + 1, *words), 4) if words else 0

    def array(self, words):
        return self.object(words, 13)

    def dependency(self, text):
        match = CONFLICT if text.startswith("!") else 0
        name, version = text.lstrip("!"), None
        start = min((name.find(one) for one in "<>=~" if one in name), default=-1)
        for sign, bits in SIGNS.items():
            if start > 0 and name.startswith(sign, start):  # a version has "~", too
                name, version = name[:start], name[start + len(sign):]
                return self.object([self.blob(name), self.blob(version), self.number(match | bits)])
        return self.object([self.blob(name), 0, self.number(match | EQUAL) if match else 0])

    def info(self, package):
        words = [0] * 18
        for name, number in PKGINFO.items():
            value = package.get(name)
            if name in LISTS:
                words[number - 1] = self.array([self.dependency(one) for one in value or []])
            else:
                words[number - 1] = self.number(value) if name in NUMBERS else self.blob(value)
        return self.object(words)

    def done(self, root):
        struct.pack_into("<BBHI", self.bytes, 0, 0, 0, 0, root)
        return bytes(self.bytes)


def block(kind, payload):
    data = struct.pack("<I", kind << 30 | len(payload) + 4) + payload
    return data + bytes(-len(data) % 8)


def packed(schema, parts, packing="deflate"):
    data = b"ADB." + schema + b"".join(parts)
    if packing == "deflate":
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return b"ADBd" + deflate.compress(data) + deflate.flush()
    if packing == "zstd":
        return b"ADBc\x02\x03" + subprocess.run(["zstd", "-cq"], input=data, capture_output=True, check=True).stdout
    return data


class Hard(str):
    """A hard link, whose target is a path in the package."""


def make_package(package, files, packing="deflate", date=0):
    """FILES: path -> bytes, or the target of a link as str, of a hard one as Hard; DATE: their time. Returns the bytes of the .apk."""
    writer, folders, data = Writer(), {}, []
    for path in sorted(files):
        folders.setdefault(os.path.dirname(path), []).append(os.path.basename(path))
    paths = []
    for i, folder in enumerate(sorted(folders), 1):
        entries = []
        for k, name in enumerate(folders[folder], 1):
            content = files[os.path.join(folder, name)]
            link = isinstance(content, str)
            hard = isinstance(content, Hard)
            target = struct.pack("<H", 0x8000 if hard else 0xA000) + content.encode() if link else None
            bytes_ = files.get(content, b"") if hard else content
            digest = None if link and not hard else hashlib.sha256(bytes_).digest()
            size = len(bytes_)
            entries.append(writer.object([writer.blob(name), 0, writer.number(size), writer.number(date) if date else 0, writer.blob(digest), writer.blob(target)]))
            if content and not link:
                data.append(block(2, struct.pack("<II", i, k) + content))
        paths.append(writer.object([writer.blob(folder), 0, writer.array(entries)]))
    root = writer.object([writer.info(package), writer.array(paths)])
    return packed(b"pckg", [block(0, writer.done(root)), *data], packing)


def identity(apk):
    return hashlib.sha256(blocks(unpacked(apk))[0][1]).digest()


def make_key(path, kind="ec"):
    """Writes a private key to PATH; returns its public half as PEM."""
    how = (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if kind == "ec" else
           ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
    subprocess.run(["openssl", "genpkey", *how, "-out", path], check=True, capture_output=True)
    return subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], check=True, capture_output=True).stdout


def key_id(path):
    """The first 16 bytes of the SHA-512 of what i2d_PublicKey makes: the bits inside SubjectPublicKeyInfo."""
    der = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    bits = der[-65:] if len(der) < 120 else der[24:]
    return hashlib.sha512(bits).digest()[:16]


def signature(key, payload):
    header = bytes([0, 4]) + key_id(key)
    message = b"indx" + header + hashlib.sha512(payload).digest()
    signed = subprocess.run(["openssl", "dgst", "-sha512", "-sign", key], input=message, check=True, capture_output=True).stdout
    return block(1, header + signed)


def make_index(rows, keys=(), packing="deflate"):
    """ROWS: (package, bytes of its .apk); KEYS: paths of private keys that sign. Returns the bytes of packages.adb."""
    writer = Writer()
    infos = [writer.info({**package, "hashes": identity(apk), "size": len(apk)}) for package, apk in rows]
    payload = writer.done(writer.object([0, writer.array(infos)]))
    return packed(b"indx", [block(0, payload), *(signature(key, payload) for key in keys)], packing)


def installed_text(packages):
    """lib/apk/db/installed for packages as read_package gives them."""
    text = []
    for package in packages:
        text += [f"C:Q2{package['name']}=", f"P:{package['name']}", f"V:{package['version']}", f"A:{package['arch']}"]
        text += ["D:" + " ".join(package["depends"])] if package.get("depends") else []
        text += ["p:" + " ".join(package["provides"])] if package.get("provides") else []
        folder = None
        for path in sorted(package.get("files") or {}):
            if os.path.dirname(path) != folder:
                folder = os.path.dirname(path)
                text.append(f"F:{folder}")
            text.append(f"R:{os.path.basename(path)}")
        text.append("")
    return "\n".join(text) + "\n"


def unpack(package, root):
    for path, content in package["files"].items():
        place = os.path.join(root, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if isinstance(content, str):
            os.symlink(content, place)
        else:
            with open(place, "wb") as file:
                file.write(content)
