#!/usr/bin/python3
"""The finding `package-manager` says what the image's own opkg does: its /bin/opkg runs under qemu-user on a copy of its root,
offline, with the feed as a source, and installs each package by name."""

import os
import re
import shutil
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

FOLDER = tap.corpus("tl-wr703n-3.18.20-mips")
IMAGE = os.path.join(FOLDER, "openwrt-15.05-ar71xx-generic-tl-wr703n-v1-squashfs-sysupgrade.bin")
FEED = os.path.join(FOLDER, "packages")
MEANS = {"accepts": "installs", "refuses": "refuses", "keeps": "keeps", "replaces": "installs"}
EVERY = 12  # of the packages that it is asked for; and all that it does not just take
QEMU = shutil.which("qemu-mips-static") or shutil.which("qemu-mips")
if not QEMU:
    tap.skip_all("no qemu-mips-static (scripts/setup peers): the image's own opkg cannot run")
if not shutil.which("unsquashfs"):
    tap.skip_all("no unsquashfs")


def control(path):
    with tarfile.open(path) as outer:
        member = next(one for one in outer if os.path.basename(one.name) == "control.tar.gz")
        with tarfile.open(fileobj=outer.extractfile(member)) as inner:
            return inner.extractfile(next(one for one in inner if os.path.basename(one.name) == "control")).read().decode()


def index(to):
    """The feed as a source: links and a Packages, without the kernel's own package, as OpenWrt makes it."""
    os.makedirs(to)
    rows = []
    for base, folders, names in os.walk(FEED):
        folders.sort()
        for name in sorted(names):
            path = os.path.abspath(os.path.join(base, name))
            if not name.endswith(".ipk") or name.startswith(("kernel_", "libc_")):
                continue
            head, found, rest = control(path).rstrip("\n").partition("\nDescription:")
            os.symlink(path, os.path.join(to, name))
            rows.append(f"{head}\nFilename: {name}\nSize: {os.path.getsize(path)}\n{found.lstrip()}{rest}\n")
    with open(os.path.join(to, "Packages"), "w", encoding="utf-8") as file:
        file.write("\n".join(rows))


def unpack(report, to):
    part = next(one for one in report["image"]["layout"] if one["kind"] == "squashfs")
    with open(IMAGE, "rb") as file, open(to + ".squashfs", "wb") as out:
        file.seek(part["offset"])
        out.write(file.read())
    subprocess.run(["unsquashfs", "-q", "-n", "-no-xattrs", "-d", to, to + ".squashfs"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    for folder in ("tmp", "var"):
        path = os.path.join(to, folder)
        if os.path.islink(path):
            os.unlink(path)
    for folder in ("tmp", "var/lock", "var/opkg-lists"):
        os.makedirs(os.path.join(to, folder), exist_ok=True)


def installed(root):
    found = {}
    with open(os.path.join(root, "usr/lib/opkg/status"), errors="replace", encoding="utf-8") as file:
        for stanza in file.read().split("\n\n"):
            fields = dict(re.findall(r"(?m)^(\w+): (.*)$", stanza))
            if " installed" in fields.get("Status", ""):
                found[fields.get("Package")] = fields.get("Version")
    return found


def opkg(root, conf, *words):
    return subprocess.run([QEMU, "-L", root, os.path.join(root, "bin", "opkg"), "--offline-root", root, "--conf", conf, *words],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=300,
                          check=False)


def outcome(at, root, conf, name):
    copy = os.path.join(at, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", root, copy], check=True)  # device nodes, too
    before = installed(copy)
    ran = opkg(copy, conf, "install", name)
    if installed(copy).get(name) != before.get(name):
        return "installs", ran
    return ("refuses" if ran.returncode else "keeps"), ran


def chosen(report):
    said = [(one["name"], finding["found"], finding["text"]) for one in report["packages"]
            for finding in one["findings"] if finding["id"] == "package-manager" and finding["found"]]
    plain = [one for one in said if one[1] == "accepts"]
    return [one for one in said if one[1] != "accepts"][:30] + plain[::EVERY]


with tap.Scratch() as at:
    report = tap.audit(IMAGE, FEED, cpu=300).report()
    root, conf = os.path.join(at, "root"), os.path.join(at, "opkg.conf")
    unpack(report, root)
    index(os.path.join(at, "feed"))
    with open(conf, "w", encoding="utf-8") as file:
        file.write(f"dest root /\nlists_dir ext /var/opkg-lists\narch all 1\narch noarch 1\narch ar71xx 10\nsrc feed file:{at}/feed\n")
    updated = opkg(root, conf, "update")
    if not tap.ok(os.path.exists(os.path.join(root, "var/opkg-lists/feed")), "the image's opkg runs and reads the feed"):
        tap.note(updated.stdout + updated.stderr)
    differ = []
    asked = chosen(report)
    for name, found, text in asked:
        did, ran = outcome(at, root, conf, name)
        if did != MEANS[found]:
            differ.append(f"{name}: {found}, opkg {did}: {text}: {(ran.stdout + ran.stderr)[-200:]}")
    tap.ok(not differ, f"{len(asked)} packages: what is said is what the image's own opkg does")
    for line in differ:
        tap.note(line)
tap.done()
