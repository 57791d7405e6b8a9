#!/usr/bin/python3
"""What `kmodaudit vet` refuses, each with one line and status 3, and that nothing is left behind: places, keys, packages that cannot
be rewritten, a full disk, an interrupt."""

import base64
import gzip
import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vetting  # noqa: E402
from vetting import tap  # noqa: E402

STORY = """
build unlisted like later-crcs
	package kmod-nfnetlink
		format deb
feed deb from unlisted
	holds kmod-nfnetlink
"""
PACKAGE = "kmod-nfnetlink_6.6.86-r1_mips_24kc.ipk"


def names(at):
    return sorted(os.path.relpath(os.path.join(base, name), at) for base, folders, files in os.walk(at) for name in folders + files)


def refused(at, words, *args, status=3, **more):
    """VET with ARGS is refused with one line that has WORDS, and nothing is new."""
    before = names(at)
    ran = tap.kmodaudit("vet", *args, cwd=at, **more)
    lines = ran.err.strip().splitlines()
    good = ran.status == status and len(lines) == 1 and words in lines[0] and names(at) == before
    if not tap.ok(good, f"{words}"):
        tap.note(f"{ran.status}: {ran.out}{ran.err}{set(names(at)) ^ set(before)}")


def places(at):
    plain = ("device-crcs.bin", "later-crcs", "-o")
    os.makedirs(os.path.join(at, "other"))
    with open(os.path.join(at, "other", "letter.txt"), "w", encoding="utf-8") as file:
        file.write("mine\n")
    refused(at, "other: holds something else: letter.txt", *plain, "other")
    refused(at, "later-crcs/out: lies inside the input later-crcs", *plain, "later-crcs/out")
    refused(at, "later-crcs: is an input", *plain, "./later-crcs")
    refused(at, "device.bin: is there and is not a folder", *plain, "device.bin")
    refused(at, "nowhere/out: cannot write", *plain, "nowhere/out")
    refused(at, "name a new folder", *plain, ".")
    refused(at, "contains the input", "device-crcs.bin", os.path.join(at, "later-crcs"), "-o", at)
    os.symlink("other", os.path.join(at, "link"))
    refused(at, "link: is there and is not a folder", *plain, "link")
    os.symlink("later-crcs", os.path.join(at, "feed"))
    refused(at, "lies inside the input", *plain, "feed/out")
    tap.kmodaudit("vet", *plain, "mixed", cwd=at)
    with open(os.path.join(at, "mixed", "mine.ipk"), "w", encoding="utf-8") as file:
        file.write("not of this feed\n")
    refused(at, "mixed: holds something else: mine.ipk", *plain, "mixed")
    os.rename(os.path.join(at, "mixed", "mine.ipk"), os.path.join(at, "letter.txt"))
    os.makedirs(os.path.join(at, "mixed", "etc/opkg/keys"))
    os.rename(os.path.join(at, "letter.txt"), os.path.join(at, "mixed", "etc/opkg/keys/letter.txt"))
    refused(at, "mixed: holds something else: etc/opkg/keys/letter.txt", *plain, "mixed")
    os.makedirs(os.path.join(at, "empty"))
    ran = tap.kmodaudit("vet", *plain, "empty", cwd=at)
    tap.ok(ran.status == 0 and os.path.exists(os.path.join(at, "empty", "Packages")), "an empty folder is taken")


def keys(at):
    secret = bytearray(b"EdBK" + bytes(100))
    files = {
        "text.key": "hello\n",
        "public.key": "untrusted comment: x\n" + base64.b64encode(b"Ed" + bytes(40)).decode() + "\n",
        "signature.key": "untrusted comment: x\n" + base64.b64encode(b"Ed" + bytes(72)).decode() + "\n",
        "pem.key": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
        "damaged.key": "untrusted comment: x\n" + base64.b64encode(bytes(secret)).decode() + "\n",
        "short.key": "untrusted comment: x\n" + base64.b64encode(bytes(secret[:90])).decode() + "\n",
    }
    secret[7] = 42
    files["encrypted.key"] = "untrusted comment: x\n" + base64.b64encode(bytes(secret)).decode() + "\n"
    secret[0:2] = b"Xx"
    files["unknown.key"] = "untrusted comment: x\n" + base64.b64encode(bytes(secret)).decode() + "\n"
    says = {"text": "not a secret key of usign or signify", "public": "a public key", "signature": "a signature", "pem": "a PEM key",
            "damaged": "damaged", "short": "not a secret key", "encrypted": "is encrypted", "unknown": "of an unknown kind"}
    for name, text in files.items():
        with open(os.path.join(at, name), "w", encoding="utf-8") as file:
            file.write(text)
    for name, words in says.items():
        refused(at, words, "device-crcs.bin", "later-crcs", "-o", "out", "--sign", name + ".key")
    refused(at, "no.key: No such file", "device-crcs.bin", "later-crcs", "-o", "out", "--sign", "no.key")


def packages(at):
    """Control files that cannot be changed without guessing, and hostile ones."""
    first = os.path.join(at, "later-crcs", PACKAGE)
    text, data = vetting.control(first), vetting.members(vetting.read(first))["data.tar.gz"]
    odd = {
        "control has Filename": text + "Filename: ../../x.ipk\n",
        "control has Size": text + "Size: 1\n",
        "Version occurs twice": text + "Version: 9\n",
        "opkg takes the field Versions for Version": text + "Versions: 9\n",
        "Depends occurs twice or has several lines": text.replace("-r1)\n", "-r1)\n , kmod-x\n", 1),
        "cannot be part of a file name": text.replace("Version: 6", "Version: ../6"),
    }
    os.makedirs(os.path.join(at, "odd"))
    path = os.path.join(at, "odd", "kmod-nfnetlink.ipk")
    for words, control in odd.items():
        vetting.ipk(path, control, data)
        refused(at, words, "device-crcs.bin", "odd", "-o", "out", status=3)
    vetting.ipk(path, text, gzip.decompress(data))
    refused(at, "data.tar.gz is not compressed with gzip", "device-crcs.bin", "odd", "-o", "out")
    vetting.ipk(path, text.replace("Package: ", "X-Odd: a\x1b[31m\u202eb $(reboot) \\n\nPackage: "), data)
    ran = tap.kmodaudit("vet", "device-crcs.bin", "odd", "-o", "kept", cwd=at)
    made = [name for name in os.listdir(os.path.join(at, "kept")) if name.endswith(".ipk")]
    tap.ok(ran.status == 0 and "X-Odd: a\x1b[31m\u202eb $(reboot) \\n\n" in vetting.control(os.path.join(at, "kept", made[0])),
           "hostile text in another field keeps its bytes")
    tap.ok("\x1b" not in ran.out + ran.err, "and does not reach the terminal")
    vetting.ipk(path, "X-Kmodaudit-Depends: kernel (=6.6.86~e9d2feb381d41d091485514b91f90092-r1)\n" + text, data)
    ran = tap.kmodaudit("vet", "device-crcs.bin", "odd", "-o", "claimed", cwd=at)
    tap.equal(ran.status, 0, "fields X-Kmodaudit- of a stranger are taken for what they say, and the CRCs decide")
    refused(at, "opkg reads data.tar.gz, not data.tar.xz", "device-crcs.bin", "deb", "-o", "out")


def full(at):
    """A file that cannot grow, as on a full disk."""

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    for place in ("full", "there"):
        before = vetting.tree(at)
        ran = subprocess.run([tap.KMODAUDIT, "vet", "device-crcs.bin", "later-crcs", "-o", place], cwd=at, capture_output=True, text=True,
                             check=False, preexec_fn=small)
        tap.ok(ran.returncode == 3 and ran.stderr.startswith(f"kmodaudit: {place}: cannot write: ") and ran.stderr.count("\n") == 1,
               f"a full disk, {place}: one line, status 3")
        tap.equal(vetting.tree(at), before, "and nothing is left; an earlier feed stays as it was")
        tap.kmodaudit("vet", "device-crcs.bin", "later-crcs", "-o", "there", cwd=at)


def interrupted(at):
    """A signal at any time leaves the whole feed or nothing."""
    before = names(at)
    for wait in range(0, 100, 8):
        with subprocess.Popen([tap.KMODAUDIT, "vet", "device-crcs.bin", "later-crcs", "-o", "ended"], cwd=at, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as running:
            time.sleep(wait / 1000)
            running.send_signal(signal.SIGTERM)
        left = [name for name in names(at) if name not in before]
        whole = "ended/README" in left and "ended/Packages.gz" in left
        if (left and not whole) or any(name.startswith("ended.") for name in left):
            tap.note(left)
            return tap.ok(False, "an interrupted run leaves the whole feed or nothing")
        if whole:
            subprocess.run(["rm", "-r", os.path.join(at, "ended")], check=True)
    return tap.ok(True, "an interrupted run leaves the whole feed or nothing")


with tap.Scratch() as at:
    vetting.world(STORY, at)
    places(at)
    keys(at)
    packages(at)
    full(at)
    interrupted(at)
tap.done()
