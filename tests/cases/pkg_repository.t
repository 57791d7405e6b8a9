#!/usr/bin/python3
"""FreeBSD repositories as pkg 2 writes them: sums by BLAKE2, in catalogues and manifests. A right sum vouches, a wrong one is told,
and one of an unknown form does neither. A meta.conf that gives the catalogues other names, or none that is there."""

import hashlib
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import PACKAGE, STORY, base32, members, pack  # noqa: E402
from tap import write  # noqa: E402

def blake2(data):
    return "2$" + base32(hashlib.blake2b(data).digest())


def row_of(folder):
    return json.loads(members(f"{folder}/packagesite.txz")[0][1])


def repository(source, folder, change):
    """SOURCE with a changed row of its package"""
    shutil.copytree(source, folder)
    row = row_of(source)
    change(row, open(f"{folder}/{PACKAGE}", "rb").read())
    pack(f"{folder}/packagesite.txz", [("packagesite.yaml", json.dumps(row).encode() + b"\n")])
    os.remove(f"{folder}/digests.txz")  # of the row before: pkg_digests.t is about it
    return folder


def judged(image, feed):
    report = tap.audit(image, feed).report()
    said = report["feeds"][0]["findings"] + report["packages"][0]["findings"]
    return tap.verdicts(report)["x-kmod"], sorted({finding["id"] for finding in said} - {"package-manager", "osreldate"})


def catalogue_sums(at, image):
    def told(form):
        return lambda row, data: row.__setitem__("sum", form(data))

    changed = ("unsafe", ["feed-checksum", "package-checksum"])
    forms = [
        ("sha256 in hex", lambda data: hashlib.sha256(data).hexdigest(), ("safe", [])),
        ("sha256 with its type", lambda data: "1$" + hashlib.sha256(data).hexdigest(), ("safe", [])),
        ("BLAKE2b", blake2, ("safe", [])),
        ("BLAKE2b of other bytes", lambda data: blake2(data + b"x"), changed),
        ("BLAKE2b, its last sign changed", lambda data: blake2(data)[:-1] + "9", changed),
        ("sha256 of other bytes, with its type", lambda data: "1$" + hashlib.sha256(data + b"x").hexdigest(), changed),
        ("a form that nobody knows", lambda _: "9$ybndrfg8", ("safe", [])),
    ]
    for number, (name, form, expected) in enumerate(forms):
        tap.equal(judged(image, repository(f"{at}/plain", f"{at}/sum{number}", told(form))), expected, f"a catalogue with {name}")


def manifest_sums(at, image):
    for number, (name, form, expected) in enumerate([
        ("BLAKE2b", blake2, []),
        ("sha256 in base32", lambda data: "0$" + base32(hashlib.sha256(data).digest()), []),
        ("BLAKE2s", lambda data: "5$" + base32(hashlib.blake2s(data).digest()), []),
        ("BLAKE2b of other bytes", lambda data: blake2(data + b"x"), ["package-sums"]),
        ("BLAKE2s of other bytes", lambda data: "5$" + base32(hashlib.blake2s(data + b"x").digest()), ["package-sums"]),
        ("a form that nobody knows", lambda _: "9$ybndrfg8", []),
    ]):
        files = dict(members(f"{at}/plain/{PACKAGE}"))
        told = json.loads(files["+MANIFEST"])
        told["files"] = {path: form(files[path]) for path in told["files"]}
        files["+MANIFEST"] = json.dumps(told).encode()
        pack(write(f"{at}/own{number}/x-kmod-1.0.pkg", ""), files.items())
        tap.equal(judged(image, f"{at}/own{number}")[1], expected, f"a manifest with {name}")


def named(source, folder, meta, rename, member="packagesite.yaml"):
    """SOURCE with another meta file; RENAME: the new name of its catalogue, or None to remove it"""
    shutil.copytree(source, folder)
    os.remove(f"{folder}/meta.txz")
    old = members(f"{source}/packagesite.txz")[0][1]
    os.remove(f"{folder}/packagesite.txz")
    if os.path.exists(f"{folder}/digests.txz"):
        os.remove(f"{folder}/digests.txz")
    if rename:
        pack(f"{folder}/{rename}", [(member, old)])
    for name, text in meta.items():
        write(f"{folder}/{name}", text)
    return folder


def listed(image, folder):
    """the verdict, what is said about the repository, and whether a catalogue lists the package"""
    report = tap.audit(image, folder).report()
    said = [finding["text"] for finding in report["feeds"][0]["findings"]]
    facts = tap.kmodaudit("facts", "--format", "json", folder)
    return tap.verdicts(report).get("x-kmod"), said, json.loads(facts.out)["disagreements"] if facts.out else None


def metas(at, image):
    plain = f"{at}/plain"
    other = {"meta.conf": 'version = 2;\nPacking_Format = "txz";\nmanifests = "rows.yaml";\ndata = "all";\n'}
    verdict, said, found = listed(image, named(plain, f"{at}/other", other, "rows.pkg", "rows.yaml"))
    tap.equal((verdict, said, found), ("safe", [], []), "another name in meta.conf: the catalogue is read, and is no package")
    verdict, said, found = listed(image, named(plain, f"{at}/format", other, "rows.txz", "rows.yaml"))
    tap.equal((verdict, said, found), ("safe", [], []), "and with the ending of packing_format")
    moved = named(plain, f"{at}/moved", other, "rows.pkg", "rows.yaml")
    pack(f"{moved}/packagesite.pkg", [("packagesite.yaml", b'{"name":"old","version":"1","repopath":"All/old.txz","categories":["kld"]}')])
    tap.equal(listed(image, moved), ("safe", [], []), "a catalogue that meta.conf does not name is not read")
    bad = repository(plain, f"{at}/changed", lambda row, data: row.__setitem__("sum", blake2(data + b"x")))
    tap.equal(listed(image, named(bad, f"{at}/other-changed", other, "rows.pkg", "rows.yaml"))[0], "unsafe",
              "a wrong sum in a catalogue of another name: unsafe")
    verdict, said, _ = listed(image, named(plain, f"{at}/gone", other, None))
    tap.ok(verdict == "safe" and any("it names the catalogues all.pkg and rows.pkg, and neither is there" in text for text in said),
           "a catalogue that is not there is told")
    verdict, said, _ = listed(image, named(plain, f"{at}/usual", {"meta.conf": "version = 2;\n"}, "packagesite.pkg"))
    tap.equal((verdict, said), ("safe", []), "meta.conf without names: the usual ones")
    for number, (text, words) in enumerate([
        ("version = 3;\n", "its version is 3; pkg reads 1 and 2"),
        ('packing_format = "txz";\n', "it states no version"),
        ("version = 2;\ndata = [\n", "the text ends inside of brackets"),
        ('version = 2;\ndata = "../all";\n', "data is no name of a file"),
        ('version = 2;\npacking_format = "zip";\n', "packing_format is zip, which pkg does not know"),
        ("version = 2;\n" + "#" * (1 << 20), "more than the"),
    ]):
        verdict, said, found = listed(image, named(plain, f"{at}/bad{number}", {"meta.conf": text}, "packagesite.pkg"))
        tap.ok(verdict == "safe" and len(said) == 1 and words in said[0] and [one["trouble"] for one in found] == ["meta"], f"meta.conf: {words}: told, the usual names")
    pack(write(f"{at}/meta.txz", ""), [("meta", b'version = 1;\npacking_format = "txz";\nmanifests = "rows.yaml";\n')])
    with open(f"{at}/meta.txz", "rb") as file:
        packed = file.read()
    old = named(plain, f"{at}/old", {"meta.txz": packed}, "rows.txz", "rows.yaml")
    tap.equal(listed(image, old), ("safe", [], []), "version 1: another name in meta.txz")
    write(f"{old}/meta.conf", "version = 2;\n")
    tap.ok("neither is there" in " ".join(listed(image, old)[1]), "meta.txz beside meta.conf is not read")


with tap.Scratch() as scratch:
    tap.world(write(f"{scratch}/story", STORY), scratch)
    device = f"{scratch}/device"
    catalogue_sums(scratch, device)
    manifest_sums(scratch, device)
    metas(scratch, device)
tap.done()
