#!/usr/bin/python3
"""One root file system and one kernel, packed by the real tools into every container that OpenWrt ships, give the same facts in
all of them. The table at the end shows what was read from each."""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import boxes  # noqa: E402
import tap  # noqa: E402
from boxes import pad, read, sh, write  # noqa: E402

rows = [["container", "compression", "kernel", "modules", "packages", "KiB"]]


def facts(path):
    """The facts that do not depend on the container."""
    ran = tap.kmodaudit("facts", path)
    if ran.status:
        return None, ran.err.strip()

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items()
                    if not key.endswith("_witness") and key not in ("source", "sha256", "layout", "remarks")}
        return value
    return bare(ran.report()), ran.out


def same(path, wanted, box, compression):
    got, why = facts(path)
    good = tap.ok(got is not None and got == wanted, f"{box}, {compression}: the same facts")
    if not good:
        tap.note(why if got is None else f"{got}\nwanted {wanted}")
    kernel = got and got.get("kernel") or {}
    rows.append([box, compression, f"{kernel.get('release')}, {(kernel.get('exports') or {}).get('count')} exports" if got else "-",
                 got and got.get("modules"), got and got.get("packages"), os.path.getsize(path) // 1024])


def fits(where, wanted):
    squash = pad(read(where, "root.squashfs"), 4096)
    cases = {
        "fit, embedded, root as image": boxes.fit(where, "a.itb", root="root.squashfs"),
        "fit, external, root as image": boxes.fit(where, "b.itb", "-E", root="root.squashfs"),
        "fit, external -B 0x1000": boxes.fit(where, "c.itb", "-E -B 0x1000", root="root.squashfs"),
        "fit, data-position": boxes.fit(where, "d.itb", "-E -p 0x2000", root="root.squashfs"),
        "fit, squashfs behind": pad(boxes.fit(where, "e.itb"), 65536) + squash,
        "fit, external, squashfs behind": pad(boxes.fit(where, "f.itb", "-E"), 65536) + squash,
    }
    for box, data in cases.items():
        same(write(data, where, "case"), wanted, box, "lzma kernel")
    for method, name in (("gzip", "gz"), ("none", "none")):
        data = boxes.fit(where, "g.itb", "-E", root="root.squashfs", kernel=f"kernel.{name}", method=method)
        same(write(data, where, "case"), wanted, "fit, external, root as image", f"{method} kernel")


def ubis(where, wanted):
    kernel = [("kernel", "kernel.uimage", "static")]
    for i, line in enumerate(boxes.ROOTS["squashfs"]):
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        kind = ("static", "dynamic")[i % 2]
        boxes.ubi(where, "case", kernel + [("rootfs", "r.img", kind)])
        same(os.path.join(where, "case"), wanted, f"ubi, {kind} volume, squashfs", line.split()[4])
    for line in boxes.ROOTS["ubifs"]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        boxes.ubi(where, "case", [("kernel", "kernel.uimage", "dynamic"), ("rootfs", "r.img", "dynamic")])
        same(os.path.join(where, "case"), wanted, "ubi, ubifs", line.split()[10])
    boxes.fit(where, "fit.itb", "-E", root="root.squashfs")
    boxes.ubi(where, "case", [("fit", "fit.itb", "static")])
    same(os.path.join(where, "case"), wanted, "ubi, fit volume", "xz")
    sh(where, "rm -f r.img; " + boxes.ROOTS["squashfs"][1].format(out="r.img"))
    image = boxes.ubi(where, "ubi", kernel + [("rootfs", "r.img", "dynamic")])
    peb = 131072
    same(write(image[:2 * peb] + b"\xff" * peb + b"\0" * peb + image[2 * peb:], where, "case"), wanted,
         "ubi, bad blocks between", "xz")
    same(write(image[:peb] + b"\xff" * peb + image[peb:], where, "case"), wanted, "ubi, the second block is bad", "xz")
    same(write(image[:peb] + b"\xff" * 2 * peb + image[peb:], where, "case"), wanted, "ubi, the next two blocks are bad", "xz")
    blocks = [image[at:at + peb] for at in range(0, len(image), peb)]
    same(write(b"".join(reversed(blocks)), where, "case"), wanted, "ubi, blocks in another order", "xz")
    same(write(pad(read(where, "kernel.uimage"), peb) + image, where, "case"), wanted, "kernel, then ubi", "xz")
    old = [boxes.leb_again(image, peb, n, 0xff, 0) for n in (3, )]
    young = [b[:2048] + b[2048:] for b in blocks]
    young[3] = boxes.leb_again(image, peb, 3, 0, 99)
    same(write(b"".join(old[:0] + young + old), where, "case"), wanted, "ubi, two of one block: the younger counts", "xz")
    small = boxes.ubi(where, "case", kernel + [("rootfs", "r.img", "dynamic")], "-p 16384 -m 512 -s 512")
    same(write(small, where, "case"), wanted, "ubi, 16 KiB blocks", "xz")


def flashes(where, wanted):
    for kind in ("squashfs", "jffs2", "cramfs"):
        for line in boxes.ROOTS[kind]:
            sh(where, "rm -f r.img; " + line.format(out="r.img"))
            data = pad(read(where, "kernel.uimage"), 65536) + read(where, "r.img")
            words = line.split()
            label = words[4] if kind == "squashfs" else " ".join(words[1:-2] if kind == "cramfs" else words[6:-2])
            same(write(data, where, "case"), wanted, f"flash, {kind}", label)
    for order in "<>":
        data = pad(read(where, "kernel.uimage"), 65536) + boxes.jffs2_lzma(os.path.join(where, "root"), order)
        same(write(data, where, "case"), wanted, "flash, jffs2", "lzma, " + ("little" if order == "<" else "big"))


def board_boxes(where, wanted):
    for box, data in boxes.boards(read(where, "kernel.uimage"), read(where, "root.squashfs")).items():
        same(write(data, where, "case"), wanted, box, "lzma, xz")
    for offset, magic, what in boxes.FOREIGN:
        data = bytearray(1 << 18)
        data[offset:offset + len(magic)] = magic
        ran = tap.kmodaudit("facts", write(bytes(data), where, "case"))
        tap.ok(ran.status == 3 and what in ran.err and "0x0" in ran.err and ("not supported" in ran.err or "cannot be read" in ran.err), f"{what}: unsupported, by name")
        tap.note(ran.err.strip())


def disks(where, wanted):
    root = read(where, "root.squashfs")
    boot = os.path.join(where, "bootdir")
    os.makedirs(os.path.join(boot, "boot/grub"), exist_ok=True)
    shutil.copy(os.path.join(where, "kernel.none"), os.path.join(boot, "boot/vmlinuz"))
    write(b"linux /boot/vmlinuz\n", boot, "boot/grub/grub.cfg")
    sh(where, "rm -f boot.ext; mke2fs -q -t ext4 -O ^has_journal -d bootdir boot.ext 16M")
    ext, vfat = read(where, "boot.ext"), boxes.fat(where, "boot.fat", {"boot/vmlinuz": "kernel.none"})
    first, count, second = 512, 32768, 33792
    for line in boxes.ROOTS["ext4"]:
        sh(where, "rm -f r.img; " + line.format(out="r.img"))
        same(boxes.disk(where, "case", "mbr", [("83", first, count, ext), ("83", second, 32768, read(where, "r.img"))]), wanted,
             "mbr, kernel in ext4, root in ext", " ".join(line.split()[2:-4]))
    same(boxes.disk(where, "case", "mbr", [("83", first, count, ext), ("83", second, 8192, root)]), wanted,
         "mbr, kernel in ext4, squashfs", "xz")
    zipped = write(gzip.compress(read(where, "case"), 1, mtime=0) + b"\0" * 100, where, "case.gz")
    same(zipped, wanted, "gzip, mbr, kernel in ext4, squashfs", "xz")
    same(boxes.disk(where, "case", "gpt", [("ef00", first, count, vfat), ("8300", second, 8192, root),
                                           ("ef02", 34, 400, b"\x90" * 4096)]), wanted, "gpt, kernel in fat, squashfs, bios boot", "xz")
    same(write(boxes.gpt_large([(256, vfat), (12288, root)]), where, "case"), wanted, "gpt, sectors of 4096 bytes", "xz")
    for bits, size in ((12, 3), (16, 16), (32, 40)):
        vfat = boxes.fat(where, "boot.fat", {"kernel8.img": "kernel.gz", "overlays/some long name.dtbo": "board.dtb",
                                             "config.txt": "board.dts"}, size, bits)
        same(boxes.disk(where, "case", "mbr", [("c", 8192, size * 2048, vfat), ("83", 8192 + size * 2048, 8192, root)], 128 << 20),
             wanted, f"mbr, kernel in fat{bits}, squashfs", "gzip kernel")
    part = [("83", first, count, ext), ("83", second, (1 << 21) - second - 2048, root)]
    same(boxes.disk(where, "case", "mbr", part, 1 << 30), wanted, "mbr, 1 GiB, sparse", "xz")
    os.unlink(os.path.join(where, "case"))


FREEBSD_UFS = "516E7CB6-6ECF-11D6-8FF8-00022D09712B"
FREEBSD_BOOT = "83BD6B9D-7F41-11DC-BE0B-001560B84F0F"


def bsds(where, wanted):
    """UFS and CD images by the real tools, alone and on disks with the partition tables of FreeBSD."""
    sh(where, "rm -rf bsd && cp -a root bsd && mkdir -p bsd/boot && cp kernel.none bsd/boot/vmlinuz")
    for kind in ("ufs", "iso"):
        for line in boxes.ROOTS[kind]:
            sh(where, "rm -f case; " + line.format(out="case", root="bsd"))
            same(os.path.join(where, "case"), wanted, kind, " ".join(line.split()[2:-2]))
    iso = bytearray(read(where, "case"))
    iso[446:462], iso[510:512] = b"\x80\0\1\0\xee\0\0\0\1\0\0\0\xff\xff\0\0", b"\x55\xaa"
    same(write(bytes(iso), where, "case"), wanted, "iso, with a boot sector and its table", "-")
    sh(where, "rm -f r.ufs; " + boxes.ROOTS["ufs"][2].format(out="r.ufs", root="bsd"))
    ufs = read(where, "r.ufs")
    sectors = len(ufs) // 512
    efi = boxes.fat(where, "efi.fat", {"efi/bootx64.efi": "board.dtb"}, 3, 12)
    same(boxes.disk(where, "case", "gpt", [(FREEBSD_BOOT, 40, 900, b"\x90" * 4096), ("ef00", 1024, 6144, efi),
                                           (FREEBSD_UFS, 8192, sectors, ufs)]), wanted, "gpt, efi, freebsd-ufs", "-")
    for order, base in (("<", 0), (">", 0), ("<", 2048)):
        slice_ = boxes.bsdlabel(bytes(16 * 512) + ufs + bytes(64 * 512), {"a": (16, sectors, 7), "b": (16 + sectors, 64, 1)}, order, base)
        same(write(slice_, where, "case"), wanted, f"bsd label {order}, partition a", "-")
        same(boxes.disk(where, "case", "mbr", [("a5", 2048, len(slice_) // 512, slice_)]), wanted, f"mbr, slice, bsd label {order}", "-")
    whole = boxes.bsdlabel(ufs, {"a": (0, sectors, 7)})
    same(write(whole, where, "case"), wanted, "bsd label, partition a begins with it", "-")
    same(write(boxes.bsdlabel(ufs, {"c": (0, sectors, 7)}), where, "case"), wanted, "bsd label, only partition c", "-")


# by make_world: the super block where FreeBSD writes it, and everywhere else where its kernel looks
MADE = ("ufs1", "ufs1be", "ufs2", "ufs2be", "ufs1@0", "ufs2@0", "ufs2@8192", "ufs2be@262144")


def made_ufs(where, wanted):
    story = "".join(f"image made.{how} from base\n\twrapped {how} raw none\n\tinstalled kmod-dummy kmod-lib-crc7\n" for how in MADE)
    write((boxes.STORY + story).encode(), where, "ufs.world")
    tap.world(os.path.join(where, "ufs.world"), where)
    for how in MADE:
        path = os.path.join(where, f"made.{how}")
        same(path, wanted, how, "by make_world")
        if "@" not in how:
            sleuth(where, path, how)


def sleuth(where, path, how):
    """sleuthkit reads the same files from it, but not the kernel: it fails at holes that indirect blocks name."""
    if not shutil.which("fls"):
        tap.skip(how, "sleuthkit is not installed: scripts/setup test")
        return
    listing = subprocess.run(["fls", "-f", "ufs", "-r", "-p", "-F", path], capture_output=True, check=True, text=True).stdout
    wrong, files = [], [line for line in listing.splitlines() if line.startswith("r/r") and "vmlinuz" not in line]
    for line in files:
        number, name = line[4:].split(":\t")
        got = subprocess.run(["icat", "-f", "ufs", path, number], capture_output=True, check=False).stdout
        if got != read(where, "tree", name):
            wrong.append(name)
    tap.ok(len(files) > 7 and not wrong, f"{how}: sleuthkit reads {len(files)} files alike {wrong}")


def sets(where, wanted):
    """Distribution sets of FreeBSD, by themselves and in a CD image, with right and wrong sums."""
    sh(where, "rm -rf dist disc && mkdir -p dist disc/usr && tar -C bsd -cJf dist/kernel.txz . && tar -C bsd -cJf dist/kernel-dbg.txz .")
    same(os.path.join(where, "dist", "kernel.txz"), wanted, "kernel.txz", "-")
    same(os.path.join(where, "dist"), wanted, "directory with kernel.txz", "-")
    manifest = '{"name":"FreeBSD-kernel-generic","version":"15.0","abi":"FreeBSD:15:amd64","arch":"freebsd:15:x86:64"}'
    write(manifest.encode(), where, "+MANIFEST")
    pkg = "FreeBSD-kernel-generic-15.0.pkg"
    sh(where, f"mkdir -p pkgs && bsdtar --zstd -P -s ',^bsd/,/,' -cf pkgs/{pkg} +MANIFEST bsd/boot bsd/lib bsd/usr bsd/etc")
    same(os.path.join(where, "pkgs"), wanted, "directory with a package with a kernel", "zstd")
    row = "\t12\tkernel\t\"Kernel (required)\"\ton\n"
    sum_ = hashlib.sha256(read(where, "dist/kernel.txz")).hexdigest()
    for said, what in ((sum_, "right"), ("0" * 64, "wrong"), (None, "no")):
        write((f"kernel.txz\t{said}{row}" if said else f"base.txz\t{sum_}{row}").encode(), where, "dist/MANIFEST")
        sh(where, "rm -rf disc/usr/freebsd-dist case; cp -r dist disc/usr/freebsd-dist && makefs -t cd9660 -o rockridge case disc")
        for path in ("dist", "case"):
            ran = tap.kmodaudit("facts", os.path.join(where, path))
            if said == sum_:
                same(os.path.join(where, path), wanted, f"{path}, MANIFEST with the right sum", "-")
            elif said:
                unread = ran.report().get("unread", [""])[0]
                tap.ok(ran.status == 0 and "kernel.txz: its sha256 is" in unread and "MANIFEST states 0000" in unread, f"{path}: {what} sum")
            else:
                tap.ok(ran.status == 0 and "no sum of" in ran.out + ran.err, f"{path}: {what} sum is a remark")


def plain(where, wanted):
    sh(where, "mkdir -p sys/sysupgrade-board && cp kernel.uimage sys/sysupgrade-board/kernel && "
       "cp root.squashfs sys/sysupgrade-board/root && tar -C sys -cf case sysupgrade-board")
    same(os.path.join(where, "case"), wanted, "sysupgrade tar", "none")
    for tool, name in (("gzip -9n", "gzip"), ("xz", "xz"), ("bzip2", "bzip2"), ("zstd -q", "zstd")):
        sh(where, f"{tool} -c < case > case.packed")
        same(os.path.join(where, "case.packed"), wanted, "sysupgrade tar", name)
    sh(where, "rm -f case.zip && cp case firmware.bin && zip -q case.zip firmware.bin")
    same(os.path.join(where, "case.zip"), wanted, "sysupgrade tar", "zip")
    sh(where, "mkdir -p both && cp -r root/. both/ && mkdir -p both/boot && cp kernel.none both/boot/vmlinuz")
    for tool, name in (("cat", "none"), ("gzip -9n", "gzip"), ("xz", "xz"), ("zstd -q", "zstd")):
        sh(where, f"tar -C both -cf - . | {tool} > case")
        same(os.path.join(where, "case"), wanted, "rootfs.tar", name)
        sh(where, f"cd both && find . | sort | cpio -o -H newc --quiet | {tool} > ../case")
        same(os.path.join(where, "case"), wanted, "cpio", name)


def several(where, _wanted):
    """Of two kernels or root file systems the first is read, unless another is selected."""
    sh(where, "sed -e 's/6\\.6\\.86/6.6.99/g' -e 's/^image tree/image tree2/' -e 's/kmod-lib-crc7$//' story.world > other.world")
    tap.world(os.path.join(where, "other.world"), os.path.join(where, "second"))
    sh(where, "cp -r second/tree2 root2 && mv root2/boot/vmlinuz kernel2.none && lzma -c < kernel2.none > kernel2.lzma && "
       "mksquashfs root2 root2.squashfs -comp xz -noappend -quiet -all-root && mkimage -A mips -O linux -T kernel -C lzma "
       "-a 0x80060000 -e 0x80060000 -n two -d kernel2.lzma kernel2.uimage")
    first, second = ([read(where, f"kernel{n}.uimage"), read(where, f"root{n}.squashfs")] for n in ("", "2"))
    flash = b"".join(pad(part, 65536) for part in first + second)
    boxes.its(where, root="root.squashfs", extra='kernel-2 { data = /incbin/("kernel2.lzma"); type = "kernel"; arch = "mips"; '
              'os = "linux"; compression = "lzma"; load = <0x80060000>; entry = <0x80060000>; }; rootfs-2 { data = '
              '/incbin/("root2.squashfs"); type = "filesystem"; arch = "mips"; os = "linux"; compression = "none"; };')
    sh(where, "mkimage -f image.its -E two.itb")
    boxes.ubi(where, "two.ubi", [("kernel", "kernel.uimage", "static"), ("rootfs", "root.squashfs", "dynamic"),
                                 ("kernel_1", "kernel2.uimage", "static"), ("rootfs_1", "root2.squashfs", "dynamic")])
    for box, path in (("flash", write(flash, where, "two.bin")), ("fit", os.path.join(where, "two.itb")),
                      ("ubi", os.path.join(where, "two.ubi"))):
        for options, release, packages in (((), "6.6.86", 3), (("--image-part", 1), "6.6.86", 3), (("--image-part", 2), "6.6.99", 2)):
            ran = tap.kmodaudit("facts", *options, path)
            got = ran.report() or {}
            kernel = got.get("kernel", {})
            good = kernel.get("release") == release and got.get("packages") == packages
            good = good and release in kernel["vermagic"] and "2 kernels" in ran.out and "--image-part" in ran.out
            if not tap.ok(good, f"two of each in {box}, {options}: {release}"):
                tap.note(ran.err + ran.out)
        ran = tap.kmodaudit("facts", "--image-part", 3, path)
        tap.ok(ran.status == 3 and "part 3" in ran.err, f"two of each in {box}: no third")


CONFIG = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/mips 6.6.86 Kernel Configuration\n#\nCONFIG_NET=y\nCONFIG_DUMMY=m\n"


def trees(where, wanted):
    """SDK, ImageBuilder and the build that they come from, by their layout."""
    top = os.path.join(where, "sdk", "openwrt-sdk-23.05.5-ath79")
    target = os.path.join(top, "build_dir/target-mips_24kc_musl")
    linux = os.path.join(target, "linux-ath79_generic/linux-6.6.86")
    stories = "feed feed from base\n\tholds kmod-dummy kmod-lib-crc7\n\tindex\nsymvers Module.symvers from base\n"
    write((boxes.STORY + stories).encode(), where, "sdk.world")
    tap.world(os.path.join(where, "sdk.world"), os.path.join(where, "made"))
    sh(where, f"mkdir -p {linux}/drivers/net {linux}/lib {top}/staging_dir/host/bin {top}/packages {target}/busybox/ipkg/lib/modules/1 && "
       f"cp root/lib/modules/6.6.86/dummy.ko {linux}/drivers/net/ && cp root/lib/modules/6.6.86/crc7.ko {linux}/lib/ && "
       f"cp made/Module.symvers {linux}/ && cp -r made/feed/. {top}/packages/ && cp {linux}/lib/crc7.ko {target}/busybox/ipkg/lib/modules/1/")
    write(CONFIG.encode(), linux, ".config")
    sh(where, "tar -C sdk -cJf sdk.tar.xz . && tar -C sdk -cf - . | zstd -q > sdk.tar.zst")
    for path in (top, os.path.join(where, "sdk.tar.xz"), os.path.join(where, "sdk.tar.zst")):
        got, out = facts(path)
        good = got and got["modules"] == 2 and got["kernel"]["exports"]["count"] == wanted["kernel"]["exports"]["count"]
        good = good and got["kernel"]["vermagic"] == wanted["kernel"]["vermagic"] and "linux-6.6.86/.config" in out
        if not tap.ok(good, f"sdk, {os.path.basename(path)}: modules, config and exports"):
            tap.note(out)
        rows.append(["sdk", os.path.basename(path), "config, exports" if good else "-", got and got["modules"], got and got["packages"], 0])
    shutil.copy(os.path.join(where, "kernel.none"), os.path.join(target, "linux-ath79_generic/vmlinux"))
    sh(where, f"cp -r root {target}/root-ath79")
    got, out = facts(top)
    if not tap.ok(got and {**got["kernel"], "config": None} == wanted["kernel"] and got["packages"] == 3, "build tree: as the image"):
        tap.note(out)
    ran = tap.audit(write(read(where, "root.squashfs"), where, "case"), top)
    names = {package["name"] for package in (ran.report() or {}).get("packages", [])}
    if not tap.ok({"kmod-dummy", "kmod-lib-crc7"} <= names, "sdk as a feed: its packages"):
        tap.note(f"{names} {ran.err}")


def prepare(where):
    boxes.prepare(where)
    wanted, why = facts(os.path.join(where, "tree"))
    tap.ok(wanted and wanted["kernel"]["exports"]["count"] > 400 and wanted["modules"] == 2, "the directory has facts")
    tap.note(wanted or why)
    return wanted


with tap.Scratch() as scratch:
    all_same = prepare(scratch)
    for section in (plain, fits, ubis, flashes, board_boxes, disks, bsds, made_ufs, sets, several, trees):
        if section in (bsds, sets) and not shutil.which("makefs", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            tap.skip(section.__name__, "makefs is not installed: scripts/setup test")
        elif len(sys.argv) == 1 or section.__name__ in sys.argv[1:]:
            section(scratch, all_same)
tap.table(rows)
tap.done()
