#!/usr/bin/python3
"""Each real module of FreeBSD has the records that kldxref wrote into the linker.hints beside it, row by row."""

import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

FOLDER = tap.corpus("freebsd")
# the folder with modules; the hints have all modules that each file registers, or only the first
PLACES = [("img-8.3-i386/boot/kernel", True), ("img-10.1-amd64/boot/kernel", True), ("10.1-amd64", True), ("feed-10.1-amd64", True)]
MODULE, VERSION = 2, 3


def rows(path):
    """[(type, name, version, file)] of a linker.hints."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\1\0\0\0" else ">"
    at, found = 4, []

    def text(at):
        return data[at + 1 : at + 1 + data[at]].decode(), at + 1 + data[at]

    while at < len(data):
        size, kind = struct.unpack_from(order + "II", data, at)
        if kind in (MODULE, VERSION):
            name, here = text(at + 8)
            version = None
            if kind == VERSION:
                here = (here + 3) // 4 * 4
                (version,) = struct.unpack_from(order + "i", data, here)
                here += 4
            found.append((kind, name, version, text(here)[0]))
        at += 4 + size
    return found


def facts(folder, names):
    """name of a module file -> its facts"""
    ran = tap.kmodaudit("facts", "--format", "json", *(os.path.join(folder, name) for name in names), cpu=120)
    found, at, decoder = {}, 0, json.JSONDecoder()
    while at < len(ran.out):
        one, at = decoder.raw_decode(ran.out, at)
        found[os.path.basename(one["path"])] = one
        while at < len(ran.out) and ran.out[at].isspace():
            at += 1
    return found


def compare(place, hints, whole):
    folder = os.path.join(FOLDER, place)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".ko"))
    read = facts(folder, names)
    tap.equal(sorted(read), names, f"{place}: all {len(names)} modules are read")
    differs, compared = [], 0
    for name in names:
        kld = read[name]["kld"]
        told = sorted((row[1], row[2]) for row in hints if row[0] == VERSION and row[3] == name)
        own = sorted((one["name"], one["version"]) for one in kld["provides"])
        if told != own:
            differs.append((name, told, own))
        labels = sorted(row[1] for row in hints if row[0] == MODULE and row[3] == name)
        mine = sorted(one["label"] for one in kld["registers"])
        if labels != mine if whole else not set(labels) <= set(mine):
            differs.append((name, labels, mine))
        compared += len(told) + len(labels)
    tap.equal(differs, [], f"{place}: {compared} rows for them are their records")


HINTS = {}
for place, whole in PLACES:
    release = "img-8.3-i386/boot/kernel" if "8.3" in place else "img-10.1-amd64/boot/kernel"
    if release not in HINTS:
        HINTS[release] = rows(os.path.join(FOLDER, release, "linker.hints"))
    compare(place, HINTS[release], whole)

for image in ("img-8.3-i386", "img-10.1-amd64"):
    boot = json.loads(tap.kmodaudit("facts", "--format", "json", os.path.join(FOLDER, image)).out)["boot"]
    told = [{"name": row[1], "version": row[2]} for row in HINTS[f"{image}/boot/kernel"] if row[0] == VERSION and row[3] == "kernel"]
    tap.ok(boot["provides"] == told and boot["source"] == "linker.hints", f"{image}: its kernel's {len(told)} interfaces are those of linker.hints")
tap.done()
