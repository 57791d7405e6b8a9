#!/usr/bin/python3
"""Containers that are cut short, or changed in important fields: the error names the container and the place in it, and the rest
never counts as the whole. The fuzz targets of the containers read the same files."""

import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import pad, read, sh, write  # noqa: E402

rows = [["container", "damage", "status", "said"]]


def damaged(where, data, container, what, *words):
    """The answer is an error that names the CONTAINER and a place in it."""
    ran = tap.kmodaudit("facts", write(bytes(data), where, "case"))
    said = ran.err.strip().replace(os.path.join(where, "case"), "case")
    tap.ok(ran.status == 3 and container in said and "0x" in said and all(word in said for word in words), f"{container}: {what}")
    rows.append([container, what, ran.status, said[:150]])


def changed(data, at, byte=None):
    data = bytearray(data)
    data[at] = data[at] ^ 0xff if byte is None else byte
    return data


def ubi_damage(where):
    squash = "mksquashfs root r.img -comp xz -noappend -quiet -all-root"
    sh(where, "rm -f r.img; " + squash)
    image = boxes.ubi(where, "ubi", [("kernel", "kernel.uimage", "static"), ("rootfs", "r.img", "static")])
    peb, data = 131072, 4096
    write(image, where, "fuzz.ubi")
    damaged(where, changed(image, peb * 2 + 5), "ubi", "block header changed", "0x40000", "corrupted")
    damaged(where, changed(image, peb * 2 + 2048 + 9), "ubi", "volume header changed", "0x40000", "corrupted")
    damaged(where, changed(image, peb * 2 + data + 500), "ubi", "data of a static volume changed", "kernel", "0x41000")
    damaged(where, image[:len(image) - peb // 2], "ubi", "cut inside a block", "truncated")
    sh(where, "head -c 300000 /dev/urandom > root/etc/noise; rm -f r.img; " + squash + "; rm root/etc/noise")
    more = boxes.ubi(where, "ubi", [("kernel", "kernel.uimage", "static"), ("rootfs", "r.img", "static")])
    damaged(where, more[:peb * 4], "ubi", "cut behind a block of a static volume", "rootfs", "truncated")


def ubifs_damage(where):
    sh(where, boxes.ROOTS["ubifs"][1].format(out="r.ubifs"))
    image = read(where, "r.ubifs")
    write(image, where, "fuzz.ubifs")
    first = image.index(b"\x31\x18\x10\x06", 126976 * 8)
    while image[first + 20] != 1:
        first = image.index(b"\x31\x18\x10\x06", first + 4)
    damaged(where, changed(image, first + 60), "ubifs", "inside a compressed block", hex(first))
    damaged(where, changed(image, first), "ubifs", "magic of a node", hex(first))
    damaged(where, image[:first // 126976 * 126976], "ubifs", "cut before its data", "truncated")
    damaged(where, image[:first + 100], "ubifs", "cut inside a node")


def jffs2_damage(where):
    sh(where, "mkfs.jffs2 -r root -e 65536 -n -l -x lzo -o r.jffs2")
    image = read(where, "r.jffs2")
    write(image, where, "fuzz.jffs2")
    write(boxes.jffs2_lzma(os.path.join(where, "root"), ">"), where, "fuzz.big.jffs2")
    nodes = [at for at in range(0, len(image), 4) if image[at:at + 4] == b"\x85\x19\x02\xe0"]
    names = [at for at in range(0, len(image), 4) if image[at:at + 4] == b"\x85\x19\x01\xe0"]
    big = max(nodes, key=lambda at: struct.unpack_from("<I", image, at + 4))
    damaged(where, changed(image, big + 90), "jffs2", "inside a compressed block", hex(big))
    damaged(where, changed(image, big), "jffs2", "magic of a node", hex(big))
    damaged(where, changed(image, names[2] + 41), "jffs2", "a name", hex(names[2]))
    damaged(where, changed(image, names[2] + 8), "jffs2", "crc32 of a header", hex(names[2]))
    damaged(where, image[:nodes[-1] + 20], "jffs2", "cut inside a node", "truncated")


def cramfs_damage(where):
    for i, line in enumerate(boxes.ROOTS["cramfs"]):
        sh(where, line.format(out=f"fuzz.{i}.cramfs"))
        image = read(where, f"fuzz.{i}.cramfs")
        damaged(where, changed(image, len(image) // 2), "cramfs", f"a byte, {line}", "crc32 differs")
        damaged(where, image[:len(image) // 2], "cramfs", f"cut, {line}", "truncated")


def fit_damage(where):
    image = boxes.fit(where, "a.itb", "-E", root="root.squashfs")
    write(image, where, "fuzz.itb")
    end = struct.unpack_from(">I", image, 4)[0]
    damaged(where, changed(image, end + 200), "fit", "data of an image", "kernel-1", "corrupted")
    damaged(where, image[:len(image) - 100], "fit", "cut inside an image", "rootfs-1", "truncated")


def disk_damage(where):
    root = read(where, "root.squashfs")
    sh(where, "rm -f b.ext; mkdir -p boot/boot; cp kernel.none boot/boot/vmlinuz; mke2fs -q -t ext4 -b 1024 -d boot b.ext 8M")
    vfat = boxes.fat(where, "b.fat", {"vmlinuz": "kernel.none"}, 4, 12)
    write(vfat, where, "fuzz.fat")
    write(read(where, "b.ext"), where, "fuzz.ext")
    parts = [("8300", 2048, 16384, read(where, "b.ext")), ("8300", 20480, 4096, root)]
    image = read(boxes.disk(where, "d.img", "gpt", parts, 16 << 20))
    write(image[:12 << 20], where, "fuzz.disk")
    damaged(where, changed(image, 512 + 20), "gpt", "header changed", "crc32", "0x200")
    damaged(where, changed(image, 1024 + 33), "gpt", "table changed", "crc32", "0x400")
    damaged(where, image[:20480 * 512], "partition 2", "cut before the second partition")
    damaged(where, image[:20480 * 512 + 1000], "squashfs", "cut inside the root file system", "truncated")
    damaged(where, image[:2048 * 512 + 100000], "ext", "cut inside the boot file system")
    mbr = read(boxes.disk(where, "d.img", "mbr", [("c", 2048, 8192, vfat), ("83", 20480, 4096, root)], 16 << 20))
    table = 2048 * 512 + struct.unpack_from("<H", vfat, 14)[0] * 512
    damaged(where, changed(changed(mbr, table + 5, 0xf7), table + 6, 0x7f), "fat", "chain of clusters leads nowhere", "vmlinuz")


def board_damage(where):
    flash = pad(read(where, "kernel.uimage"), 65536) + pad(read(where, "root.squashfs"), 65536)
    for name, data in (("trx", boxes.trx([flash])), ("seama", boxes.seama(flash)), ("senao", boxes.senao(flash))):
        write(data, where, f"fuzz.{name}.boards")
        damaged(where, changed(data, len(data) // 2), name, "payload changed", "corrupted")
        damaged(where, data[:len(data) * 3 // 4], name, "truncated", "truncated" if name != "seama" else "")


def fuzz(where):
    folder = os.path.join(tap.BUILD, "fuzz")
    for target in ("fit", "ubi", "ubifs", "jffs2", "cramfs", "disk", "ext", "fat", "boards"):
        program = os.path.join(folder, f"fuzz_{target}")
        files = sorted(os.path.join(where, name) for name in os.listdir(where) if name.startswith("fuzz.") and
                       (name.endswith("." + target) or (target == "fit" and name.endswith(".itb"))))
        if not os.path.exists(program):
            tap.skip(f"fuzz_{target}", "not built: make fuzzers")
            continue
        try:
            ran = subprocess.run([program, "-d", "150", *files], capture_output=True, check=False, timeout=tap.PATIENCE)
            status, said = ran.returncode, (ran.stdout + ran.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired:
            status, said = -99, "no end"
        if not tap.ok(status == 0 and files, f"fuzz_{target}: {len(files)} files, each damaged 150 times"):
            tap.note(f"status {status}\n{said[-3000:]}")


with tap.Scratch() as scratch:
    boxes.prepare(scratch)
    for section in (ubi_damage, ubifs_damage, jffs2_damage, cramfs_damage, fit_damage, disk_damage, board_damage, fuzz):
        if len(sys.argv) == 1 or section.__name__ in sys.argv[1:]:
            section(scratch)
tap.table(rows)
tap.done()
