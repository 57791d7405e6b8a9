#!/usr/bin/python3
"""Real packages and repositories of FreeBSD: what is read agrees with their own manifests and with tar, and the signatures are
those of their keys."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

FOLDER = tap.corpus("freebsd")
PACKAGES = [
    "14.2-virtualbox-ose-kmod-6.1.50.pkg",
    "14.2-virtualbox-ose-kmod-70-7.0.24.1402000.pkg",
    "pkgs/open-vm-tools-nox11-10.1.10_4,2.txz",
    "repo-v1-pfsense-2.4.3-core/All/pfSense-rc-2.4.3.txz",
    "repo-v2-14.3/virtualbox-ose-additions-nox11-6.1.50.1403000_3.pkg",
    "repo-v2-signed-opnsense/os-blocky-tfenby-2.0.pkg",
]


def member(path, name):
    return subprocess.run(["tar", "xOf", path, name], check=True, stdout=subprocess.PIPE).stdout


def facts(path):
    return json.loads(tap.kmodaudit("facts", "--format", "json", path).out)


def packages():
    for name in PACKAGES:
        path = os.path.join(FOLDER, name)
        found = facts(path)
        told = json.loads(member(path, "+MANIFEST"))
        tap.ok(
            found["name"] == told["name"]
            and found["version"] == told["version"]
            and found["architecture"] == told["abi"]
            and found["freebsd_version"] == told.get("annotations", {}).get("FreeBSD_version")
            and found["depends"] == list(told.get("deps", {})),
            f"{name}: name, version, abi, FreeBSD_version and dependencies are those of its manifest",
        )
        tap.ok(found["files"] == sorted(file.lstrip("/") for file in told["files"]), f"{name}: the files as well")
        tap.ok(not found["sums_differ"] and not found["lacking"] and not found["unlisted"], f"{name}: their sums are right")
        tap.ok(
            [module["path"] for module in found["modules"]] == sorted(file.lstrip("/") for file in told["files"] if file.endswith(".ko")),
            f"{name}: each .ko is a module",
        )


def carries(row):
    return "kld" in row.get("categories", []) or "kmod" in row["name"] or "kernel" in row["name"]


def rows(folder, catalogue, inside):
    text = member(os.path.join(folder, catalogue), inside)
    return json.loads(text)["packages"] if inside == "data" else [json.loads(line) for line in text.splitlines()]


def repositories():
    for name, catalogue, inside in (
        ("repo-v2-14.3", "data.pkg", "data"),
        ("repo-v1-pfsense-2.4.3-core", "packagesite.txz", "packagesite.yaml"),
        ("repo-v2-signed-opnsense", "data.pkg", "data"),
    ):
        folder = os.path.join(FOLDER, name)
        found = facts(folder)
        told = rows(folder, catalogue, inside)
        places = {os.path.join(folder, row["repopath"]) for row in told}
        carrying = {os.path.join(folder, row["repopath"]) for row in told if carries(row)}
        there = {place for place in places if os.path.exists(place)}
        gone = {trouble["file"] for trouble in found["disagreements"] if trouble["trouble"] == "row-without-file"}
        others = [trouble for trouble in found["disagreements"] if trouble["trouble"] != "row-without-file"]
        tap.ok(there and gone == carrying - there, f"{name}: {len(told)} rows, {len(there)} with their files")
        tap.ok(not others, f"{name}: size, sum and version of these are those of the rows")


def signature(image, folder, *keys):
    ran = tap.audit(*[word for key in keys for word in ("--key", key)], image, os.path.join(FOLDER, folder))
    return ran.report()["feeds"][0]["signature"] if ran.report() else ran.err


def signatures():
    with tempfile.TemporaryDirectory() as directory:
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), directory)
        image = os.path.join(directory, "device.bin")
        old, new = "repo-v1-pfsense-2.4.3-core", "repo-v2-signed-opnsense"
        key = member(os.path.join(FOLDER, old, "packagesite.txz"), "packagesite.yaml.pub")
        for name, text in (("key", key), ("print", b'function: "sha256"\nfingerprint: "%s"\n' % hashlib.sha256(key).hexdigest().encode())):
            with open(os.path.join(directory, name), "wb") as file:
                file.write(text)
        for name, folder, keys, expected in (
            ("pubkey", new, [os.path.join(FOLDER, new, "repo.pub")], "valid"),
            ("pubkey, without the key", new, [], "unknown-key"),
            ("pubkey, with another key", new, [os.path.join(directory, "key")], "invalid"),
            ("fingerprints", old, [os.path.join(directory, "print")], "valid"),
            ("fingerprints, by the key itself", old, [os.path.join(directory, "key")], "valid"),
            ("fingerprints, without one", old, [], "unknown-key"),
            ("unsigned", "repo-v2-14.3", [], "none"),
        ):
            tap.equal(signature(image, folder, *keys), expected, f"{name}: {expected}")


def trusted_by_image():
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(os.path.join(FOLDER, "img-8.3-i386", "boot"), os.path.join(directory, "boot"))
        folder = os.path.join(directory, "usr/share/keys/pkg/trusted")
        os.makedirs(folder)
        key = member(os.path.join(FOLDER, "repo-v1-pfsense-2.4.3-core", "packagesite.txz"), "packagesite.yaml.pub")
        with open(os.path.join(folder, "netgate"), "w", encoding="utf-8") as file:
            file.write(f'function: "sha256"\nfingerprint: "{hashlib.sha256(key).hexdigest()}"\n')
        tap.equal(signature(directory, "repo-v1-pfsense-2.4.3-core"), "valid", "a fingerprint of the image: valid without --key")


def digests():
    """The real digests fits its catalogue (see repositories); with one character changed it does not."""
    with tempfile.TemporaryDirectory() as directory:
        folder = shutil.copytree(os.path.join(FOLDER, "repo-v1-pfsense-2.4.3-core"), os.path.join(directory, "repo"))
        text = member(os.path.join(folder, "digests.txz"), "digests")
        os.chmod(folder, 0o755)
        os.remove(os.path.join(folder, "digests.txz"))
        with tarfile.open(os.path.join(folder, "digests.txz"), "w:xz") as archive:
            changed = text.replace(b":2$0$x5ydou", b":2$0$x5ydov")
            told = tarfile.TarInfo("digests")
            told.size = len(changed)
            archive.addfile(told, io.BytesIO(changed))
        found = [trouble for trouble in facts(folder)["disagreements"] if trouble["trouble"] != "row-without-file"]
        tap.equal([(one["trouble"], one["package"], one["expected"][:17]) for one in found], [("digest-differs", "pfSense-rc", "digest 2$0$x5ydov")],
                  "a character of digests changed: told for that package")


packages()
repositories()
digests()
trusted_by_image()
signatures()
tap.done()
