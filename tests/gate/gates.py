"""For the tests of the gate: a passing plan of three images and two feeds, damage to packages, and running the gate."""

import gzip
import hashlib
import io
import os
import shutil
import struct
import subprocess
import sys
import tarfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402
import validation  # noqa: E402

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# router and camera carry symbol CRCs; office carries none, and its feed was built with it
STORY = """
image router.bin from base-crcs
	wrapped uimage lzma
	installed kmod-dummy kmod-lib-crc7
	key
image camera.bin from later-crcs
	wrapped uimage lzma
	installed kmod-dummy
	key
image office.bin from base
	wrapped uimage lzma
	installed kmod-dummy
	key
feed kmods from later-crcs
	holds kmod-nfnetlink kmod-nfnetlink-queue
	index
	signed
feed base-feed from base-crcs
	holds kmod-dummy kmod-lib-crc7
	index
	signed
feed own from release
	holds kmod-dummy kmod-nfnetlink
	index
	signed
"""
PLAN = {
    "schema": "kmodaudit/plan/1",
    "images": [{"path": "router.bin"}, {"path": "camera.bin"}, {"path": "office.bin"}],
    "feeds": [{"path": "kmods"}, {"path": "base-feed"}, {"path": "own"}],
    "pairs": [{"image": "[rc]*.bin", "feed": "[!o]*"}, {"image": "office.bin", "feed": "own"}],
    "reports": "out",
}
FILE = "{}_6.6.86-r1_mips_24kc.ipk"


def make(where, more="", story=STORY):
    """The founding story, STORY and MORE as files in WHERE."""
    os.makedirs(where, exist_ok=True)
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        founding = file.read()
    told = os.path.join(where, ".world")
    with open(told, "w", encoding="utf-8") as file:
        file.write(founding + story + more)
    tap.world(told, where)


def copy(source, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to, symlinks=True)
    return to


def write_yaml(value, *path):
    with open(os.path.join(*path), "w", encoding="utf-8") as file:
        yaml.safe_dump(value, file, sort_keys=False)
    return os.path.join(*path)


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def write(data, *path):
    with open(os.path.join(*path), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def flipped(data, at, mask=1):
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]


class Gate:
    """One run of a plan in WHERE; PLAN is a dict or the name of a file."""

    def __init__(self, where, plan, *args, valid=True, **more):
        if isinstance(plan, dict):
            write_yaml(plan, where, "plan.yaml")
            plan = "plan.yaml"
        self.ran = tap.kmodaudit("gate", "-q", plan, *args, cwd=where, **more)
        self.status, self.text, self.said = self.ran.status, self.ran.out, self.ran.err
        self.head = self.text.split("\n")[0]
        self.matrix = yaml.load(self.text, Loader=LOADER) if self.text.startswith("# ") else None
        if valid and self.matrix:
            valid_report(self.text)

    def cells(self):
        """(package, feed, image) -> cell"""
        rows = self.matrix["matrix"] if self.matrix else []
        return {(row["package"], row["feed"], cell["image"]): cell for row in rows for cell in row["images"]}

    def gates(self):
        return {key: cell["gate"] for key, cell in self.cells().items()}

    def failing(self):
        """(package, feed, image) -> the rules of its findings of level error or unknown"""
        return {key: {one["id"] for one in cell["findings"] if one["level"] in ("error", "unknown")}
                for key, cell in self.cells().items() if cell["gate"] == "fail"}

    def pairs(self):
        return {(pair["image"], pair["feed"]): pair for pair in self.matrix["pairs"]} if self.matrix else {}

    def statuses(self):
        return {key: pair["status"] for key, pair in self.pairs().items()}

    def beside(self, key):
        """Rules of level error about the image and the feed of a pair."""
        pair = self.pairs()[key]
        return {one["id"] for one in pair["image_findings"] + pair["feed_findings"] if one["level"] == "error"}

    def waiver_findings(self):
        return {one["id"] for one in self.matrix["waivers"]["findings"]}

    def tell(self):
        tap.note(f"status {self.status}\n{self.said}{self.text[:6000]}")


def valid_report(text):
    """Reports only an invalid one, because most runs of these tests are valid."""
    wrong = list(validation.troubles(text))
    if wrong:
        tap.equal(wrong, [], "the matrix is valid")


# ---- packages ----

def tar_changed(data, change):
    """DATA, a tar.gz, with the contents of each file replaced by CHANGE(name, bytes); None: removed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as old, tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as new:
        for member in old:
            content = old.extractfile(member).read() if member.isfile() else None
            if member.isfile():
                content = change(member.name, content)
                if content is None:
                    continue
                member.size = len(content)
            new.addfile(member, io.BytesIO(content) if content is not None else None)
    return gzip.compress(out.getvalue(), mtime=0)


def package_changed(path, module=None, control=None):
    """Packs the package again: MODULE(bytes) for each .ko, CONTROL(text) for its control file. Does not change an index."""
    def inner(name, data):
        if name.endswith(".ko") and module:
            return module(data)
        if os.path.basename(name) == "control" and control:
            return control(data.decode()).encode()
        return data

    def outer(name, data):
        return tar_changed(data, inner) if name.endswith((".tar.gz")) else data

    write(tar_changed(read(path), outer), path)


def control_of(path):
    found = []
    package_changed_data = read(path)

    def inner(name, data):
        if os.path.basename(name) == "control":
            found.append(data.decode())
        return data

    tar_changed(package_changed_data, lambda name, data: tar_changed(data, inner) if name.endswith("control.tar.gz") else data)
    return found[0]


def index_again(folder):
    """Writes an unsigned index of the files in FOLDER."""
    text = ""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".ipk"):
            data = read(folder, name)
            lines = [line for line in control_of(os.path.join(folder, name)).rstrip("\n").split("\n") if line]
            text += "\n".join(lines + [f"Filename: {name}", f"Size: {len(data)}", f"SHA256sum: {hashlib.sha256(data).hexdigest()}"]) + "\n\n"
    write(text, folder, "Packages")
    write(gzip.compress(text.encode(), mtime=0), folder, "Packages.gz")
    if os.path.exists(os.path.join(folder, "Packages.sig")):
        os.unlink(os.path.join(folder, "Packages.sig"))


# ---- modules: big-endian ELF32, as the founding story's are ----

def sections(elf):
    """name -> (offset of its header, offset, size)"""
    table, = struct.unpack_from(">I", elf, 32)
    size, count, names = struct.unpack_from(">HHH", elf, 46)
    heads = [struct.unpack_from(">10I", elf, table + i * size) for i in range(count)]
    strings = heads[names][4]
    return {elf[strings + head[0]:elf.index(b"\0", strings + head[0])].decode(): (table + i * size, head[4], head[5])
            for i, head in enumerate(heads)}


def section_dropped(*names):
    """Renames sections, so that they are not found."""
    def change(elf):
        out = bytearray(elf)
        table, = struct.unpack_from(">I", elf, 32)
        size, _, strings = struct.unpack_from(">HHH", elf, 46)
        base = struct.unpack_from(">10I", elf, table + strings * size)[4]
        for name in names:
            if name in sections(elf):
                at = base + struct.unpack_from(">I", elf, sections(elf)[name][0])[0]
                out[at + 2] ^= 1
        return bytes(out)
    return change


def info_dropped(*keys):
    """Overwrites KEY=... in .modinfo; the size stays the same."""
    def change(elf):
        _, at, size = sections(elf).get(".modinfo", (0, 0, 0))
        if not size:
            return elf
        entries = [one for one in elf[at:at + size].split(b"\0") if one and one.split(b"=")[0].decode() not in keys]
        text = b"\0".join(entries) + b"\0"
        return elf[:at] + text.ljust(size, b"\0") + elf[at + size:]
    return change
