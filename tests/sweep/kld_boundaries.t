#!/usr/bin/python3
"""Images and packages of FreeBSD damaged where their structures begin or end: the ELF of kernel and modules at each section, linker.hints at
each row, packages at each member and in their compression. No verdict gets better by it, and none changes without a word."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import structures  # noqa: E402
import tap  # noqa: E402
from boxes import read, sh, write  # noqa: E402
from damage import BATCH, FULL, GOOD, RANK, chosen, gate, variants  # noqa: E402

STORY = """\
build base
	machine {machine}
	osreldate 1402000
	release 14.2-RELEASE-p1
	ident GENERIC
	provides linuxkpi 1
	registers pci/re re_pci
	exports printf
	exports malloc
	module if_em
		imports printf malloc
		exports em_attach
		provides if_em 1
	module if_ok
		imports printf em_attach
		needs if_em 1
	module if_alone
		imports printf
		needs linuxkpi 1
	module if_bad
		imports printf gone_symbol
	module if_far
		imports printf
		needs debugfs 1
	module if_twice
		imports printf
		registers pci/re re_pci
	module if_over
		imports printf
		provides if_em 1
	package if-ok-kmod
		contains if_ok if_alone
		format pkg
		architecture {abi}
	package if-bad-kmod
		contains if_bad if_alone
		format txz
		architecture {abi}
build newer like base
	osreldate 1500000
	release 15.0-CURRENT
image tree from base
	modules if_em
	file boot/loader.conf if_em_load="YES"
feed bare from base
	bare if_em if_ok if_alone if_bad if_far if_twice if_over
feed newer from newer
	bare if_alone
feed packages from base
	holds if-ok-kmod if-bad-kmod
"""
FEEDS = ("bare", "newer")
MOST = 16
# nothing tells whether the code and data of a kernel or module are as they were; its symbols, records and headers must be
UNTOLD = tuple(f"for section {name}" for name in (".text", ".data", ".rodata", ".comment", ".rela.text", ".rel.text", ".strtab"))


def sweep(where, what, path, parts, untold=()):
    """The file PATH of the image tree is damaged."""
    data = read(where, "tree", path)
    todo, before, wrong, tried = [("whole", data)] + chosen(variants(data, parts), MOST), None, [], 0
    for first in range(0, len(todo), BATCH):
        batch = todo[first:first + BATCH]
        for number, (_, bytes_) in enumerate(batch):
            shutil.rmtree(f"{where}/cut{number}", ignore_errors=True)
            shutil.copytree(f"{where}/tree", f"{where}/cut{number}")
            write(bytes_, where, f"cut{number}", path)
        answers, why = gate(where, {f"{number}": f"cut{number}" for number in range(len(batch))}, {name: name for name in FEEDS})
        if answers is None:
            tap.ok(False, f"{what}: {why}")
            return
        before = before or {feed: answers["0", feed] for feed in FEEDS}
        if not {verdict for answer in before.values() for verdict in answer.verdicts.values()} >= {"unsafe", "safe", "installed"}:
            tap.ok(False, f"{what}: read as a whole")
            tap.note({feed: (answer.verdicts, answer.why, why) for feed, answer in before.items()})
            return
        for number, (how, _) in enumerate(batch):
            tried += 1
            if not any(word in how for word in untold):
                wrong += [f"{how}: {feed}: {one}" for feed in FEEDS for one in judged(before[feed], answers[f"{number}", feed])]
    if not tap.ok(not wrong, f"{what}: damaged in {tried - 1} ways at {len(parts)} structures"):
        for line in wrong[:60 if FULL else 20]:
            tap.note(line)
        tap.note(f"{len(wrong)} in all")


def judged(before, after):
    news = after.findings - before.findings
    for name, verdict in before.verdicts.items():
        now = after.verdicts.get(name)
        if now == verdict or (now is None and after.status == 3):
            continue
        if now is None or (now in GOOD and RANK[now] > RANK[verdict]):
            yield f"{name} {verdict} -> {now}: {news}"
        elif not news and not after.why[name]:
            yield f"{name} {verdict} -> {now}, and nothing is said"


def sweep_package(where, name, data, parts, spare=(), what=None, enough=0):
    """The package NAME alone in a feed."""
    wrong, tried = [], 0
    for first in range(0, len(todo := [("whole", data)] + chosen(variants(data, parts), MOST)), BATCH):
        batch = todo[first:first + BATCH]
        shutil.rmtree(f"{where}/cuts", ignore_errors=True)
        for number, (_, bytes_) in enumerate(batch):
            os.makedirs(f"{where}/cuts/{number}")
            write(bytes_, where, "cuts", f"{number}", name)
        answers, why = gate(where, {"tree": "tree"}, {f"{number}": f"cuts/{number}" for number in range(len(batch))})
        if answers is None:
            tap.ok(False, f"{what or name}: {why}")
            return
        if first == 0 and not tap.ok("safe" in answers["tree", "0"].verdicts.values(), f"{what or name}: read as a whole"):
            tap.note((answers["tree", "0"].verdicts, answers["tree", "0"].why, why))
            return
        for number, (how, bytes_) in enumerate(batch):
            tried += 1
            if how == "whole" or any(word in how for word in spare) or (how.startswith("cut") and enough and len(bytes_) >= enough):
                continue
            wrong += [f"{how}: {file} {verdict}" for file, verdict in answers["tree", f"{number}"].verdicts.items() if verdict in GOOD]
    if not tap.ok(not wrong, f"{what or name}: damaged in {tried - 1} ways at {len(parts)} structures"):
        for line in wrong[:60 if FULL else 20]:
            tap.note(line)
        tap.note(f"{len(wrong)} in all")


def packages(where):
    name = next(name for name in os.listdir(f"{where}/packages") if name.startswith("if-ok"))
    data = read(where, "packages", name)
    sweep_package(where, name, data, structures.zstd(data))
    plain = subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    parts = structures.tar(plain)
    # pkg reads +MANIFEST, not the shorter +COMPACT_MANIFEST in front of it
    sweep_package(where, name, plain, parts[3:], ("padding", "zeros"), f"{name}, its tar", len(plain) - 512)
    for kind, line, places in (("txz", "xz -c", structures.xz), ("tgz", "gzip -nc", structures.gzip_parts),
                               ("tbz", "bzip2 -c", lambda made: [(0, 4, "header"), (len(made) - 10, len(made), "trailer")])):
        packed = subprocess.run(line, input=plain, stdout=subprocess.PIPE, check=True, shell=True).stdout
        sweep_package(where, name.replace(".pkg", f".{kind}"), packed, places(packed))


with tap.Scratch() as here:
    for machine, abi in (("amd64", "FreeBSD:14:amd64"), ("mips", "FreeBSD:14:mips")):
        place = os.path.join(here, machine)
        os.mkdir(place)
        write(STORY.format(machine=machine, abi=abi).encode(), place, "story.world")
        tap.world(os.path.join(place, "story.world"), place)
        for path in ("boot/kernel/kernel", "boot/kernel/if_em.ko"):
            sweep(place, f"{machine}, {path}", path, structures.elf(read(place, "tree", path)), UNTOLD)
        sweep(place, f"{machine}, linker.hints", "boot/kernel/linker.hints", structures.hints(read(place, "tree", "boot/kernel/linker.hints")))
        packages(place)
        if machine == "amd64":
            os.unlink(os.path.join(place, "tree/boot/kernel/kernel"))
            sweep(place, "linker.hints without a kernel", "boot/kernel/linker.hints", structures.hints(read(place, "tree", "boot/kernel/linker.hints")))
tap.done()
