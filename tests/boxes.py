"""Packs one root file system and one kernel into every container, with the real tools, for tests/sweep/containers.t."""

import hashlib
import lzma
import os
import struct
import subprocess
import zlib

import tap

OLD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "squashfs_old.py")

STORY = """\
build base
	machine mips
	release 6.6.86
	abi e9d2feb381d41d091485514b91f90092
	vermagic 6.6.86 SMP mod_unload MIPS32_R2 32BIT
	this_module 384 212 348
	filler 400
	exports printk
	exports netif_rx reaches sk_buff net_device
	exports register_netdev reaches net_device
	module dummy
		imports printk register_netdev
	module crc7
		imports printk
		exports crc7_be
	package kmod-dummy
		contains dummy
	package kmod-lib-crc7
		contains crc7
		autoload 30 crc7
image tree from base
	wrapped directory raw none
	installed kmod-dummy kmod-lib-crc7
"""

# the file systems, by the tool that makes them
ROOTS = {
    "squashfs": [f"mksquashfs root {{out}} -comp {c} -noappend -quiet -all-root" for c in ("gzip", "xz", "lzo", "lz4", "zstd", "lzma")] + [
        f"/usr/bin/python3 '{OLD}' root {{out}} {how}" for how in ("major=2", "major=2,big=1,lzma=first", "major=3,lzma=bare,magic=shsq", "major=3,big=1")],
    "ubifs": [f"mkfs.ubifs -r root -m 2048 -e 126976 -c 200 -x {c} -o {{out}}" for c in ("none", "lzo", "zlib", "zstd")],
    "jffs2": [f"mkfs.jffs2 -r root -e 65536 -n -p {e} {c} -o {{out}}" for e, c in (
        ("-l", "-m none"), ("-b", "-m none"), ("-l", "-x lzo -x rtime"), ("-b", "-x lzo -x rtime"), ("-l", "-x lzo -x zlib"),
        ("-l", "-x rtime -x zlib -y 80:lzo"))],
    "cramfs": ["mkfs.cramfs -N little root {out}", "mkfs.cramfs -N big -z root {out}"],
    "ext4": ["mke2fs -q -t ext4 -d root {out} 8M", "mke2fs -q -t ext4 -O ^extents,^64bit -b 1024 -d root {out} 8M",
             "mke2fs -q -t ext2 -d root {out} 8M", "mke2fs -q -t ext4 -O inline_data -I 256 -d root {out} 8M"],
    "ufs": [f"makefs -t ffs -M 16m -B {order} -o version={version}{more} {{out}} {{root}}" for version, order, more in (
        (1, "le", ""), (1, "be", ""), (2, "le", ""), (2, "be", ""), (1, "be", ",bsize=4096,fsize=512"), (2, "le", ",bsize=4096,fsize=512"),
        (2, "be", ",bsize=32768,fsize=4096"), (2, "le", ",bsize=65536,fsize=65536"), (2, "le", ",bsize=4096,fsize=4096,density=512"))],
    "iso": ["makefs -t cd9660 -o rockridge {out} {root}"],
}


def sh(where, line):
    ran = subprocess.run(line, shell=True, cwd=where, capture_output=True, check=False, env={
        **os.environ, "LC_ALL": "C", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "MTOOLS_SKIP_CHECK": "1",
        "SOURCE_DATE_EPOCH": "0"})
    if ran.returncode:
        raise RuntimeError(f"{line}: {ran.stdout.decode(errors='replace')}{ran.stderr.decode(errors='replace')}")


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def write(data, *path):
    with open(os.path.join(*path), "wb") as file:
        file.write(data)
    return os.path.join(*path)


def pad(data, to, byte=b"\xff"):
    return data + byte * (-len(data) % to)


def crc(data):
    """The CRC-32 of TRX, UBI and fwtool: not inverted at the end."""
    return zlib.crc32(data) ^ 0xffffffff


def prepare(where, story=STORY):
    """The kernel (kernel.*), the root file system (root/, root.squashfs), both as a directory (tree/)."""
    write(story.encode(), where, "story.world")
    tap.world(os.path.join(where, "story.world"), where)
    sh(where, "mkdir root && cp -r tree/. root/ && mv root/boot/vmlinuz kernel.none && rmdir root/boot && ln -s lib root/lib64")
    sh(where, "lzma -9 -c < kernel.none > kernel.lzma; gzip -9nc < kernel.none > kernel.gz")
    sh(where, "echo '/dts-v1/; / { model = \"board\"; };' > board.dts && dtc -q -o board.dtb board.dts")
    sh(where, "mkimage -A mips -O linux -T kernel -C lzma -a 0x80060000 -e 0x80060000 -n 'MIPS OpenWrt Linux-6.6.86' "
       "-d kernel.lzma kernel.uimage")
    sh(where, "mksquashfs root root.squashfs -comp xz -noappend -quiet -all-root")


# ---- FIT ----

def its(where, kernel="kernel.lzma", method="lzma", root=None, extra=""):
    image = '%s { data = /incbin/("%s"); type = "%s"; arch = "mips"; os = "linux"; compression = "%s"; %s hash-1 { algo = "%s"; }; };'
    load = "load = <0x80060000>; entry = <0x80060000>;"
    text = '/dts-v1/; / { description = "MIPS OpenWrt FIT"; #address-cells = <1>; images { '
    text += image % ("kernel-1", kernel, "kernel", method, load, "sha1")
    text += image % ("fdt-1", "board.dtb", "flat_dt", "none", "", "crc32")
    if root:
        text += image % ("rootfs-1", root, "filesystem", "none", "", "sha256")
    text += extra + ' }; configurations { default = "config-1"; config-1 { kernel = "kernel-1"; fdt = "fdt-1"; '
    text += ('loadables = "rootfs-1"; ' if root else "") + "}; }; };"
    write(text.encode(), where, "image.its")


def fit(where, out, options="", **more):
    its(where, **more)
    sh(where, f"mkimage -f image.its {options} {out}")
    return read(where, out)


# ---- UBI ----

VOLUME = "[{name}]\nmode=ubi\nimage={image}\nvol_id={id}\nvol_type={type}\nvol_name={name}\n{more}\n"


def ubi(where, out, volumes, options="-p 131072 -m 2048"):
    """VOLUMES: (name, file, type)."""
    text = "".join(VOLUME.format(name=name, image=image, id=i, type=kind, more="vol_size=4MiB" if kind == "dynamic" else "")
                   for i, (name, image, kind) in enumerate(volumes))
    text += f"[rootfs_data]\nmode=ubi\nvol_id={len(volumes)}\nvol_type=dynamic\nvol_name=rootfs_data\nvol_size=1MiB\nvol_flags=autoresize\n"
    write(text.encode(), where, "ubi.cfg")
    sh(where, f"ubinize -Q 1 {options} -o {out} ubi.cfg")
    return read(where, out)


def leb_again(image, peb, number, data_byte, sequence):
    """Appends a copy of block NUMBER with other data and another sequence number."""
    block = bytearray(image[number * peb:(number + 1) * peb])
    vid, data = struct.unpack_from(">II", block, 16)
    struct.pack_into(">Q", block, vid + 40, sequence)
    block[data] ^= data_byte
    struct.pack_into(">I", block, vid + 60, crc(bytes(block[vid:vid + 60])))
    return bytes(block)


# ---- disks ----

def disk(where, out, table, parts, size=64 << 20):
    """TABLE: mbr or gpt; PARTS: (type, first sector, sectors, bytes)."""
    path = os.path.join(where, out)
    with open(path, "wb") as file:
        file.truncate(size)
    if table == "mbr":
        lines = "".join(f"start={first}, size={count}, type={kind}\n" for kind, first, count, _ in parts)
        write(("label: dos\nlabel-id: 0x5452574f\n" + lines).encode(), where, "table")
        sh(where, f"sfdisk -q {out} < table")
    else:
        for i, (kind, first, count, _) in enumerate(parts):
            sh(where, f"sgdisk -a 1 -n {i + 1}:{first}:{first + count - 1} -t {i + 1}:{kind} {out}")
    with open(path, "r+b") as file:
        for _, first, _, data in parts:
            file.seek(first * 512)
            file.write(data)
    return path


def gpt_large(parts, size=64 << 20):
    """A disk with a GPT and sectors of 4096 bytes, which no tool makes in a file; PARTS: (first sector, bytes)."""
    out = bytearray(size)
    table, sectors = bytearray(128 * 128), size // 4096
    for i, (first, data) in enumerate(parts):
        out[first * 4096:first * 4096 + len(data)] = data
        table[i * 128:i * 128 + 48] = b"\xaf\x3d" * 8 + bytes([i + 1]) * 16 + struct.pack("<QQ", first, first + (len(data) + 4095) // 4096 - 1)
    head = bytearray(b"EFI PART" + struct.pack("<IIII4Q16xQIII", 0x10000, 92, 0, 0, 1, sectors - 1, 6, sectors - 6, 2, 128, 128, zlib.crc32(table)))
    struct.pack_into("<I", head, 16, zlib.crc32(head))
    out[4096:4096 + len(head)] = head
    out[8192:8192 + len(table)] = table
    out[446:462] = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xee, b"\xff" * 3, 1, sectors - 1)
    out[510:512] = b"\x55\xaa"
    return bytes(out)


def bsdlabel(data, parts, order="<", base=0, count=8):
    """DATA with a label in its second sector; PARTS: letter -> (first sector, sectors, type); BASE: where the slice begins, as old
    labels count."""
    entries = bytearray(16 * count)
    parts = {"c": (0, len(data) // 512, 0), **parts}
    for letter, (first, sectors, kind) in parts.items():
        struct.pack_into(order + "IIIBBH", entries, 16 * (ord(letter) - 97), sectors, first + base, 0, kind, 0, 0)
    head = bytearray(148)
    struct.pack_into(order + "IHH", head, 0, 0x82564557, 0, 0)
    struct.pack_into(order + "I", head, 40, 512)
    struct.pack_into(order + "IHHII", head, 132, 0x82564557, 0, count, 8192, 8192)
    total = 0
    for number in struct.unpack(f"{order}{(len(head) + len(entries)) // 2}H", bytes(head + entries)):
        total ^= number
    struct.pack_into(order + "H", head, 136, total)
    return data[:512] + bytes(head + entries) + data[512 + len(head + entries):]


def fat(where, out, files, megabytes=16, bits=16):
    """FILES: path in the image -> file; directories are made on the way."""
    sh(where, f"rm -f {out}; truncate -s {megabytes}M {out}; mkfs.vfat -F {bits} -n KERNEL {out}")
    for path, source in files.items():
        folder = os.path.dirname(path)
        if folder:
            sh(where, f"mmd -D s -i {out} ::{folder} || true")
        sh(where, f"mcopy -i {out} {source} '::{path}'")
    return read(where, out)


# ---- JFFS2 with lzma, as OpenWrt's patch has it: raw, lc 0, lp 0, pb 0, dictionary 8 KiB ----

def jffs2_lzma(root, order="<"):
    out, numbers = [], {root: 1}

    def node(kind, head, rest):
        start = struct.pack(order + "HHI", 0x1985, kind, 12 + len(head) + 8 + len(rest))
        head = start + struct.pack(order + "I", crc0(start)) + head
        out.append(pad(head + rest_crcs(head, rest, kind, order) + rest, 4))

    def rest_crcs(head, rest, _kind, order):
        if _kind == 0xe001:
            return struct.pack(order + "II", crc0(head), crc0(rest))
        return struct.pack(order + "II", crc0(rest), crc0(head))

    def file_nodes(number, mode, data, packed=True):
        for at in range(0, max(len(data), 1), 4096):
            piece = data[at:at + 4096]
            stored = lzma.compress(piece, lzma.FORMAT_RAW, filters=[
                {"id": lzma.FILTER_LZMA1, "lc": 0, "lp": 0, "pb": 0, "dict_size": 8192}]) if packed and piece else piece
            node(0xe002, struct.pack(order + "IIIHHIIIIIIIBBH", number, 1, mode, 0, 0, len(data), 0, 0, 0, at, len(stored),
                                     len(piece), 8 if packed and piece else 0, 0, 0), stored)

    for folder, names, files in os.walk(root):
        for name in sorted(names + files):
            path = os.path.join(folder, name)
            number = numbers[path] = len(numbers) + 1
            directory = os.path.isdir(path)
            node(0xe001, struct.pack(order + "IIIIBBH", numbers[folder], 1, number, 0, len(name), 4 if directory else 8, 0),
                 name.encode())
            file_nodes(number, 0o40755 if directory else 0o100644, b"" if directory else read(path))
    return pad(b"".join(out), 65536)


def crc0(data):
    """The CRC-32 of JFFS2: starts with 0, not inverted."""
    return zlib.crc32(data, 0xffffffff) ^ 0xffffffff


# ---- boards ----

def trx(parts, version=1):
    offsets, at = [], 28 if version == 1 else 32
    body = b""
    for part in parts:
        offsets.append(at + len(body))
        body += pad(part, 4096, b"\0")
    offsets += [0] * ((3 if version == 1 else 4) - len(offsets))
    tail = struct.pack("<HH", 0, version) + struct.pack(f"<{len(offsets)}I", *offsets) + body
    return b"HDR0" + struct.pack("<II", 12 + len(tail), crc(tail)) + tail


def seama(payload, meta=b"dev=/dev/mtdblock/2\0type=firmware\0\0\0"):
    entity = struct.pack(">IHHI", 0x5ea3a417, 0, len(meta), len(payload)) + hashlib.md5(payload).digest() + meta + payload
    return struct.pack(">IHHI", 0x5ea3a417, 0, 24, 0) + b"signature=wrgac00_board\0" + entity


def chk(kernel, root, board=b"U12H000T00_NETGEAR"):
    head = struct.pack(">4sI8sIIIIII", b"*#$^", 40 + len(board), b"\1" * 8, 1, 2, len(kernel), len(root), 3, 4)
    return head + board + kernel + root


def safeloader(kernel, root):
    parts = [("partition-table", 0, 0x800), ("os-image", 0x800, len(kernel)), ("file-system", 0x800 + len(kernel), len(root))]
    lines = b"".join(f"fwup-ptn {name} base 0x{at:05x} size 0x{size:05x}\t\r\n".encode() for name, at, size in parts)
    body = pad(b"fw-type:Cloud\0", 0x1000) + pad(lines, 0x800) + kernel + root
    return struct.pack(">I", 0x14 + len(body)) + hashlib.md5(body).digest() + body


def dni(payload):
    return pad(b"device:WNDR4300\nversion:V1.0.0.0\nregion:\n", 128, b"\0") + payload + b"\x5a"


def wrgg(payload):
    return struct.pack("<I", 0x20080321) + b"wrgac05_dlob.hans".ljust(28, b"\0") + b"DAP-1520".ljust(128, b"\0") + payload


def senao(payload, kind=2, key=0x12345678):
    head = bytearray(struct.pack(">III16sIII", 0, 0x101, 0x33, b"123", kind, len(payload), 0) + hashlib.md5(payload).digest())
    head += bytes(32) + struct.pack(">II", 0, key)
    if kind == 0:
        head += struct.pack(">10I", 0x616c6c00, 0, 3, 0, 1, 171101, 1, 8, 53, 9) + b"ENS620EXT"
    struct.pack_into(">I", head, 0x58, sum(head))
    return bytes(head) + bytes(byte ^ (key >> i % 8 & 0xff) for i, byte in enumerate(payload))


def ubnt(parts, signed=False):
    """PARTS: (name, data) of each."""
    head = struct.pack(">4s256s", b"UBNT", b"XM.ar7240.v5.6.3")
    out = head + struct.pack(">II", zlib.crc32(head), 0)
    for number, (name, data) in enumerate(parts):
        part = struct.pack(">4s16s12x6I", b"PART", name.encode(), 0x80041000, number, 0xbf030000, 0, len(data), len(pad(data, 65536))) + data
        out += part + struct.pack(">II", zlib.crc32(part), 0)
    return out + (b"ENDS" + bytes(range(256)) + bytes(4) if signed else struct.pack(">4sII", b"END.", zlib.crc32(out), 0))


def poray(payload, key="c83c3a93a295c363484558092011 08"):
    words = struct.unpack(f"<{len(payload) // 2}H", payload)
    fold = lambda value: (value + (value >> 16) + (0xffff0000 if value >> 31 else 0)) & 0xffffffff  # noqa: E731
    coded = payload + struct.pack("<H", ~fold((fold(sum(words) & 0xffffffff) + 0xffff) & 0xffffffff) & 0xffff)
    key = bytes.fromhex(key)
    return struct.pack("<III16x", 0x32473352, len(payload), 0x020e0000) + bytes(byte ^ key[i % 15] for i, byte in enumerate(coded))


def boards(kernel, root):
    """name -> image of every board container; KERNEL is a uImage."""
    flash = pad(kernel, 65536) + pad(root, 65536)
    return {
        "trx1": trx([kernel, root]), "trx2": trx([b"\0" * 4096, kernel, root], 2), "seama": seama(flash), "chk": chk(kernel, root),
        "safeloader": safeloader(kernel, root), "dni": dni(flash), "wrgg": wrgg(flash), "senao": senao(flash),
        "ubnt": ubnt([("kernel", kernel), ("rootfs", root), ("nvram", root[:4096])]), "ubnt, signed": ubnt([("kernel", flash)], True),
        "poray": poray(flash),
        "senao with capwap": senao(flash, 0), "a header of 256 bytes that nobody knows": bytes(range(256)) + flash,
    }


# formats that an error names: offset of the magic, the magic, the text of the error
FOREIGN = [
    (0, b"start\0", "buffalo-enc"), (0x9c, b"start\0O\0\0\0", "buffalo-enc"), (0xa0, b"start\0O\0\0\0", "buffalo-enc"),
    (0, b"SHRS", "dlink-sge-image"), (0, b"encrpted_img", "D-Link"), (0, b"Salted__", "openssl"),
    (0, b"KDMV", "vmdk"), (0x40, b"\x7f\x10\xda\xbe", "vdi"), (0, b"QFI\xfb", "qemu-img convert"), (0, b"conectix", "vhd"), (0x4014, b"\0\0\0\7version\0", "ZFS"),
    (0x400, b"\x10\x20\xf5\xf2", "f2fs"), (0, b"sqsh" + bytes(24) + b"\3\0", "squashfs"),
    (0, b"shsq" + bytes(24) + b"\3\0", "squashfs"),
    (0x218, b"LVM2 001", "LVM"), (0x1000, b"\xfc\x4e\x2b\xa9\1\0\0\0", "md"), (0x8000, b"JFS1\1\0\0\0", "JFS"), (0x10034, b"ReIsEr2Fs", "ReiserFS"),
    (0x1018, bytes.fromhex("c68573f64e1a45ca8265f57f48ba6d81"), "bcachefs"), (0, b"\x3a\xff\x26\xed\1\0\0\0", "simg2img"), (0, b"Rar!\x1a\7\0", "RAR"),
    (0, b"QED\0", "qed"),
]
