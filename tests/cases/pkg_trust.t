#!/usr/bin/python3
"""Signatures of FreeBSD repositories: each type of key and both modes, keys and fingerprints of the image and of --key, revoked
fingerprints, changed bytes. Keys and signatures are made by openssl and put into pkg's own form here."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import STORY, members, pack  # noqa: E402
from tap import write  # noqa: E402

FIELD = 2**255 - 19
THIRD = 486662 * pow(3, -1, FIELD) % FIELD
# Of the two roots of -486664 the one that takes the base point of Curve25519 to Ed25519's (RFC 7748, 4.1).
ROOT = 0x70D9120B9F5FF9442D84F723FC03B0813A5E2C2EB482E57D3391FB5500BA81E7


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


def element(tag, data):
    size = bytes([len(data)]) if len(data) < 128 else bytes([0x81, len(data)])
    return bytes([tag]) + size + data


def point(public):
    """x and y on the Weierstrass form of Curve25519 of an Ed25519 public key"""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    square = (y * y - 1) * pow(d * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if x * x % FIELD != square:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if x % 2 != public[31] >> 7:
        x = FIELD - x
    u = (1 + y) * pow(1 - y, -1, FIELD) % FIELD
    return ((u + THIRD) % FIELD).to_bytes(32, "big") + (ROOT * u * pow(x, -1, FIELD) % FIELD).to_bytes(32, "big")


def own_form(public):
    """an EdDSA key as pkg writes it"""
    parts = element(12, b"pkg") + element(2, b"\1") + element(12, b"ecc") + element(12, b"WEI25519") + element(1, b"\xff")
    return element(0x30, parts + element(3, b"\0\4" + point(public)))


def integer(half):
    half = half.lstrip(b"\0")
    return element(2, b"\0" + half if half and half[0] >= 0x80 else half)


class Key:
    """A key of a type: its public part as pkg has it beside a signature, and signing."""

    def __init__(self, folder, kind, number=1):
        self.kind, self.path = kind, f"{folder}/{kind}{number}.key"
        options = {"rsa": ["RSA"], "ecdsa": ["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "eddsa": ["ED25519"]}[kind]
        openssl("genpkey", "-algorithm", *options, "-out", self.path)
        der = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")
        self.pem = openssl("pkey", "-in", self.path, "-pubout")
        self.public = {"rsa": self.pem, "ecdsa": der, "eddsa": own_form(der[-32:])}[kind]
        self.file = write(f"{folder}/{kind}{number}.pub", self.public)
        self.print = f'function: "sha256"\nfingerprint: "{hashlib.sha256(self.public).hexdigest()}"\n'

    def sign(self, message):
        write(self.path + ".message", message)
        if self.kind != "eddsa":
            return openssl("dgst", "-sha256", "-sign", self.path, self.path + ".message")
        raw = openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", self.path + ".message")
        return element(0x30, integer(raw[:32]) + integer(raw[32:]))

    def headed(self, data):
        return data if self.kind == "rsa" else f"$PKGSIGN:{self.kind}$".encode() + data

    def digits(self, catalogue):
        return hashlib.sha256(catalogue).hexdigest().encode()

    def with_key(self, catalogue, name="packagesite.yaml"):
        """the members of mode fingerprints"""
        return [(name + ".sig", self.headed(self.sign(self.digits(catalogue)))), (name + ".pub", self.headed(self.public))]

    def alone(self, catalogue):
        """the member of mode pubkey; pkg writes a NUL behind a signature of RSA (libpkg/pkgsign_ossl.c, ossl_sign_data)"""
        if self.kind == "rsa":
            return [("signature", self.sign(self.digits(catalogue)) + b"\0")]
        return [("signature", self.headed(self.sign(hashlib.blake2b(catalogue).digest())))]


def catalogue_of(folder):
    return dict(members(f"{folder}/packagesite.txz"))["packagesite.yaml"]


def repository(source, folder, signed, catalogue=None):
    shutil.copytree(source, folder)
    text = catalogue_of(source)
    pack(f"{folder}/packagesite.txz", [*signed(text), ("packagesite.yaml", catalogue(text) if catalogue else text)])
    return folder


def signature(*args):
    ran = tap.audit(*args)
    feed = ran.report()["feeds"][0] if ran.report() else {"signature": ran.err, "findings": []}
    said = [finding["text"] for finding in feed["findings"] if finding["id"] == "feed-signature"]
    verdict = tap.verdicts(ran.report()).get("x-kmod") if ran.report() else None
    return feed["signature"], " ".join(said), verdict


def longer(text):
    return text + b" "


def modes(at, image, kind):
    key, other = Key(at, kind), Key(at, kind, 2)
    printed = write(f"{at}/{kind}.print", key.print)
    feed = repository(f"{at}/plain", f"{at}/{kind}-fingerprints", key.with_key)
    tap.equal(signature("--key", printed, image, feed)[0], "valid", f"{kind}: a known fingerprint: valid")
    tap.equal(signature("--key", key.file, image, feed)[0], "valid", f"{kind}: the key itself: valid")
    found, text, verdict = signature("--key", other.file, image, feed)
    tap.equal((found, verdict), ("unknown-key", "unproven"), f"{kind}: another key is known: unknown-key, unproven")
    tap.ok(hashlib.sha256(key.public).hexdigest() in text, f"{kind}: the fingerprint is told")
    feed = repository(f"{at}/plain", f"{at}/{kind}-changed", key.with_key, longer)
    tap.equal(signature("--key", printed, image, feed)[::2], ("invalid", "unsafe"), f"{kind}: a changed catalogue: invalid, unsafe")
    feed = repository(f"{at}/plain", f"{at}/{kind}-swapped", lambda text: [other.with_key(text)[0], key.with_key(text)[1]])
    tap.equal(signature("--key", printed, image, feed)[0], "invalid", f"{kind}: a trusted key that did not sign: invalid")
    feed = repository(f"{at}/plain", f"{at}/{kind}-pubkey", key.alone)
    tap.equal(signature("--key", key.file, image, feed)[0], "valid", f"{kind}: mode pubkey: valid")
    tap.equal(signature("--key", other.file, image, feed)[0], "invalid", f"{kind}: mode pubkey, another key: invalid")
    tap.equal(signature(image, feed)[0], "unknown-key", f"{kind}: mode pubkey, no key: unknown-key")
    feed = repository(f"{at}/plain", f"{at}/{kind}-pubkey-changed", key.alone, longer)
    tap.equal(signature("--key", key.file, image, feed)[0], "invalid", f"{kind}: mode pubkey, a changed catalogue: invalid")


def forms(at, image):
    key = Key(at, "eddsa", 3)
    printed = write(f"{at}/form.print", key.print)
    feed = repository(f"{at}/plain", f"{at}/ecc", lambda text: [(n, d.replace(b":eddsa$", b":ecc$")) for n, d in key.with_key(text)])
    tap.equal(signature("--key", printed, image, feed)[0], "valid", "ecc is another name of eddsa")
    feed = repository(f"{at}/plain", f"{at}/dsa", lambda text: [(n, d.replace(b":eddsa$", b":dsa$")) for n, d in key.with_key(text)])
    found, text, verdict = signature("--key", printed, image, feed)
    tap.equal((found, verdict), ("unknown-key", "unproven"), "a type that pkg does not have: unknown-key")
    tap.ok("of type dsa" in text, "the type is told")
    for name, what in ((0, "its key"), (1, "its signature")):
        feed = repository(f"{at}/plain", f"{at}/half{name}", lambda text, left=1 - name: [key.with_key(text)[left]])
        tap.ok(signature("--key", printed, image, feed)[0] != "valid", f"without {what}: not valid")
    for cut in range(1, 90, 11):
        feed = repository(f"{at}/plain", f"{at}/cut{cut}", lambda text, cut=cut: [(n, d[:-cut]) for n, d in key.with_key(text)])
        tap.ok(signature("--key", printed, image, feed)[0] != "valid", f"key and signature without their last {cut} bytes: not valid")


def unreadable(at, image):
    """A catalogue whose rows cannot be read: without a signature none is wrong, and one that is there is still checked."""
    key = Key(at, "rsa", 10)
    broken = f"{at}/unreadable"
    shutil.copytree(f"{at}/plain", broken)
    os.remove(f"{broken}/packagesite.txz")

    def packed(signed, text=b'{"groups":[],"packages":[{"name": }]}'):
        pack(f"{broken}/data.pkg", [*signed(text), ("data", text)])
        return broken

    ran = tap.audit(image, packed(lambda text: []))
    said = {finding["id"]: finding["text"] for finding in ran.report()["feeds"][0]["findings"]}
    tap.equal((ran.report()["feeds"][0]["signature"], tap.verdicts(ran.report())["x-kmod"]), ("none", "safe"),
              "no signature, rows that cannot be read: none, and the package is judged")
    tap.ok("feed-index" in said and "feed-signature" not in said, "the index cannot be read, and no signature is wrong")
    tap.equal(signature("--key", key.file, image, packed(lambda text: key.with_key(text, "data")))[::2], ("valid", "safe"),
              "rows that cannot be read, as they were signed: valid")
    tap.equal(signature("--key", key.file, image, packed(lambda text: key.with_key(text + b" ", "data")))[::2], ("invalid", "unsafe"),
              "rows that cannot be read, changed after they were signed: invalid")
    tap.equal(signature("--key", key.file, image, packed(lambda text: []))[::2], ("none", "unproven"), "keys are known, no signature: none, unproven")


def short_halves(at, image):
    """Signatures whose halves begin with zeros: pkg writes them without these."""
    key = Key(at, "eddsa", 4)
    text = catalogue_of(f"{at}/plain")
    while key.sign(key.digits(text))[3] >= 32:
        text += b"\n"
    feed = repository(f"{at}/plain", f"{at}/short", lambda _: key.with_key(text), lambda _: text)
    tap.equal(signature("--key", key.file, image, feed)[0], "valid", "a half that begins with a zero: valid")


def without_nul(at, image):
    """Signatures of RSA in mode pubkey without the NUL behind them: pkg removes a last byte that is 0 from any (ossl_verify)."""
    key = Key(at, "rsa", 11)
    for zero, expected in ((False, "valid"), (True, "invalid")):
        text = catalogue_of(f"{at}/plain")
        while (key.sign(key.digits(text))[-1] == 0) != zero:
            text += b"\n"
        bare = [("signature", key.sign(key.digits(text)))]
        feed = repository(f"{at}/plain", f"{at}/bare{zero}", lambda _, bare=bare: bare, lambda _, text=text: text)
        tap.equal(signature("--key", key.file, image, feed)[0], expected, f"a signature without NUL, its last byte is {'' if zero else 'not '}0: {expected}")


def revoked(at, image):
    key, good = Key(at, "eddsa", 5), Key(at, "rsa", 5)
    feed = repository(f"{at}/plain", f"{at}/revoked-feed", key.with_key)
    folder = f"{at}/keys"
    write(f"{folder}/trusted/good", good.print)
    write(f"{folder}/trusted/old", key.print)
    tap.equal(signature("--key", folder, image, feed)[0], "valid", "--key DIR reads DIR/trusted")
    write(f"{folder}/revoked/old", key.print)
    found, text, verdict = signature("--key", folder, image, feed)
    tap.equal((found, verdict), ("invalid", "unsafe"), "a fingerprint that is trusted and revoked: invalid")
    tap.ok("is revoked" in text and f"{folder}/revoked/old" in text, "the report says so, and by which file")
    tap.equal(signature("--key", f"{folder}/trusted", "--key", f"{folder}/revoked/old", image, feed)[0], "invalid",
              "the file given by its name: invalid")
    ran = tap.kmodaudit("audit", "--key", "old", os.path.abspath(image), feed, cwd=f"{folder}/revoked")
    tap.equal(ran.report()["feeds"][0]["signature"], "invalid", "from inside of the folder: invalid")
    os.symlink("../revoked/old", f"{folder}/trusted/older")
    os.remove(f"{folder}/trusted/old")
    tap.equal(signature("--key", f"{folder}/trusted/older", "--key", key.file, image, feed)[0], "valid", "a link is where it stands")
    tap.equal(signature("--key", folder, "--key", key.file, image, feed)[0], "invalid", "the key itself does not help")
    both = repository(f"{at}/plain", f"{at}/both", lambda text: good.with_key(text, "a") + key.with_key(text, "b"))
    tap.equal(signature("--key", folder, image, both)[0], "invalid", "one of two signatures by a revoked key: invalid, as in pkg")
    alone = repository(f"{at}/plain", f"{at}/alone", key.alone)
    tap.equal(signature("--key", folder, "--key", key.file, image, alone)[0], "invalid", "mode pubkey by a revoked key: invalid")
    tap.ok("not a public key" in tap.audit("--key", write(f"{folder}/revoked/key", key.public), image, feed).err,
           "a key in a revoked folder is not read")
    owned = shutil.copytree(image, f"{at}/owned")
    write(f"{owned}/usr/share/keys/pkg/trusted/old", key.print)
    tap.equal(signature(owned, feed)[0], "valid", "the image's own fingerprint: valid")
    write(f"{owned}/usr/share/keys/pkg/revoked/old", key.print)
    tap.equal(signature(owned, feed)[::2], ("invalid", "unsafe"), "the image has revoked it: invalid")


def certificates(at, image):
    """Keys in the repository's meta, for signatures without one beside them, as pkg 2.8 takes them."""
    key, other = Key(at, "rsa", 6), Key(at, "rsa", 7)
    printed = write(f"{at}/cert.print", key.print)

    def feed(name, certs, signed=lambda text: key.with_key(text)[:1]):
        folder = repository(f"{at}/plain", f"{at}/{name}", signed)
        pack(f"{folder}/meta.txz", [("meta", ('version = 1;\npacking_format = "txz";\n' + certs).encode())])
        return folder

    def cert(key, name="packagesite.yaml", kind="rsa"):
        return f"cert {{ type = {kind}; name = \"{name}\"; data = {json.dumps(key.pem.decode())} }}\n"

    tap.equal(signature("--key", printed, image, feed("cert", cert(key)))[0], "valid", "a cert of the signature's name: valid")
    tap.equal(signature(image, feed("cert-unknown", cert(key)))[0], "unknown-key", "meta is not trusted: the fingerprint decides")
    tap.equal(signature("--key", printed, "--key", write(f"{at}/cert.other", other.print), image, feed("cert-other", cert(other)))[0], "invalid",
              "a cert of another key: invalid")
    found, text, _ = signature("--key", printed, image, feed("cert-named", cert(key, "data")))
    tap.ok(found == "unknown-key" and "neither packagesite.yaml.pub nor a cert of that name" in text, "a cert of another name: unknown-key, and why")
    tap.equal(signature("--key", printed, image, feed("cert-kind", cert(key, kind="ecdsa")))[0], "unknown-key", "pkg reads certs of RSA only: unknown-key")
    both = feed("cert-half", "", lambda text: key.with_key(text) + other.with_key(text, "x")[:1])
    tap.equal(signature("--key", printed, image, both)[0], "unknown-key", "one of two signatures without a key: pkg trusts none")
    both = feed("cert-rest", "", lambda text: key.with_key(text) + other.with_key(text, "x")[1:])
    tap.equal(signature("--key", printed, image, both)[0], "invalid", "a key without its signature beside a good pair: invalid")
    both = feed("cert-alone", "", lambda text: key.alone(text) + other.with_key(text, "x")[:1])
    tap.equal(signature("--key", key.file, image, both)[0], "valid", "mode pubkey asks for its own signature only")


def configured(at, image):
    """What an image trusts is what the files of its repositories name."""
    key, other = Key(at, "rsa", 8), Key(at, "rsa", 9)
    feeds = {"fingerprints": repository(f"{at}/plain", f"{at}/conf-prints", key.with_key), "pubkey": repository(f"{at}/plain", f"{at}/conf-key", key.alone)}
    base = 'FreeBSD: { url: "pkg+https://pkg.FreeBSD.org/${ABI}/latest", signature_type: "fingerprints", fingerprints: "/usr/share/keys/pkg", enabled: yes }\n'
    number = 0

    def judge(expected, what, files, mode="fingerprints", links=()):
        nonlocal number
        number += 1
        tree = shutil.copytree(image, f"{at}/conf{number}")
        for path, text in files.items():
            write(f"{tree}/{path}", text)
        for path, target in links:
            os.makedirs(os.path.dirname(f"{tree}/{path}"), exist_ok=True)
            os.symlink(target, f"{tree}/{path}")
        found = signature(tree, feeds[mode])
        tap.equal(found[0], expected, what)
        return tree

    def repo(text, name="usr/local/etc/pkg/repos/own.conf"):
        return {name: text}

    opn = "usr/local/etc/pkg/fingerprints/OPNsense"
    opnsense = repo(f'OPNsense: {{\n  fingerprints: "/{opn}",\n  url: "pkg+https://pkg.opnsense.org/${{ABI}}/25.1/latest",\n'
                    '  signature_type: "fingerprints",\n  mirror_type: "srv",\n  priority: 11,\n  enabled: yes\n}\n')
    judge("valid", "a folder below usr/local", {**opnsense, f"{opn}/trusted/pkg.opnsense.org": key.print})
    judge("unknown-key", "a folder that no file names", {"etc/pkg/FreeBSD.conf": base, f"{opn}/trusted/pkg.opnsense.org": key.print})
    judge("unknown-key", "and the usual folder, where another one is named", {**opnsense, "usr/share/keys/pkg/trusted/x": key.print})
    judge("invalid", "its folder revoked", {**opnsense, f"{opn}/trusted/a": key.print, f"{opn}/revoked/a": key.print})
    keys = "usr/local/share/pfSense/keys/pkg"
    pfsense = "FreeBSD: { enabled: no }\npfSense-core: {\n  url: \"pkg+https://x\",\n  signature_type: \"fingerprints\",\n  fingerprints: \"/" + keys + "\",\n  enabled: yes\n}\n"
    files = {"usr/local/share/pfSense/pkg/repos/pfSense-repo.conf": pfsense, f"{keys}/trusted/x": key.print}
    judge("valid", "a link to the file of a repository", files, links=[("usr/local/etc/pkg/repos/pfSense.conf", "/usr/local/share/pfSense/pkg/repos/pfSense-repo.conf")])
    judge("unknown-key", "which does not count without the link", {**files, "etc/pkg/FreeBSD.conf": base})
    judge("valid", "a link to a fingerprint", {**opnsense, f"{opn}/x.pub": key.print}, links=[(f"{opn}/trusted/x", "../x.pub")])
    judge("unknown-key", "links in a circle", opnsense, links=[(f"{opn}/trusted/x", "y"), (f"{opn}/trusted/y", "x")])
    usual = {"usr/share/keys/pkg/trusted/x": key.print, "etc/pkg/FreeBSD.conf": base}
    judge("valid", "the usual file", usual)
    judge("unknown-key", "a later file disables it", {**usual, **repo("FreeBSD: { enabled: no }\n")})
    judge("valid", "an earlier file of that folder does not count", {**usual, **repo("FreeBSD: { enabled: no }\n", "usr/local/etc/pkg/repos/a.conf"),
                                                                     **repo("freebsd: { ENABLED: Yes }\n", "usr/local/etc/pkg/repos/b.conf")})
    judge("unknown-key", "a later file names another folder", {**usual, **repo('FreeBSD: { fingerprints: "/usr/share/keys/other" }\n')})
    judge("unknown-key", "signature_type none", {**usual, **repo('FreeBSD: { signature_type: "none" }\n')})
    judge("valid", "a type that is no text: that entry is ignored", {**usual, **repo('FreeBSD: { signature_type: "none", url: [1] }\n')})
    judge("valid", "a type that pkg does not have: likewise", {**usual, **repo('FreeBSD: { enabled: no, signature_type: "pgp" }\n')})
    judge("unknown-key", "no signature_type", {**repo('x: { url: "file:///x", fingerprints: "/usr/share/keys/pkg" }\n'), "usr/share/keys/pkg/trusted/x": key.print})
    judge("unknown-key", "no url", {**repo('x: { signature_type: fingerprints, fingerprints: "/usr/share/keys/pkg" }\n'), "usr/share/keys/pkg/trusted/x": key.print})
    versioned = repo('x: { url: "file:///x", signature_type: fingerprints, fingerprints: "/usr/share/keys/pkgbase-${VERSION_MAJOR}" }\n')
    judge("valid", "a folder with the version of the system", {**versioned, "usr/share/keys/pkgbase-14/trusted/x": key.print})
    judge("unknown-key", "of another version", {**versioned, "usr/share/keys/pkgbase-15/trusted/x": key.print})
    broken = judge("unknown-key", "a file that is cut off", {**repo('x: { url: "file:///x", signature_type: fingerprints, fingerprints: "/usr/share/keys/pkg"'),
                                                            "usr/share/keys/pkg/trusted/x": key.print})
    ran = tap.audit(broken, feeds["fingerprints"])
    tap.ok("own.conf" in ran.out and "the keys that it names are not known" in ran.out, "is told")
    pubkey = repo('x: { url: "file:///x", signature_type: "pubkey", pubkey: "/usr/local/etc/pkg/keys/x.key" }\n')
    judge("valid", "a public key", {**pubkey, "usr/local/etc/pkg/keys/x.key": key.public}, "pubkey")
    judge("invalid", "another public key", {**pubkey, "usr/local/etc/pkg/keys/x.key": other.public}, "pubkey")
    judge("unknown-key", "a public key that is not there", {**pubkey, "usr/local/etc/pkg/keys/y.key": key.public}, "pubkey")
    cert = repo('x: { url: "file:///x", signature_type: "pubkey", pubkey: "/usr/local/etc/ssl/certs/poudriere.cert" }\n')
    judge("valid", "a public key with another name", {**cert, "usr/local/etc/ssl/certs/poudriere.cert": key.public}, "pubkey")


with tap.Scratch() as scratch:
    tap.world(write(f"{scratch}/story", STORY), scratch)
    device = f"{scratch}/device"
    tap.equal(signature(device, f"{scratch}/plain")[::2], ("none", "safe"), "no signature: none")
    for each in ("rsa", "ecdsa", "eddsa"):
        modes(scratch, device, each)
    forms(scratch, device)
    unreadable(scratch, device)
    short_halves(scratch, device)
    without_nul(scratch, device)
    revoked(scratch, device)
    certificates(scratch, device)
    configured(scratch, device)
tap.done()
