#!/usr/bin/python3
"""Vetted feeds for apk: the metadata names the image's kernel, the files keep their bytes, the index and its signature are as apk
makes them (read with tests/adb.py and openssl), what cannot be rewritten is refused. With a program `apk` in PATH, real installs."""

import hashlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vetting  # noqa: E402
from vetting import tap  # noqa: E402
from tap import write  # noqa: E402
import adb  # noqa: E402

STORY = """
image device from base-crcs
	wrapped directory elf
	installed kmod-dummy
"""
IMAGE_KERNEL, FEED_KERNEL = "6.6.86~e9d2feb381d41d091485514b91f90092-r1", "6.6.86~475b00aecaf183823515937b3561a876-r1"
ARCH = "mips_24kc"
QUEUE = ["kmod-nfnetlink=6.6.86-r1", "kmod-nfnetlink>=6.6.86_pre", "!kmod-other=1-r1"]


def apk_of(at, folder, name, packing="deflate", **more):
    """The .apk with the files of the .ipk NAME in FOLDER, and those files."""
    path = os.path.join(at, folder, f"{name}_6.6.86-r1_{ARCH}.ipk")
    files = vetting.members(vetting.members(vetting.read(path))["data.tar.gz"])
    files[f"lib/apk/packages/{name}.list"] = b"x\n"
    files["etc/links/" + name] = "../modules.d"
    depends = [f"kernel={FEED_KERNEL}", *more.pop("depends", [])]
    info = {"name": name, "version": "6.6.86-r1", "arch": ARCH, "description": f"About {name}.", "hashes": hashlib.sha256(name.encode()).digest()[:20],
            "installed": 70000, "provides": [f"{name}-any"], **more, "depends": depends}
    return info, files, adb.make_package(info, files, packing)


def made(at):
    """The image with apk's database, and feeds of the later build: `feed`, and `conntrack` that does not fit."""
    root = os.path.join(at, "device")
    shutil.rmtree(os.path.join(root, "usr", "lib", "opkg"))
    write(os.path.join(root, "lib", "apk", "db", "installed"),
          adb.installed_text([{"name": "kernel", "version": IMAGE_KERNEL, "arch": ARCH},
                              {"name": "kmod-dummy", "version": "6.6.86-r1", "arch": ARCH, "depends": [f"kernel={IMAGE_KERNEL}"]}]).encode())
    write(os.path.join(root, "etc", "apk", "arch"), ARCH.encode() + b"\n")
    packages = {}
    for name, packing, depends in (("kmod-nfnetlink", "zstd", []), ("kmod-nfnetlink-queue", "raw", QUEUE)):
        packages[name] = apk_of(at, "later-crcs", name, packing, depends=depends)
        write(os.path.join(at, "feed", f"{name}-6.6.86-r1.apk"), packages[name][2])
        write(os.path.join(at, "conntrack", f"{name}-6.6.86-r1.apk"), apk_of(at, "conntrack-crcs", name)[2])
    return packages


def vet(at, *args, status=0):
    ran = tap.kmodaudit("vet", *args, cwd=at)
    if not tap.ok(ran.status == status, f"vet {' '.join(args)}: status {status}"):
        tap.note(ran.out + ran.err)
    return ran


def refused(at, words, *args):
    ran = tap.kmodaudit("vet", *args, cwd=at)
    tap.ok(ran.status == 3 and words in ran.err and ran.err.count("\n") == 1, f"refused in one line: {words}") or tap.note(ran.out + ran.err)
    tap.ok(not os.path.exists(os.path.join(at, "out")) and not [one for one in os.listdir(at) if one.startswith("out.")],
           f"{words}: nothing is left")


def written(at, packages):
    ran = vet(at, "device", "feed", "-o", "vetted")
    tap.ok("NOT SIGNED: apk refuses" in ran.out and "\n  apk add kmod-nfnetlink kmod-nfnetlink-queue\n" in ran.out, "the lines for the device")
    tap.equal(sorted(os.listdir(os.path.join(at, "vetted"))),
              ["README", "kmod-nfnetlink-6.6.86_pre-r1.apk", "kmod-nfnetlink-queue-6.6.86_pre-r1.apk", "packages.adb", "report.yaml"],
              "the files of the feed")
    rows = {row["name"]: row for row in adb.read_index(os.path.join(at, "vetted", "packages.adb"))}
    tap.equal(list(rows), sorted(packages), "the index has both, sorted by name")
    report = hashlib.sha256(vetting.read(os.path.join(at, "vetted", "report.yaml"))).hexdigest()
    for name, (info, files, data) in packages.items():
        path = os.path.join(at, "vetted", f"{name}-6.6.86_pre-r1.apk")
        new, row = adb.read_package(path), rows[name]
        tap.equal(new["files"], files, f"{name}: the files are the same")
        original = [payload for kind, payload in adb.blocks(adb.unpacked(data)) if kind == 2]
        tap.equal([payload for kind, payload in adb.blocks(adb.unpacked(vetting.read(path))) if kind == 2], original,
                  f"{name}: the data blocks are the same")
        tap.equal(vetting.read(path)[:4], b"ADBd", f"{name}: compressed as OpenWrt does")
        queue = ["kmod-nfnetlink=6.6.86_pre-r1", "kmod-nfnetlink>=6.6.86_pre", "!kmod-other=1-r1"] if "queue" in name else []
        tap.equal(new["depends"], [f"kernel={IMAGE_KERNEL}", *queue], f"{name}: the image's kernel, and versions with the mark")
        tap.equal((new["provides"], new["arch"], new["installed"], new["version"]), ([f"{name}-any"], ARCH, 70000, "6.6.86_pre-r1"),
                  f"{name}: what else it states")
        payload = adb.blocks(adb.unpacked(vetting.read(path)))[0][1]
        tap.equal(new["hashes"], hashlib.sha256(payload.replace(new["hashes"], bytes(20))).digest()[:20], f"{name}: its unique id")
        tap.equal((row["hashes"].hex(), row["size"]), (new["identity"], os.path.getsize(path)), f"{name}: hash and size in the index")
        tap.equal({key: row[key] for key in ("version", "depends", "description")}, {key: new[key] for key in ("version", "depends", "description")},
                  f"{name}: the index says the same")
        source = f"[X-Kmodaudit-Source: {name}-6.6.86-r1.apk sha256 {hashlib.sha256(data).hexdigest()}]"
        first = " ".join(info["depends"])
        for words in (f"About {name}. [X-Kmodaudit-Version: 6.6.86-r1] [X-Kmodaudit-Depends: {first}]", source, "[X-Kmodaudit-Proof: symbol-crcs]",
                      f"[X-Kmodaudit-Report: {report}]"):
            tap.ok(words in new["description"], f"{name}: its description has {words[:50]}")


def again(at):
    audit = tap.audit("device", "vetted", cwd=at).report()
    tap.equal({one["name"]: (one["verdict"], one["proof"]) for one in audit["packages"]},
              {"kmod-nfnetlink": ("safe", "symbol-crcs"), "kmod-nfnetlink-queue": ("safe", "symbol-crcs")}, "an audit of the feed proves both")
    managers = [one["found"] for package in audit["packages"] for one in package["findings"] if one["id"] == "package-manager"]
    tap.equal(managers, ["accepts", "accepts"], "and says that apk accepts both")
    first = vetting.tree(os.path.join(at, "vetted"))
    vet(at, "device", "vetted", "-o", "second")
    tap.equal(vetting.tree(os.path.join(at, "second")), first, "vet of the vetted feed: the same bytes")
    vet(at, "device", "feed", "-o", "vetted", "-j", "1")
    tap.equal(vetting.tree(os.path.join(at, "vetted")), first, "again into the same folder, on one thread: the same bytes")
    write(os.path.join(at, "second", "kmod-own-1-r1.apk"), b"mine")
    ran = tap.kmodaudit("vet", "device", "feed", "-o", "second", cwd=at)
    tap.ok(ran.status == 3 and "holds something else: kmod-own-1-r1.apk" in ran.err, "a package that the index does not have is a stranger")


def unfit(at):
    ran = vet(at, "device", "feed", "conntrack", "-o", "both", status=1)
    modules = adb.read_package(os.path.join(at, "both", "kmod-nfnetlink-6.6.86_pre-r1.apk"))["files"]
    safe = adb.read_package(os.path.join(at, "feed", "kmod-nfnetlink-6.6.86-r1.apk"))["files"]
    tap.ok(ran.status == 1 and modules == safe, "the packages of the other build are not in the feed")


def signed(at):
    for kind in ("ec", "rsa"):
        key = os.path.join(at, kind + ".pem")
        public = adb.make_key(key, kind)
        ran = vet(at, "device", "feed", "-o", "signed", "--sign", key, "--key-out")
        first = vetting.tree(os.path.join(at, "signed"))
        vet(at, "device", "signed", "-o", "signed-again", "--sign", key, "--key-out")
        tap.equal(vetting.tree(os.path.join(at, "signed-again")), first, f"{kind}: vet of the signed feed gives the same bytes")
        name = adb.key_id(key).hex() + ".pem"
        tap.ok(f"the public key etc/apk/keys/{name} of the feed as /etc/apk/keys/{name}" in ran.out, f"{kind}: where the key goes")
        folder = os.path.join(at, "signed")
        tap.equal(vetting.read(os.path.join(folder, "etc", "apk", "keys", name)), public, f"{kind}: the public key is in the feed")
        (_, payload), (block, signature) = adb.blocks(adb.unpacked(vetting.read(os.path.join(folder, "packages.adb"))))
        tap.equal((block, signature[:18]), (1, bytes([0, 4]) + adb.key_id(key)), f"{kind}: a signature block by that key")
        write(os.path.join(at, "signature"), signature[18:])
        checked = subprocess.run(["openssl", "dgst", "-sha512", "-verify", os.path.join(folder, "etc", "apk", "keys", name), "-signature",
                                  os.path.join(at, "signature")], input=b"indx" + signature[:18] + hashlib.sha512(payload).digest(),
                                 capture_output=True, check=False)
        tap.ok(checked.returncode == 0, f"{kind}: openssl verifies the signature") or tap.note(checked.stderr.decode())
        report = tap.audit("device", "signed", "--key", os.path.join(folder, "etc", "apk", "keys", name), cwd=at).report()
        tap.equal(report["feeds"][0]["signature"], "valid", f"{kind}: and so does the audit")


def refusals(at):
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", "ed.pem"], cwd=at, check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", "ec.pem", "-aes128", "-passout", "pass:x", "-out", "locked.pem"], cwd=at, check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", "ec.pem", "-pubout", "-out", "public.pem"], cwd=at, check=True, capture_output=True)
    refused(at, "ed.pem: a PEM key that neither apk nor opkg can use", "device", "feed", "-o", "out", "--sign", "ed.pem")
    refused(at, "locked.pem: the secret key is encrypted", "device", "feed", "-o", "out", "--sign", "locked.pem")
    refused(at, "public.pem: a public key", "device", "feed", "-o", "out", "--sign", "public.pem")
    if shutil.which("signify-openbsd"):
        subprocess.run(["signify-openbsd", "-G", "-n", "-p", "key.pub", "-s", "key.sec"], cwd=at, check=True)
        refused(at, "key.sec: a key of usign or signify, which apk cannot use", "device", "feed", "-o", "out", "--sign", "key.sec")
    refused(at, "ec.pem: a PEM key, which opkg cannot use", "device-crcs.bin", "later-crcs", "-o", "out", "--sign", "ec.pem")
    refused(at, "a package for opkg, and the image uses apk; nothing was written", "device", "later-crcs", "-o", "out")
    refused(at, "a package for apk, and the image uses opkg; nothing was written", "device-crcs.bin", "feed", "-o", "out")
    write(os.path.join(at, "odd", "x.apk"), apk_of(at, "later-crcs", "kmod-nfnetlink", version="one")[2])
    refused(at, "x.apk: cannot be rewritten: apk does not take one_pre for older than one", "device", "odd", "-o", "out")
    write(os.path.join(at, "lines", "x.apk"), apk_of(at, "later-crcs", "kmod-nfnetlink", description="two\nlines")[2])
    refused(at, "x.apk: cannot be rewritten: its description has several lines", "device", "lines", "-o", "out")


def old(at):
    """Packages of apk-tools 2: unproven, and vet says that it cannot write them."""
    module = next(data for name, data in vetting.members(vetting.members(vetting.read(os.path.join(at, "later-crcs", f"kmod-nfnetlink_6.6.86-r1_{ARCH}.ipk")))
                                                         ["data.tar.gz"]).items() if name.endswith(".ko"))
    content = [(".PKGINFO", b"pkgname = kmod-old\npkgver = 6.6.86-r1\n"), ("lib/modules/6.6.86/nfnetlink.ko", module)]
    write(os.path.join(at, "old", "kmod-old-6.6.86-r1.apk"), vetting.packed(content))
    ran = vet(at, "device", "old", "-o", "none", status=2)
    words = "kmod-old: old/kmod-old-6.6.86-r1.apk: a package of apk-tools 2, and only those of apk-tools 3 are read; vet cannot write it: build it with"
    tap.ok(ran.out.startswith("nothing to write") and words in ran.out and not os.path.exists(os.path.join(at, "none")), "apk-tools 2: why, and what to do") \
        or tap.note(ran.out)
    ran = vet(at, "device", "old", "feed", "-o", "some", status=2)
    tap.ok(words in ran.out and "some: 2 packages written" in ran.out, "apk-tools 2: the others are written")
    package = tap.audit("device", "old", cwd=at).report()["packages"][0]
    tap.equal((package["name"], package["verdict"]), ("kmod-old", "unproven"), "apk-tools 2: an audit says unproven")


def real(at):
    """Installs with apk itself into a root that it made, where packages have real architectures."""
    apk = shutil.which("apk")
    if not apk:
        tap.skip("real apk", "no program apk (apk-tools 3) in PATH")
        return
    root = os.path.join(at, "root")
    options = [apk, "--root", root, "--no-network", "--no-cache", "--no-logfile", "--no-interactive", "--repositories-file", "/dev/null"]
    write(os.path.join(at, "kernel.apk"), adb.make_package({"name": "kernel", "version": IMAGE_KERNEL, "arch": ARCH, "hashes": bytes(range(20)),
                                                           "installed": 1}, {}))
    run = {"capture_output": True, "text": True, "check": False}
    os.makedirs(root)
    start = subprocess.run([*options, "--arch", ARCH, "--allow-untrusted", "add", "--initdb", "--no-scripts", os.path.join(at, "kernel.apk")], **run)
    tap.ok(start.returncode == 0, "apk: a root with the image's kernel") or tap.note(start.stdout + start.stderr)
    before = subprocess.run([*options, "--allow-untrusted", "add", "--no-scripts", os.path.join(at, "feed", "kmod-nfnetlink-6.6.86-r1.apk")], **run)
    tap.ok(before.returncode != 0 and "kernel" in before.stderr + before.stdout, "apk: refused before vetting")
    keys = os.path.join(at, "signed", "etc", "apk", "keys")
    tap.equal(subprocess.run([apk, "verify", "--keys-dir", keys, os.path.join(at, "signed", "packages.adb")], **run).returncode, 0, "apk verify: the index")
    add = [*options, "--keys-dir", keys, "--repository", os.path.join(at, "signed", "packages.adb"), "add", "--no-scripts", "kmod-nfnetlink-queue"]
    after = subprocess.run(add, **run)
    modules = {name for _, _, names in os.walk(os.path.join(root, "lib", "modules")) for name in names}
    tap.ok(after.returncode == 0 and {"nfnetlink.ko", "nfnetlink_queue.ko"} <= modules, "apk: after vetting it installs both") or tap.note(after.stdout + after.stderr)
    second = subprocess.run(add, **run)
    tap.ok(second.returncode == 0 and "Installing" not in second.stdout + second.stderr, "apk: a second time it is up to date")


with tap.Scratch() as scratch:
    vetting.world(STORY, scratch)
    content = made(scratch)
    written(scratch, content)
    again(scratch)
    unfit(scratch)
    signed(scratch)
    refusals(scratch)
    old(scratch)
    real(scratch)
tap.done()
