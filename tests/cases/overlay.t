#!/usr/bin/python3
"""What a device wrote is merged over the root file system of its image: packages that were added, changed or removed there count,
and an overlay that cannot be merged with certainty proves nothing."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402

OLD = boxes.STORY.replace("release 6.6.86", "release 3.10.49").replace("vermagic 6.6.86", "vermagic 3.10.49")
IMAGE = """
image dev.bin from base
	wrapped uimage lzma
	installed kmod-dummy kmod-lib-crc7
feed f from base
	holds kmod-dummy kmod-lib-crc7
"""
RELEASE, BLOCK = "6.6.86", 65536
ROW = "Package: {}\nVersion: {}\nStatus: install user installed\nArchitecture: mips_24kc\n{}\n"
KERNEL = "kernel (=6.6.86~e9d2feb381d41d091485514b91f90092-r1)"


def put(where, path, text=""):
    full = os.path.join(where, "t", path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="ascii") as file:
        file.write(text)


def node(path, what="c", numbers="0 0"):
    """A line of the device tables of mkfs.jffs2 and mkfs.ubifs."""
    return f"/{path} {what} 600 0 0 {numbers} 0 0 -\n"


def device_table(where, table):
    boxes.write(table.encode(), where, "table")
    return "-D table" if table else ""


def jffs2(where, table="", order="-b"):
    boxes.sh(where, f"mkfs.jffs2 -r t {device_table(where, table)} -o over -e 64KiB -p -q {order}")
    return boxes.read(where, "over")


def ubifs(where, table=""):
    boxes.sh(where, f"mkfs.ubifs -r t {device_table(where, table)} -m 2048 -e 126976 -c 100 -o over.ubifs")
    boxes.write(boxes.VOLUME.format(name="rootfs_data", image="over.ubifs", id=0, type="dynamic", more="vol_size=4MiB").encode(),
                where, "ubi.cfg")
    boxes.sh(where, "ubinize -Q 1 -p 131072 -m 2048 -o over.ubi ubi.cfg")
    return boxes.read(where, "over.ubi")


def fresh(where):
    shutil.rmtree(os.path.join(where, "t"), ignore_errors=True)
    os.makedirs(os.path.join(where, "t", "upper"))
    os.makedirs(os.path.join(where, "t", "work"))


def judge(where, over, name="flash.bin"):
    image = boxes.pad(boxes.read(where, "dev.bin"), BLOCK)
    boxes.write(image + over, where, name)
    report = tap.audit(name, "f", cwd=where)
    return report.report()


def verdict(report):
    return {package["name"]: package["verdict"] for package in report["packages"]}


def said(report, rule):
    return any(finding["id"] == rule for finding in report["image"]["findings"])


BOTH = {"kmod-dummy": "installed", "kmod-lib-crc7": "installed"}
NEITHER = {"kmod-dummy": "unproven", "kmod-lib-crc7": "unproven"}


def removed_rows():
    return (ROW.format("kernel", "6.6.86~e9d2feb381d41d091485514b91f90092-r1", "") +
            ROW.format("kmod-lib-crc7", "6.6.86-r1", f"Depends: {KERNEL}\n"))


def test_nothing(where):
    tap.equal(verdict(judge(where, b"")), BOTH, "control: the image alone")
    fresh(where)
    put(where, "upper/etc/config/network", "config interface\n")
    report = judge(where, jffs2(where))
    tap.equal(verdict(report), BOTH, "an overlay that changes no module and no package")
    tap.ok(not said(report, "image-unread"), "and nothing was left unread")


def test_removed(where):
    module = f"upper/lib/modules/{RELEASE}/dummy.ko"
    for order in ("-b", "-l"):
        fresh(where)
        put(where, "upper/usr/lib/opkg/status", removed_rows())
        os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
        report = judge(where, jffs2(where, node(module), order))
        tap.equal(verdict(report)["kmod-dummy"], "safe", f"{order}: a module and its row are gone: not installed any more")
        tap.equal(verdict(report)["kmod-lib-crc7"], "installed", f"{order}: the other one is there as before")
        tap.ok(said(report, "image-remark"), f"{order}: the overlay is named")
    fresh(where)
    os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
    tap.equal(verdict(judge(where, jffs2(where, node(module))))["kmod-dummy"] in ("unproven", "safe"), True,
              "a module is gone, its row is not: not installed")
    fresh(where)
    os.makedirs(os.path.join(where, "t/upper/lib"))
    report = judge(where, jffs2(where, node("upper/lib/modules")))
    tap.equal(report["image"]["modules"], 0, "a directory is gone with all in it")
    fresh(where)
    os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
    report = judge(where, jffs2(where, node(module, numbers="5 1")))
    tap.equal(report["image"]["modules"], 1, "another device in the place of a module hides it")


def test_opaque(where):
    """A directory that was removed and made again hides the files of the one below. mkfs.ubifs writes no attributes."""
    fresh(where)
    path = os.path.join(where, "t/upper/lib/modules")
    os.makedirs(path)
    try:
        os.setxattr(path, "trusted.overlay.opaque", b"y")
    except OSError as error:
        tap.skip("opaque directories", f"trusted attributes cannot be set here: {error.strerror}")
        return
    report = judge(where, jffs2(where, order="-b --with-xattr"))
    tap.equal(report["image"]["modules"], 0, "jffs2: an opaque directory hides all modules below")
    os.setxattr(path, "trusted.overlay.opaque", b"x")
    os.setxattr(path, "trusted.overlay.redirect", b"/lib/old")
    report = judge(where, jffs2(where, order="-l --with-xattr"))
    tap.ok(said(report, "image-unread"), "a directory that was moved is not followed")
    tap.equal(verdict(report), NEITHER, "and nothing is known")


def test_links(where):
    fresh(where)
    os.makedirs(os.path.join(where, "t/upper/usr/lib/opkg"))
    os.symlink("/tmp/status", os.path.join(where, "t/upper/usr/lib/opkg/status"))
    report = judge(where, jffs2(where))
    tap.equal(verdict(report), NEITHER, "a link in the place of the database: where it leads is not known")
    tap.ok(said(report, "image-unread"), "which is said")


def test_flat(where):
    """Before Linux 3.18 the whole file system is the upper one; afterwards this cannot be told."""
    module = f"lib/modules/{RELEASE}/dummy.ko"
    shutil.rmtree(os.path.join(where, "t"), ignore_errors=True)
    put(where, "etc/uci", "x")
    os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
    report = judge(where, jffs2(where, node(module)))
    tap.equal(verdict(report), NEITHER, "no upper/, a kernel that wants one: nothing is known")
    tap.ok(said(report, "image-unread"), "which is said")
    shutil.rmtree(os.path.join(where, "t"))
    put(where, "boot.cfg", "x")
    tap.equal(verdict(judge(where, jffs2(where))), BOTH, "control: a file system with other things only")


def test_old(where):
    module = "lib/modules/3.10.49/dummy.ko"
    shutil.rmtree(os.path.join(where, "t"), ignore_errors=True)
    os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
    os.symlink("(overlay-whiteout)", os.path.join(where, "t", module))
    report = judge(where, jffs2(where))
    tap.equal(report["image"]["modules"], 1, "3.10: a link to (overlay-whiteout) takes the module away")
    tap.ok(not said(report, "image-unread"), "and nothing was left unread")
    shutil.rmtree(os.path.join(where, "t"))
    put(where, "META_dAfFgHE39ktF3HD2sr/META_dAfFgHE39ktF3HD2sr", "D lib\n")
    report = judge(where, jffs2(where))
    tap.equal(verdict(report), NEITHER, "mini_fo: what it changed is not known")


def test_broken(where):
    fresh(where)
    put(where, "upper/usr/lib/opkg/status", removed_rows())
    over = bytearray(jffs2(where))
    over[0x3c] ^= 1
    report = judge(where, bytes(over))
    tap.equal(verdict(report), NEITHER, "a damaged overlay: nothing is known")
    tap.ok(said(report, "image-unread"), "which is said")
    good = jffs2(where)
    end = good.rstrip(b"\xff")
    report = judge(where, end[:-8])
    tap.equal(verdict(report), NEITHER, "a truncated overlay: nothing is known")
    other = boxes.pad(good, BLOCK) + boxes.pad(b"\x55" * 64, BLOCK) + good
    report = judge(where, other)
    tap.ok("installed" not in verdict(report).values(), "two overlays: which of them counts is not known")


def test_ubifs(where):
    module = f"upper/lib/modules/{RELEASE}/dummy.ko"
    fresh(where)
    put(where, "upper/usr/lib/opkg/status", removed_rows())
    os.makedirs(os.path.join(where, "t", os.path.dirname(module)))
    report = judge(where, boxes.pad(b"", 131072) + ubifs(where, node(module)))
    tap.equal(verdict(report)["kmod-dummy"], "safe", "ubifs: a module and its row are gone")
    tap.equal(verdict(report)["kmod-lib-crc7"], "installed", "ubifs: the other one is there as before")
    fresh(where)
    tap.equal(verdict(judge(where, ubifs(where))), BOTH, "ubifs: an overlay without anything in it")


with tap.Scratch() as scratch:
    for name, text in (("new", boxes.STORY), ("old", OLD)):
        story = os.path.join(scratch, name + ".world")
        boxes.write((text + IMAGE).encode(), story)
        os.makedirs(os.path.join(scratch, name))
        tap.world(story, os.path.join(scratch, name))
    new, old = os.path.join(scratch, "new"), os.path.join(scratch, "old")
    for test in (test_nothing, test_removed, test_opaque, test_links, test_flat, test_broken, test_ubifs):
        test(new)
    test_old(old)
tap.done()
