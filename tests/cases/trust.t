#!/usr/bin/python3
"""Which signatures of a feed count: usign and apk, keys of the image and of --key, changed bytes, policies."""

import base64
import glob
import gzip
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import adb  # noqa: E402
import tap  # noqa: E402
from tap import write  # noqa: E402

ABI = "6.12.74~ea63eca8388c3b20e2a7a5d5cbdbc7e1-r1"


def usign_key(path, number):
    """Makes an Ed25519 key; returns usign's public key file and a function that signs as usign does."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", path], check=True)
    der = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    fingerprint = bytes([number] * 8)

    def lines(comment, data):
        return f"untrusted comment: {comment}\n{base64.b64encode(b'Ed' + fingerprint + data).decode()}\n"

    def sign(message):
        write(path + ".message", message)
        signed = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", path + ".message"], check=True,
                                capture_output=True).stdout
        return lines("signed by key", signed)

    return lines("public key", der[-32:]), sign


def package(name, version="1", **more):
    return {"name": name, "version": version, "arch": "aarch64_cortex-a53", "depends": ["kernel=" + ABI], **more}


def image(root, keys=()):
    kernel = {"name": "kernel", "version": ABI, "arch": "aarch64_cortex-a53"}
    write(f"{root}/lib/apk/db/installed", adb.installed_text([kernel, package("kmod-base")]))
    write(f"{root}/lib/modules/6.12.74/base.ko", "not looked at")
    for name, data in keys:
        write(f"{root}/{name}", data)
    return root


def states(*args):
    ran = tap.audit(*args)
    report = ran.report() or {"feeds": [], "packages": []}
    return ran, [feed["signature"] for feed in report["feeds"]], tap.verdicts(report) if report["packages"] else {}


def why(ran):
    return [finding["text"] for feed in ran.report()["feeds"] for finding in feed["findings"] if finding["id"] == "feed-signature"]


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def apk_feed(folder, keys=(), name="kmod-x"):
    data = adb.make_package(package(name), {f"lib/apk/packages/{name}.list": b"x\n"})
    write(f"{folder}/{name}-1.apk", data)
    write(f"{folder}/packages.adb", adb.make_index([(package(name), data)], keys))
    return folder


def test_apk(at):
    good, bad = adb.make_key(f"{at}/good"), adb.make_key(f"{at}/bad")
    rsa = adb.make_key(f"{at}/rsa", "rsa")
    bare, keyed = image(f"{at}/bare"), image(f"{at}/keyed", [("etc/apk/keys/good.pem", good)])
    feed = apk_feed(f"{at}/feed", [f"{at}/good"])
    tap.equal(states(bare, apk_feed(f"{at}/unsigned"))[1], ["none"], "apk: an index without a signature: none")
    ran, signature, verdicts = states(bare, feed)
    tap.equal((signature, verdicts["kmod-x"]), (["unknown-key"], "safe"), "apk: a key that nobody has: unknown-key, verdicts stay")
    tap.ok(adb.key_id(f"{at}/good").hex() in why(ran)[0], "apk: the report names the key")
    tap.equal(states(keyed, feed)[1], ["valid"], "apk: a key in the image's etc/apk/keys: valid")
    tap.equal(states("--key", write(f"{at}/other.pem", bad), bare, feed)[1], ["unknown-key"], "apk: another key: unknown-key")
    tap.equal(states("--key", write(f"{at}/good.pem", good), bare, feed)[1], ["valid"], "apk: --key FILE: valid")
    write(f"{at}/keys/one.pem", bad)
    write(f"{at}/keys/two.pem", good)
    write(f"{at}/keys/README", "no key")
    tap.equal(states("--key", f"{at}/keys", bare, feed)[1], ["valid"], "apk: --key DIR: valid")
    both = apk_feed(f"{at}/both", [f"{at}/bad", f"{at}/good"])
    tap.equal(states(keyed, both)[1], ["valid"], "apk: one signature by a known key will do")
    tap.equal(states("--key", write(f"{at}/rsa.pem", rsa), bare, apk_feed(f"{at}/by-rsa", [f"{at}/rsa"]))[1], ["valid"],
              "apk: an RSA key: valid")
    plain = adb.unpacked(open(f"{feed}/packages.adb", "rb").read())
    for what, at_byte in [("in the database", plain.index(b"aarch64_cortex-a53")), ("in the signature", len(plain) - 12)]:
        write(f"{at}/changed/packages.adb", flipped(plain, at_byte))
        shutil.copy(f"{feed}/kmod-x-1.apk", f"{at}/changed/")
        ran, signature, verdicts = states(keyed, f"{at}/changed")
        tap.equal((ran.status, signature, verdicts.get("kmod-x")), (1, ["invalid"], "unsafe"),
                  f"apk: one byte changed {what}: invalid, and the package is unsafe")
    data = open(f"{feed}/packages.adb", "rb").read()
    for size in [2 ** n for n in range(3, 12) if 2 ** n < len(data)]:
        write(f"{at}/cut/packages.adb", data[:size])
        shutil.copy(f"{feed}/kmod-x-1.apk", f"{at}/cut/")
        tap.ok(states(keyed, f"{at}/cut")[1] != ["valid"], f"apk: an index cut at {size} bytes is not valid")


def test_hashes(at):
    bare, feed = image(f"{at}/bare"), apk_feed(f"{at}/stale")
    other = adb.make_package(package("kmod-x", description="built again"), {"lib/apk/packages/kmod-x.list": b"y\n"})
    write(f"{feed}/kmod-x-1.apk", other)
    write(f"{feed}/kmod-y-1.apk", adb.make_package(package("kmod-y"), {}))
    ran, _, verdicts = states(bare, feed)
    tap.equal((ran.status, verdicts["kmod-x"], verdicts["kmod-y"]), (1, "unsafe", "safe"),
              "apk: a package that is not the one the index lists is unsafe, its neighbour is not")
    said = [(f["id"], f["subject"]) for f in ran.report()["feeds"][0]["findings"]]
    tap.ok(("feed-checksum", "kmod-x") in said, "apk: the identity in the index is held against the file")
    tap.ok(("feed-index", "kmod-y") in said, "apk: a file without a row is named")
    os.remove(f"{feed}/kmod-x-1.apk")
    said = [(f["id"], f["text"]) for f in tap.audit(bare, feed).report()["feeds"][0]["findings"]]
    tap.ok(("feed-index", "the index lists kmod-x, but the file does not exist") in said, "apk: a row without a file is named")


def ipk_feed(folder, world, sign=None):
    shutil.copytree(world, folder)
    if sign:
        write(f"{folder}/Packages.sig", sign(open(f"{folder}/Packages", "rb").read()))
    return folder


def test_usign(at):
    story = write(f"{at}/story", open(os.path.join(tap.ROOT, "fixtures", "founding.world")).read()
                  + "\nfeed plain from release\n\tholds kmod-nfnetlink\n\tindex\n")
    tap.world(story, at)
    (public, sign), (other, _) = usign_key(f"{at}/ed", 1), usign_key(f"{at}/ed2", 2)
    (forged, _) = usign_key(f"{at}/ed3", 1)
    feed = ipk_feed(f"{at}/signed", f"{at}/plain", sign)
    device, key = f"{at}/device.bin", write(f"{at}/public", public)
    tap.equal(states(device, f"{at}/plain")[1], ["none"], "usign: no Packages.sig: none")
    tap.equal(states(device, feed)[1], ["unknown-key"], "usign: a key that nobody has: unknown-key")
    tap.equal(states("--key", key, device, feed)[1], ["valid"], "usign: the right key: valid")
    tap.equal(states("--key", write(f"{at}/other", other), device, feed)[1], ["unknown-key"], "usign: another key: unknown-key")
    tap.equal(states("--key", write(f"{at}/forged", forged), device, feed)[1], ["invalid"],
              "usign: a key of the same fingerprint that did not sign: invalid")
    tap.equal(states("--key", f"{at}/forged", "--key", key, device, feed)[1], ["valid"], "usign: unless the right one is there too")
    index = open(f"{feed}/Packages", "rb").read()
    os.remove(f"{feed}/Packages")
    tap.equal(states("--key", key, device, feed)[1], ["valid"], "usign: of Packages.gz alone, its text is what was signed")
    write(f"{feed}/Packages", index + b"\n")
    ran, signature, verdicts = states("--key", key, device, feed)
    tap.equal((ran.status, signature, set(verdicts.values())), (1, ["invalid"], {"unsafe"}),
              "usign: one byte more in the index: invalid, its packages are unsafe")
    write(f"{feed}/Packages", index)
    tap.equal(states("--key", key, device, feed)[1], ["valid"], "usign: both texts are what was signed: valid")
    with gzip.open(f"{feed}/Packages.gz", "wb") as file:
        file.write(index + b"\n")
    ran, signature, verdicts = states("--key", key, device, feed)
    tap.equal((ran.status, signature, set(verdicts.values())), (1, ["invalid"], {"unsafe"}),
              "usign: Packages.gz has another text than the signed Packages: invalid, it is what opkg takes")
    shutil.copy(f"{at}/plain/Packages.gz", f"{feed}/Packages.gz")
    text = open(f"{feed}/Packages.sig", encoding="utf-8").read()
    write(f"{feed}/Packages.sig", text + "\n \n")
    tap.equal(states("--key", key, device, feed)[1], ["valid"], "usign: blanks behind the signature")
    for more in ["x", "untrusted comment: x\n", text, "\0"]:
        write(f"{feed}/Packages.sig", text + more)
        tap.equal(states("--key", key, device, feed)[1], ["invalid"], f"usign: {more[:24]!r} behind the signature: invalid")
    for text in ["", "untrusted comment: x\n", "untrusted comment: x\nAAAA\n", "\0" * 99]:
        write(f"{feed}/Packages.sig", text)
        tap.equal(states("--key", key, device, feed)[1], ["invalid"], f"usign: {text[:24]!r} is no signature: invalid")


def test_policy(at):
    bare = image(f"{at}/bare")
    adb.make_key(f"{at}/good")
    public = write(f"{at}/good.pem", subprocess.run(["openssl", "pkey", "-in", f"{at}/good", "-pubout"], check=True,
                                                    capture_output=True).stdout)
    feed, strict = apk_feed(f"{at}/feed", [f"{at}/good"]), write(f"{at}/policy", "signature: valid\n")
    tap.equal(states("--policy", strict, bare, feed)[2], {"kmod-x": "unsafe"}, "policy: unknown-key will not do where valid is wanted")
    tap.equal(states("--policy", strict, bare, apk_feed(f"{at}/none"))[2], {"kmod-x": "unsafe"}, "policy: nor does none")
    tap.equal(states("--policy", strict, "--key", public, bare, feed)[2], {"kmod-x": "safe"}, "policy: valid does")
    tap.equal(states("--policy", write(f"{at}/any", "signature: any\n"), bare, feed)[2], {"kmod-x": "safe"}, "policy: any")
    ran = tap.audit("--policy", write(f"{at}/wrong", "signature: maybe\n"), bare, feed)
    tap.ok(ran.status == 3 and "signature must be any, keyed or valid" in ran.err, "policy: anything else is refused")
    for what, path in [("no key", write(f"{at}/nokey", "hello\n")), ("empty", write(f"{at}/nokeys/x", "hello\n")[:-2]),
                       ("missing", f"{at}/not-there")]:
        ran = tap.audit("--key", path, bare, feed)
        tap.ok(ran.status == 3 and path in ran.err, f"--key: {what}: says so")


def test_real(at):
    if not os.path.isdir(tap.CORPUS):
        return tap.skip("real feeds", "no corpus")
    signed, device = tap.corpus("signed-feed-mips"), glob.glob(tap.corpus("tl-wr740n-4.1.20-mips") + "/*sysupgrade.bin")[0]
    key = f"{signed}/pekmop1024-repo.pub"
    tap.equal(states(device, signed)[1], ["unknown-key"], "signed-feed-mips: the device does not know its key")
    tap.equal(states("--key", key, device, signed)[1], ["valid"], "signed-feed-mips: valid with its own key")
    tree = tap.corpus("tl-wr740n-4.1.20-mips", "packages")
    for folder in sorted(os.path.dirname(path) for path in glob.glob(f"{tree}/*/Packages.sig")):
        ran, signature, _ = states(device, folder)
        if ran.status != 3:
            tap.equal(signature, ["valid"], f"tl-wr740n {os.path.basename(folder)}: valid with the key inside the image")
    write(f"{at}/changed/Packages", flipped(open(f"{signed}/Packages", "rb").read(), 100))
    for path in [*glob.glob(f"{signed}/*.ipk"), f"{signed}/Packages.sig"]:
        shutil.copy(path, f"{at}/changed/")
    tap.equal(states("--key", key, device, f"{at}/changed")[1], ["invalid"], "signed-feed-mips: one byte changed: invalid")
    for name in "ab":
        feed = tap.corpus(f"aarch64-6.12.74-apk-{name}")
        tap.equal(states("--only", "kmod-ath", device, feed)[1], ["unknown-key"], f"apk-{name}: nobody has its key")


for test in (test_apk, test_hashes, test_usign, test_policy, test_real):
    with tap.Scratch() as scratch:
        test(scratch)
tap.done()
