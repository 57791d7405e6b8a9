#!/usr/bin/python3
"""FreeBSD repositories of version 1: digests says where each row of packagesite.yaml begins and what its digest is, filesite.yaml
lists the files of each package. Both are made here in the forms that pkg wrote. What contradicts a row is told, and a package whose
row is contradicted is not vouched for; what nothing contradicts is silent; what cannot be read, or is in an unknown form, is told
or passed over."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import PACKAGE, STORY, base32, members, pack  # noqa: E402
from tap import write  # noqa: E402

OTHER = {"name": "plain", "origin": "misc/plain", "version": "1", "arch": "freebsd:14:x86:64", "sum": "0" * 64, "repopath": "All/plain-1.txz",
         "options": {"DOCS": "on", "A": "off"}, "shlibs_required": ["libc.so.7"], "shlibs_provided": ["libx.so.1"], "users": ["www"],
         "groups": ["www"], "deps": {"y": {"origin": "misc/y", "version": "1"}}, "provides": ["p"], "requires": ["r"]}


def pairs(row, arch):
    """what pkg 1.3 to 1.15 digest"""
    told = [(key, row[key]) for key in ("name", "origin", "version")] + [("arch", row[arch])] + list(row.get("options", {}).items())
    for key, name in (("shlibs_required", "required_shlib"), ("shlibs_provided", "provided_shlib"), ("users", "user"), ("groups", "group"),
                      ("provides", "provide"), ("requires", "require")):
        told += [(name, value) for value in row.get(key, [])]
    told += [("depend", f"{name}~{dep['origin']}") for name, dep in row.get("deps", {}).items()]
    return "".join(key + value for key, value in sorted(told)).encode()


def sha256_base32(row, _):
    return "2$0$" + base32(hashlib.sha256(pairs(row, "arch" if "arch" in row else "abi")).digest())


def sha256_hex(row, _):
    return "2$1$" + hashlib.sha256(pairs(row, "arch" if "arch" in row else "abi")).hexdigest()


def blake2(row, _):
    return "2$2$" + base32(hashlib.blake2b(pairs(row, "arch" if "arch" in row else "abi")).digest())


def older(_, line):
    return hashlib.sha256(line).hexdigest()


def rows_of(at):
    return [OTHER, json.loads(members(f"{at}/plain/packagesite.txz")[0][1])]


def digest_lines(rows, form):
    lines, offset = [], 0
    for row in rows:
        line = json.dumps(row).encode()
        lines.append([row["origin"], form(row, line), str(offset), "0", str(len(line)), row["sum"]])
        offset += len(line) + 1
    return sorted(lines)


def repository(at, name, rows, lines, filesite=None, sides=()):
    folder = f"{at}/{name}"
    shutil.copytree(f"{at}/plain", folder)
    pack(f"{folder}/packagesite.txz", [("packagesite.yaml", b"".join(json.dumps(row).encode() + b"\n" for row in rows))])
    text = lines if isinstance(lines, bytes) else "".join(":".join(line) + "\n" for line in lines).encode()
    pack(f"{folder}/digests.txz", [*sides, ("digests", text)])
    if filesite is not None:
        pack(f"{folder}/filesite.txz", [("filesite.yaml", filesite)])
    return folder


def judged(at, folder, *more):
    ran = tap.audit(*more, f"{at}/device", folder)
    report = ran.report()
    return tap.verdicts(report)["x-kmod"], [finding["text"] for finding in report["feeds"][0]["findings"]]


def told(at, folder, words, what, verdict="safe"):
    found, said = judged(at, folder)
    if not tap.ok(found == verdict and len(said) == 1 and words in said[0], what):
        tap.note(f"{found}: {said}")


def forms(at):
    rows = rows_of(at)
    for form in (sha256_base32, sha256_hex, blake2, older):
        folder = repository(at, form.__name__, rows, digest_lines(rows, form))
        tap.equal(judged(at, folder), ("safe", []), f"digests in the form {form.__name__}: nothing is told")
    few = [line[:3] for line in digest_lines(rows, older)]
    tap.equal(judged(at, repository(at, "few", rows, few)), ("safe", []), "the first three fields alone")
    strange = [[line[0], "3$7$abc", *line[2:]] for line in digest_lines(rows, older)]
    tap.equal(judged(at, repository(at, "strange", rows, strange)), ("safe", []), "a digest of an unknown form is not compared")
    tap.equal(judged(at, f"{at}/plain"), ("safe", []), "what make_world wrote fits")


def changed(at, number, field, value):
    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)
    line = next(line for line in lines if line[0] == "misc/x-kmod")
    line[field] = value(line[field])
    return repository(at, f"changed{number}", rows, lines)


def contradictions(at):
    words = "digests contradicts the row of x-kmod in packagesite.yaml"
    for number, (field, value, what) in enumerate([
        (0, lambda _: "misc/y-kmod", "another origin"),
        (1, lambda old: old[:-1] + ("y" if old[-1] != "y" else "b"), "another digest"),
        (1, lambda _: "0" * 64, "another digest in the older form"),
        (4, lambda old: str(int(old) - 1), "another length"),
        (5, lambda _: "1" * 64, "another sum"),
    ]):
        told(at, changed(at, number, field, value), words, what)
    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)
    rows[1] = {**rows[1], "deps": {"z": {"origin": "misc/z", "version": "1"}}}
    lines[1][4] = str(len(json.dumps(rows[1])))
    folder = repository(at, "row-changed", rows, lines)
    told(at, folder, words, "a row that was changed behind digests")
    facts = json.loads(tap.kmodaudit("facts", "--format", "json", folder).out)["disagreements"]
    tap.equal([one["trouble"] for one in facts], ["digest-differs"], "facts tell it as well")
    tap.ok(facts[0]["expected"].startswith("digest 2$0$") and facts[0]["found"].startswith("digest 2$0$") and "digests.txz: line" in facts[0]["witness"],
           "with both values and the line")


def missing_rows(at):
    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)
    told(at, repository(at, "lacks", rows, lines[:1]), "packagesite.txz has 1 rows that the other does not have: x-kmod", "a row that digests lacks")
    told(at, repository(at, "empty", rows, b""), "has 2 rows that the other does not have: plain, x-kmod", "an empty digests")
    far = [["misc/gone", "2$0$y", "999999", "0", "10", "0" * 64]]
    told(at, repository(at, "beyond", rows, lines + far), "digests.txz has 1 rows that the other does not have: misc/gone", "a row behind the end")
    inside = [["misc/gone", "2$0$y", "7", "0", "10", "0" * 64]]
    told(at, repository(at, "inside", rows, lines + inside), "digests.txz has 1 rows that the other does not have: misc/gone", "a row inside of another")
    told(at, repository(at, "twice", rows, lines + lines[:1]), "digests.txz has 1 rows that the other does not have: misc/plain", "a row that is listed twice")


def unreadable(at):
    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)
    good = "".join(":".join(line) + "\n" for line in lines).encode()
    for number, (text, what) in enumerate([
        (good + b"misc/x\n", "a line without fields"),
        (good[:-1], "no line end at the end"),
        (good + b"misc/x:2$0$y:-1:0:10:0\n", "a negative offset"),
        (good + b"misc/x:2$0$y:99999999999999999999:0:10:0\n", "an offset of 20 digits"),
    ]):
        told(at, repository(at, f"bad{number}", rows, text), "the index cannot be read", what)
    folder = repository(at, "no-member", rows, lines)
    pack(f"{folder}/digests.txz", [("other", b"")])
    told(at, folder, "the index cannot be read", "an archive without the member")
    write(f"{folder}/digests.txz", b"\xfd7zXZ\0")
    told(at, folder, "the index cannot be read", "an archive that is cut off")
    write(f"{folder}/meta.conf", 'version = 2;\npacking_format = "txz";\n')
    tap.equal(judged(at, folder), ("safe", []), "version 2: digests is not read")


def lists(at):
    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)

    def listed(name, *files, version="1.0"):
        text = json.dumps({"origin": "misc/plain", "name": "plain", "version": "1", "files": ["/usr/share/plain"]})
        text += json.dumps({"origin": "misc/x-kmod", "name": "x-kmod", "version": version, "files": files})
        return repository(at, name, rows, lines, text.encode())

    path = next(name for name, _ in members(f"{at}/plain/{PACKAGE}") if name.endswith(".ko"))
    words = "the list of files of the repository names other modules of x-kmod than the package has"
    tap.equal(judged(at, listed("list", path, "/usr/share/x")), ("safe", []), "filesite.yaml with the module of the package")
    tap.equal(judged(at, listed("list-coded", path.replace("_", "%5f"))), ("safe", []), "its path in the form of pkg")
    tap.equal(judged(at, listed("list-other", version="2")), ("safe", []), "of another version: not compared")
    told(at, listed("list-none", "/usr/share/x"), words, "without the module")
    told(at, listed("list-more", path, "/boot/modules/if_y.ko"), words, "with one more")
    told(at, repository(at, "list-bad", rows, lines, b"{"), "the index cannot be read", "that is cut off")
    told(at, repository(at, "list-nameless", rows, lines, b'{"files":[]}'), "the index cannot be read", "without a name")


def signed(at):
    """The signature of digests is no part of the feed's, and one that is wrong is told."""
    key = f"{at}/key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", key], check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True).stdout
    write(f"{at}/key.pub", public)

    def sides(name, data):
        write(f"{at}/message", hashlib.sha256(data).hexdigest())
        made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key, f"{at}/message"], check=True, capture_output=True).stdout
        return [(f"{name}.sig", made), (f"{name}.pub", public)]

    rows = rows_of(at)
    lines = digest_lines(rows, sha256_base32)
    text = "".join(":".join(line) + "\n" for line in lines).encode()
    site = b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    def feed(name, digests_sides, told_lines=text):
        folder = repository(at, name, rows, told_lines, sides=digests_sides)
        pack(f"{folder}/packagesite.txz", [*sides("packagesite.yaml", site), ("packagesite.yaml", site)])
        report = tap.audit("--key", f"{at}/key.pub", f"{at}/device", folder).report()
        return report["feeds"][0]["signature"], [finding["text"] for finding in report["feeds"][0]["findings"]]

    tap.equal(feed("signed", sides("digests", text)), ("valid", []), "signed digests")
    found = feed("unsigned", [])
    tap.ok(found[0] == "valid" and "the signature of digests.txz is not valid: it is not signed, and the catalogue is" in found[1][0], "unsigned digests")
    found = feed("resigned", sides("digests", text + b"x"))
    tap.ok(found[0] == "valid" and "the signature of digests.txz is not valid: it does not match" in " ".join(found[1]), "digests that were changed after signing")
    disputed = [[*line[:5], "1" * 64] if line[0] == "misc/x-kmod" else line for line in lines]
    feed("disputed", sides("digests", b"x"), disputed)
    vouched = [tap.verdicts(tap.audit("--policy", "strict", "--key", f"{at}/key.pub", f"{at}/device", f"{at}/{name}").report())["x-kmod"]
               for name in ("signed", "disputed")]
    tap.equal(vouched, ["safe", "unsafe"], "where signatures are demanded, a disputed row does not vouch")


with tap.Scratch() as scratch:
    tap.world(write(f"{scratch}/story", STORY), scratch)
    forms(scratch)
    contradictions(scratch)
    missing_rows(scratch)
    unreadable(scratch)
    lists(scratch)
    signed(scratch)
tap.done()
