#!/usr/bin/python3
"""What a container cannot tell shows elsewhere: a module that the package database lists, a text with zeros in it, an inode without a name, a
row of an index that was cut. Each is said and nothing is proven then; what only looks like it is left alone."""

import json
import os
import shutil
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import adb  # noqa: E402
import boxes  # noqa: E402
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402

FEED = "feed same from base\n\tholds kmod-dummy kmod-spare\n\tindex\n"
CRC7, STATUS = "lib/modules/6.6.86/crc7.ko", "usr/lib/opkg/status"


def answer(where, image, feed="same"):
    ran = tap.audit("--format", "json", image, feed, cwd=where)
    report = json.loads(ran.out) if ran.out else {"packages": [], "image": {"findings": []}}
    verdict = {one["name"]: one["verdict"] for one in report["packages"]}.get("kmod-spare")
    unread = [one["text"] for one in report["image"]["findings"] if one["id"] == "image-unread"]
    return verdict, " ".join(unread) + ran.err, ran.out


def lost(where, image, what, words):
    verdict, said, _ = answer(where, image)
    if not tap.ok(verdict in (None, "unproven") and words in said, f"{what}: said"):
        tap.note(f"{verdict} {said}")


def whole(where, image, what):
    verdict, said, _ = answer(where, image)
    if not tap.ok(verdict == "safe" and not said, f"{what}: left alone"):
        tap.note(f"{verdict} {said}")


def changed(where, name, path, data):
    """A copy of the tree in which the file PATH has other bytes; None: it is removed."""
    shutil.rmtree(os.path.join(where, name), ignore_errors=True)
    shutil.copytree(os.path.join(where, "tree"), os.path.join(where, name))
    if data is None:
        os.unlink(os.path.join(where, name, path))
    else:
        write(data, where, name, path)
    return name


def trees(where):
    module, status = read(where, "tree", CRC7), read(where, "tree", STATUS)
    whole(where, "tree", "a whole tree")
    lost(where, changed(where, "a", CRC7, None), "a module that the database lists", "modules of 1 installed packages are not in the image")
    unlisted = changed(where, "b", "usr/lib/opkg/info/kmod-lib-crc7.list", None)
    lost(where, unlisted, "the list of files of one package", "list of files of kmod-lib-crc7 is missing")
    os.unlink(os.path.join(where, unlisted, "usr/lib/opkg/info/kmod-dummy.list"))
    os.unlink(os.path.join(where, unlisted, CRC7))
    whole(where, unlisted, "a database without lists of files")
    lost(where, changed(where, "a", CRC7, bytes(512) + module[512:]), "a module that begins with zeros", "crc7.ko")
    lost(where, changed(where, "a", CRC7, module[:-64]), "a module that is cut", "crc7.ko")
    whole(where, changed(where, "a", CRC7, b"not a module\n"), "a text in place of a module")
    lost(where, changed(where, "a", STATUS, status + bytes(64)), "zeros in the database", "no text")
    lost(where, changed(where, "a", STATUS, status + b"\xff" * 64), "ones in the database", "no text")
    whole(where, changed(where, "a", STATUS, status + "# naïve\n".encode()), "UTF-8 in the database")
    kernel = read(where, "tree", "boot/vmlinuz")
    lost(where, changed(where, "a", "boot/vmlinuz", kernel[:0x9000] + kernel[0x9001:] + b"\0"), "a kernel whose section headers moved", "boot/vmlinuz")


def names(where):
    """A JFFS2 without the name of a module; with a name that was removed, that is nothing special."""
    for option, order in (("-l", "<"), ("-b", ">")):
        sh(where, f"rm -f r.img && mkfs.jffs2 -r tree -e 65536 -n -p {option} -m none -o r.img")
        root = read(where, "r.img")
        whole(where, write(root, where, "case"), f"jffs2, {option}")
        start, end = next((a, b) for a, b, _ in structures.jffs2(root) if root[a + 40:a + 48] == b"30-lib-c")
        without = root[:start] + root[end:]
        lost(where, write(boxes.pad(without, 65536), where, "case"), f"jffs2, {option}: an inode without a name", "has no name")
        removed = struct.pack(order + "HHI", 0x1985, 0xe001, 41)
        head = removed + struct.pack(order + "IIIIIBBH", boxes.crc0(removed), 1, 99, 0, 0, 1, 8, 0)
        node = boxes.pad(head + struct.pack(order + "II", boxes.crc0(head), boxes.crc0(b"x")) + b"x", 4)
        last = max(b for _, b, _ in structures.jffs2(without))
        whole(where, write(boxes.pad(without[:last] + node, 65536), where, "case"), f"jffs2, {option}: names were removed")


def containers(where):
    sh(where, "(cd tree && find . | LC_ALL=C sort | cpio -o --quiet -H newc) > cpio && rm -f r.img && mke2fs -q -t ext2 -d tree r.img 8M")
    data = read(where, "cpio")
    start, end, _ = next(part for part in structures.newc(data) if data[part[0] + 110:part[1]].startswith(b"etc/modules.d/"))
    for byte in (b"\0", b"\xff", b"x"):
        lost(where, write(data[:start] + byte * (end - start) + data[end:], where, "case"), f"cpio: {byte} in place of a member", "before finding valid header")
    sh(where, f"debugfs -w -R 'set_inode_field {CRC7} mode 0' r.img 2>/dev/null")
    lost(where, "r.img", "ext: a name of a free inode", "is free, but has a name")


def indexes(where):
    """Of the feed: verdicts are those of the package, which is whole; what the index lost is said."""
    index = read(where, "same", "Packages")

    def said(what, text, words):
        shutil.rmtree(os.path.join(where, "feed"), ignore_errors=True)
        os.mkdir(os.path.join(where, "feed"))
        for name in os.listdir(os.path.join(where, "same")):
            if name.endswith(".ipk"):
                shutil.copy(os.path.join(where, "same", name), os.path.join(where, "feed", name))
        write(text, where, "feed", "Packages")
        _, _, out = answer(where, "tree", "feed")
        texts = [one["text"] + str(one.get("expected")) + str(one.get("found")) for one in json.loads(out)["feeds"][0]["findings"]
                 if one["id"] == "feed-index"]
        if not tap.ok(any(words in one for one in texts) if words else not texts, f"Packages, {what}: {'said' if words else 'left alone'}"):
            tap.note(texts)
    row = index.index(b"Package: kmod-spare")
    said("whole", index, None)
    said("cut in a line", index[:-30], "cannot be read")
    said("cut behind Filename", index[:index.index(b"Size: ", index.index(b"Filename", row))], "cannot be read")
    said("another name", index.replace(b"Package: kmod-spare", b"Package: kmod-spar"), "under another name")
    said("no version", index[:row] + index[row:].replace(b"Version: 6.6.86-r1\n", b"", 1), "version of kmod-spare differs")
    said("other dependencies", index[:row] + index[row:].replace(b"Depends: ", b"Depends: kmod-x, ", 1), "dependencies of kmod-spare differ")
    said("dependencies in another order", index.replace(b"Depends: kernel", b"Depends:  kernel"), None)


def modules(where):
    """Symbols that the loader would not find; a database of apk with a value that is none."""
    module = read(where, "tree", CRC7)
    start, size = next((a, b - a) for a, b, name in structures.elf(module) if name == "section .symtab")
    for byte, words in ((b"\0", "has no name"), (b"\xff", "does not exist")):
        ran = tap.kmodaudit("facts", write(module[:start + 16] + byte * (size - 16) + module[start + size:], where, "bad.ko"))
        tap.ok(words in ran.err + ran.out, f"a table of symbols of {byte}: {words}")
    package = {"name": "kmod-spare", "version": "6.6.86-r1", "arch": "mips_24kc", "depends": ["kernel=6.6.86~e9d2feb381d41d091485514b91f90092-r1"]}
    index = adb.make_index([(package, adb.make_package(package, {"etc/x": b"x"}))], packing="raw")
    ran = tap.kmodaudit("facts", write(index[:0x80] + index[0x81:], where, "packages.adb"))
    tap.ok(ran.status == 3 and "data corrupted" in ran.err, f"an apk database with a byte removed: {ran.err.strip()[-60:]}")


with tap.Scratch() as here:
    story = boxes.STORY.replace("wrapped directory raw none", "wrapped directory elf none").replace(
        "image tree", "\tmodule spare\n\t\timports printk\n\tpackage kmod-spare\n\t\tcontains spare\n\t\tdepends kmod-dummy\nimage tree")
    write((story + FEED).encode(), here, "story.world")
    tap.world(os.path.join(here, "story.world"), here)
    for part in (trees, names, containers, indexes, modules):
        part(here)
tap.done()
