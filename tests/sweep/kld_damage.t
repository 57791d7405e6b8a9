#!/usr/bin/python3
"""Damaged modules, kernels and linker.hints of FreeBSD: each is read or is one error that names the file, in little time and memory."""

import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

STORY = """
build b
	machine {machine}
	release 14.2-RELEASE
	osreldate 1402000
	exports malloc
	provides acl_nfs4 1
	module if_x
		imports malloc
		needs pci 1
		provides if_x 3
		registers pci/x x_pci
		pnp pci U16:vendor 7
	module good
		imports malloc
	module bad
		imports gone
	module builtin
		provides acl_nfs4 1
		imports malloc
	module other
		needs kernel 1401000 1401000 1401000
		imports malloc
image img from b
	modules if_x
feed feed from b
	bare good bad builtin other
"""
CPU = 20


def read(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    return path


def variants(data, step):
    """Cut off, and with one byte changed."""
    for at in range(0, len(data), step):
        yield data[:at] or b"\x7f"
        yield data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        yield data[:at] + b"\xff" * 4 + data[at + 4 :]


def sweep(scratch, what, data, step):
    files = [put(f"{scratch}/sweep/{what}-{number}.ko", each) for number, each in enumerate(variants(data, step))]
    ran = tap.kmodaudit("facts", "--format", "json", *files, cpu=CPU)
    told = [line for line in ran.err.splitlines() if not line.startswith("kmodaudit: ")]
    tap.ok(ran.status in (0, 3) and not told, f"{what}: {len(files)} damaged files are read, or each is one error")
    for file in files:
        os.unlink(file)


def error_of(path):
    ran = tap.kmodaudit("facts", path, cpu=CPU)
    return ran.err.strip() if ran.status == 3 else f"status {ran.status}"


def section(data, name):
    """(offset, size) of a section of a 64-bit little-endian file, and where its header has the size"""
    (table,) = struct.unpack_from("<Q", data, 40)
    count, strings = struct.unpack_from("<HH", data, 60)
    (names,) = struct.unpack_from("<Q", data, table + 64 * strings + 24)
    for number in range(count):
        header = table + 64 * number
        (at,) = struct.unpack_from("<I", data, header)
        if data[names + at :].split(b"\0")[0].decode() == name:
            return (*struct.unpack_from("<QQ", data, header + 24), header)
    raise ValueError(name)


def sets(scratch, data):
    """Sets of an amd64 module that are damaged on purpose."""
    offset, size, header = section(data, "set_modmetadata_set")
    relocs, _, _ = section(data, ".relaset_modmetadata_set")
    cases = {
        "odd": (header + 32, struct.pack("<Q", size - 3), None),
        "huge": (header + 32, struct.pack("<Q", 1 << 40), "truncated"),
        "outside": (relocs + 16, struct.pack("<q", 1 << 40), "outside of the file's memory"),
        "negative": (relocs + 16, struct.pack("<q", -4096), "outside of the file's memory"),
        "type": (relocs + 8, struct.pack("<I", 2), "relocation of type 2"),
        "symbol": (relocs + 12, struct.pack("<I", 9999), "symbol 9999"),
        "nowhere": (relocs, struct.pack("<Q", 1 << 30), "points nowhere"),
        "into each other": (relocs + 24 + 16, struct.pack("<q", struct.unpack_from("<q", data, relocs + 16)[0] + 4), None),
        "twice": (relocs + 24 + 16, data[relocs + 16 : relocs + 24], None),
    }
    for name, (at, patch, wanted) in cases.items():
        path = put(f"{scratch}/set-{name}.ko", data[:at] + patch + data[at + len(patch) :])
        said = error_of(path)
        tap.ok(said == "status 0" if wanted is None else wanted in said and path in said and "\n" not in said, f"set, {name}: {said[-120:]}")
    endless, size, _ = section(data, ".rodata")
    said = error_of(put(f"{scratch}/endless.ko", data[:endless] + b"A" * size + data[endless + size :]))
    tap.ok("no end" in said, f"names without end: {said[-120:]}")


def symbols(data, name):
    """The offsets of the 64-bit symbols NAME in both symbol tables of a little-endian file."""
    for table, strings in ((".dynsym", ".dynstr"), (".symtab", ".strtab")):
        at, size, _ = section(data, table)
        names, _, _ = section(data, strings)
        for symbol in range(at, at + size, 24):
            (place,) = struct.unpack_from("<I", data, symbol)
            if data[names + place :].split(b"\0")[0].decode() == name:
                yield symbol


def verdict_of(scratch, machine, path):
    ran = tap.kmodaudit("audit", "--format", "json", f"{scratch}/{machine}/img", path, cpu=CPU)
    return ran.report()["packages"][0]["verdict"] if ran.out else "none"


def bounds(scratch, data):
    """A set of a shared object whose symbols say something else: the kernel takes the pointers between them."""
    (start,) = struct.unpack_from("<Q", data, next(symbols(data, "__start_set_modmetadata_set")) + 8)
    (stop,) = struct.unpack_from("<Q", data, next(symbols(data, "__stop_set_modmetadata_set")) + 8)
    for what, value in (("ends before it begins", start - 8), ("ends at 0", 0), ("is no multiple of a pointer", stop - 3), ("has 2^37 pointers", start + (1 << 40)),
                        ("ends beyond the file", stop + 0x100000), ("ends at 2^64 - 1", (1 << 64) - 1)):
        changed = bytearray(data)
        for symbol in symbols(data, "__stop_set_modmetadata_set"):
            struct.pack_into("<Q", changed, symbol + 8, value)
        path = put(f"{scratch}/bounds.ko", bytes(changed))
        ran = tap.kmodaudit("facts", path, cpu=CPU)
        said = ran.err.strip()
        tap.ok(ran.sane() and (ran.status == 0 or (path in said and "\n" not in said)), f"a set that {what}: status {ran.status} {said[-90:]}")
        tap.ok(value == stop - 3 or verdict_of(scratch, "aarch64", path) != "safe", f"a set that {what} is not safe")


def cut_kernels(scratch, machine):
    """A kernel that is cut off: no verdict is better than with the whole one, and the reason is told."""
    rank = {"unsafe": 0, "unproven": 1, "safe": 2}
    image, feed = f"{scratch}/{machine}/img", f"{scratch}/{machine}/feed"
    kernel = read(f"{image}/boot/kernel/kernel")
    verdicts = {}
    for size in (len(kernel), *range(0, len(kernel), len(kernel) // 12)):
        put(f"{image}/boot/kernel/kernel", kernel[:size])
        ran = tap.kmodaudit("audit", "--format", "json", image, feed, cpu=CPU)
        if ran.status == 3:
            tap.ok(ran.sane() and "\n" not in ran.err.strip(), f"kernel-{machine} cut at {size}: {ran.err.strip()[-90:]}")
            continue
        report = ran.report()
        got = {package["name"]: package["verdict"] for package in report["packages"]}
        verdicts = verdicts or got
        better = [name for name, verdict in got.items() if rank[verdict] > max(rank[verdicts[name]], 1)]
        told = size == len(kernel) or "the kernel cannot be read: " in json.dumps(report)
        tap.ok(not better and told, f"kernel-{machine} cut at {size}: nothing is safe that was not, and the reason is told")
    put(f"{image}/boot/kernel/kernel", kernel)


def hints(scratch, boot):
    """linker.hints of an image, each with the words that its problem has."""
    good = read(f"{boot}/linker.hints")
    row = struct.pack("<II", 4, 3)
    cases = {
        "empty": (b"", "cut off"),
        "version 2": (struct.pack("<I", 2) + good[4:], "version is 2"),
        "length 0": (good + struct.pack("<II", 0, 3), "impossible size"),
        "unaligned": (good + struct.pack("<II", 7, 3) + b"abc", "impossible size"),
        "beyond": (good + struct.pack("<II", 1 << 30, 3), "beyond the file"),
        "text": (good + struct.pack("<II", 8, 3) + b"\xffabc", "text beyond"),
        "no text": (good + row, "text beyond"),
        "large": (good + bytes(2 << 20), "more than the kernel reads"),
        "big-endian": (struct.pack(">I", 1), "other byte order"),
    }
    for name, (data, wanted) in cases.items():
        put(f"{boot}/linker.hints", data or b"\0")
        found = tap.kmodaudit("facts", f"{scratch}/amd64/img", cpu=CPU).report()["boot"]["hints"][0]
        tap.ok(wanted in found.get("problem", ""), f"hints, {name}: {found.get('problem')}")
    put(f"{boot}/linker.hints", good)


def world(story, place):
    tap.world(put(f"{place}.world", story.encode()), place)


def rings(scratch):
    """Files that depend on each other in a circle: of any length none is safe, in little time and memory."""
    for count, offered in ((1, False), (3, False), (63, False), (400, False), (400, True)):
        story = "build k\n\tmachine amd64\n\trelease 14.2-RELEASE\n\tosreldate 1402000\n\texports printf\n"
        for name, step in (("m", 1), ("t", 2)):
            for i in range(count):
                story += f"\tmodule {name}{i}\n\t\timports printf\n\t\tprovides {'m' if offered else name}{i} 1\n\t\tneeds {'m' if offered else name}{(i + step) % count} 1\n"
            story += f"\tpackage {name}\n\t\tversion 1\n\t\tcontains {' '.join(f'{name}{i}' for i in range(count))}\n\t\tformat pkg\n"
        place = f"{scratch}/ring{count}{offered}"
        world(story + "image img from k\nfeed feed from k\n\tholds m t\n", place)
        ran = tap.audit("--max-memory", "512", f"{place}/img", f"{place}/feed", cpu=20)
        found = tap.verdicts(ran.report()) if ran.report() else ran.err
        # a file that needs what it provides itself needs nothing
        wanted = {"m": "safe", "t": "safe"} if count == 1 else {}
        good = found == wanted if wanted else isinstance(found, dict) and "safe" not in found.values() and len(found) == 2
        if not tap.ok(good, f"a circle of {count} files{', of which another package offers each' if offered else ''}: {ran.seconds:.1f} s"):
            tap.note(f"{found} {ran.err[-300:]}")


with tap.Scratch() as scratch:
    for machine in ("amd64", "i386", "powerpc64", "mips", "aarch64"):
        world(STORY.format(machine=machine), f"{scratch}/{machine}")
        boot = f"{scratch}/{machine}/img/boot/kernel"
        sweep(scratch, f"module-{machine}", read(f"{boot}/if_x.ko"), 7)
        sweep(scratch, f"kernel-{machine}", read(f"{boot}/kernel")[:0x400], 7)
        cut_kernels(scratch, machine)
    bounds(scratch, read(f"{scratch}/aarch64/img/boot/kernel/if_x.ko"))
    sets(scratch, read(f"{scratch}/amd64/img/boot/kernel/if_x.ko"))
    hints(scratch, f"{scratch}/amd64/img/boot/kernel")
    many = STORY.format(machine="i386").replace("\t\tneeds pci 1\n", "\t\tneeds pci 1\n" * 70000)
    world(many, f"{scratch}/many")
    rings(scratch)
    said = error_of(f"{scratch}/many/img/boot/kernel/if_x.ko")
    tap.ok("has 70004 records" in said, f"too many records: {said[-120:]}")
tap.done()
