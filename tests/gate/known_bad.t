#!/usr/bin/python3
"""A passing plan of three images and three feeds. Each piece of bad input makes it fail, by the right rule, in the packages and
images that it concerns, and changes nothing else."""

import os
import struct
import sys

import gates
import tap
from gates import FILE, PLAN, Gate, copy, flipped, read, write, write_yaml

ROUTER, CAMERA, OFFICE = "router.bin", "camera.bin", "office.bin"
LINK, QUEUE = "kmod-nfnetlink", "kmod-nfnetlink-queue"
BOTH = {(LINK, "kmods"), (QUEUE, "kmods")}
MORE = """
build withdrawn like base-crcs
	hides netlink_unicast
image withdrawn.bin from withdrawn
	installed kmod-dummy kmod-lib-crc7
	key
build changed like base-crcs
	layout sk_buff 7
image changed.bin from changed
	installed kmod-dummy kmod-lib-crc7
	key
build revoking like base-crcs
image revoking.bin from revoking
	installed kmod-dummy kmod-lib-crc7
	key
	file etc/kmodaudit/providers/kernel.yaml {schema: kmodaudit/providers/1, provider: maker, interfaces: [{kernel: modules, supports: [{release: 6.6.86}], revoked: [{abi: 475b00aecaf183823515937b3561a876, since: 2026-03-02, why: a struct was changed}]}]}
feed foreign from conntrack-crcs
	holds kmod-nfnetlink kmod-nfnetlink-queue
feed unmatched from conntrack
	holds kmod-nfnetlink
"""
REVOKED = {"schema": "kmodaudit/providers/1", "provider": "maker", "interfaces": [
    {"kernel": "modules", "supports": [{"release": "6.6.86"}],
     "revoked": [{"abi": "475b00aecaf183823515937b3561a876", "since": "2026-03-02", "why": "a struct was changed"}]}]}


def red(gate, what, cells, rules, beside=(), status=1):
    """Fails with STATUS, and exactly CELLS fail: package and feed, on all images that the feed is paired with, or package, feed and
    image; each has a finding of one of RULES. BESIDE: at least one of these errors about the image or a feed."""
    failing = gate.failing() if gate.matrix else {}
    wanted = {key for key in (gate.cells() if gate.matrix else {}) if key in cells or key[:2] in cells}
    good = tap.ok(gate.status == status and gate.head.startswith("# fail: "), f"{what}: status {status}, fail")
    good &= tap.ok(set(failing) == wanted and len(wanted) >= len(cells), f"{what}: these packages fail, no others")
    good &= tap.ok(all(said & set(rules) or said == {"needs"} for said in failing.values()) and
                   (not cells or any(said & set(rules) for said in failing.values())), f"{what}: for {' or '.join(rules)}")
    if beside:
        said = set().union(*(gate.beside(key) for key in gate.pairs()))
        good &= tap.ok(bool(said & set(beside)), f"{what}: {' or '.join(beside)} beside")
    if not good:
        tap.note(f"wanted {wanted}, got {failing}")
        gate.tell()


def plan(**changes):
    return {**PLAN, **changes}


def unsigned(folder):
    """The plan for an index that nobody signed, though the images have a key."""
    write("signature: any\n", folder, "unsigned.yaml")
    return plan(policy="unsigned.yaml")


def swapped(image):
    """The plan with IMAGE in place of the router."""
    return plan(images=[{"path": image, "name": ROUTER}, *PLAN["images"][1:]])


def test_package_bytes(green, at):
    """One byte of the file is changed, at several places."""
    path = os.path.join(copy(green, at), "kmods", FILE.format(QUEUE))
    data = read(path)
    rules = ("package-checksum", "package-unreadable")
    wrong = []
    for place in range(0, len(data), 61):
        write(flipped(data, place), path)
        gate = Gate(at, PLAN, valid=False)
        failing = gate.failing()
        if gate.status != 1 or set(failing) != {(QUEUE, "kmods", ROUTER), (QUEUE, "kmods", CAMERA)} or \
                not all(said & set(rules) for said in failing.values()):
            wrong.append((place, gate.status, failing))
    if not tap.ok(not wrong, f"one byte of a package: red at each of {len(range(0, len(data), 61))} places"):
        tap.note(wrong[:5])
    write(flipped(data, len(data) // 2), path)
    red(Gate(at, PLAN), "one byte of a package", {(QUEUE, "kmods")}, rules)
    write(data + b"\0", path)
    red(Gate(at, PLAN), "one byte behind a package", {(QUEUE, "kmods")}, rules)


def test_module_bytes(green, at):
    """One byte of the module is changed in a package that is packed correctly; first with the old index, then without one."""
    def change(name, *rules, where, status=1):
        folder = copy(green, at)
        path = os.path.join(folder, "kmods", FILE.format(QUEUE))
        gates.package_changed(path, lambda elf: flipped(elf, where(elf)))
        red(Gate(folder, PLAN), f"one byte of a module, {name}, old index", {(QUEUE, "kmods")}, ("package-checksum",))
        gates.index_again(os.path.join(folder, "kmods"))
        red(Gate(folder, unsigned(folder)), f"one byte of a module, {name}, new index", {(QUEUE, "kmods")}, rules, status=status)

    def versions(elf, offset):
        return gates.sections(elf)["__versions"][1] + offset

    change("a CRC", "symbol-crc", where=lambda elf: versions(elf, 64 + 3))
    change("the CRC of struct module", "module-layout", where=lambda elf: versions(elf, 3))
    change("the name of a versioned symbol", "symbol-unversioned", where=lambda elf: versions(elf, 64 + 4), status=2)
    change("the name of an import", "symbol-missing", where=lambda elf: elf.index(b"nf_reinject\0", gates.sections(elf)[".strtab"][1]))
    change("vermagic", "vermagic", where=lambda elf: elf.index(b" SMP ") + 1)
    change("the machine", "machine", where=lambda elf: 19)
    change("the license", "symbol-gpl", where=lambda elf: elf.index(b"license=GPL") + len("license="))


def test_module_bytes_unseen(green, at):
    """Code that was changed shows in the checksum of the index only."""
    folder = copy(green, at)
    path = os.path.join(folder, "kmods", FILE.format(QUEUE))
    gates.package_changed(path, lambda elf: flipped(elf, gates.sections(elf)[".text"][1]))
    red(Gate(folder, PLAN), "one byte of code, old index", {(QUEUE, "kmods")}, ("package-checksum",))


def test_kernel(green, at):
    folder = copy(green, at)
    red(Gate(folder, swapped("withdrawn.bin")), "a withdrawn symbol", {(LINK, "kmods", ROUTER), (QUEUE, "kmods", ROUTER)},
        ("symbol-missing",))
    gate = Gate(folder, swapped("changed.bin"))
    red(gate, "a changed CRC", {key[:2] + (ROUTER,) for key in gate.cells() if key[2] == ROUTER and key[0] in (LINK, QUEUE)} |
        {("kmod-dummy", "base-feed", ROUTER)} & set(gate.failing()), ("symbol-crc",))


def test_revoked(green, at):
    folder = copy(green, at)
    write_yaml(REVOKED, folder, "ranges.yaml")
    red(Gate(folder, plan(providers="ranges.yaml")), "a revoked build, by the plan", BOTH, ("interface-revoked",))
    only = plan(images=[{"path": ROUTER, "providers": ["ranges.yaml"]}, *PLAN["images"][1:]])
    red(Gate(folder, only), "a revoked build, by the plan of one image", {(LINK, "kmods", ROUTER), (QUEUE, "kmods", ROUTER)},
        ("interface-revoked",))
    red(Gate(folder, swapped("revoking.bin")), "a revoked build, by a file in the image",
        {(LINK, "kmods", ROUTER), (QUEUE, "kmods", ROUTER)}, ("interface-revoked",))
    os.unlink(os.path.join(folder, "ranges.yaml"))
    gate = Gate(folder, only)
    tap.ok(gate.status == 3 and "ranges.yaml" in gate.said and not gate.matrix, "the file that revokes is gone: no answer")


def waivers(folder, expires, **more):
    entry = {"rule": "symbol-missing", "package": "kmod-nf*", "image": ROUTER, "reason": "tried by hand", "owner": "release team",
             "expires": expires, **more}
    return write_yaml({"schema": "kmodaudit/waivers/1", "waivers": [entry, {**entry, "rule": "no-proof"}]}, folder, "waivers.yaml")


def test_expired(green, at):
    folder = copy(green, at)
    waivers(folder, "2026-06-30")
    waived = {**swapped("withdrawn.bin"), "waivers": "waivers.yaml"}
    gate = Gate(folder, waived, "--today", "2026-06-30")
    tap.ok(gate.status == 0 and gate.head.startswith("# pass: ") and "2 waived" in gate.head, "a waiver on its last day: green")
    gate = Gate(folder, waived, "--today", "2026-07-01")
    red(gate, "an expired waiver", {(LINK, "kmods", ROUTER), (QUEUE, "kmods", ROUTER)}, ("symbol-missing",))
    tap.ok("waiver-expired" in gate.waiver_findings(), "an expired waiver: waiver-expired")
    os.unlink(os.path.join(folder, "waivers.yaml"))
    gate = Gate(folder, waived, "--today", "2026-06-30")
    tap.ok(gate.status == 3 and "waivers.yaml" in gate.said, "the waivers are gone: no answer")


def test_signature(green, at):
    """The policy requires signatures; the passing plan has them."""
    folder = copy(green, at)
    write("base: default\nsignature: valid\n", folder, "policy.yaml")
    signed = plan(policy="policy.yaml")
    gate = Gate(folder, signed)
    tap.ok(gate.status == 0 and gate.head.startswith("# pass: "), "all feeds are signed: green")
    rules, beside = ("package-signature", "package-checksum"), ("feed-signature",)
    signature = read(folder, "kmods", "Packages.sig")
    write(flipped(signature, len(signature) - 20), folder, "kmods", "Packages.sig")
    red(Gate(folder, signed), "a broken signature", BOTH, rules, beside)
    red(Gate(folder, PLAN), "a broken signature, any policy", BOTH, rules, beside)
    os.unlink(os.path.join(folder, "kmods", "Packages.sig"))
    red(Gate(folder, signed), "no signature", BOTH, rules)
    red(Gate(folder, PLAN), "no signature, no policy", BOTH, ("package-signature",), status=2)
    tap.equal(Gate(folder, unsigned(folder)).status, 0, "no signature, and a policy that wants none")
    gates.index_again(os.path.join(folder, "kmods"))
    red(Gate(folder, signed), "another index without a signature", BOTH, rules)
    copy(os.path.join(green, "kmods"), os.path.join(folder, "kmods"))
    red(Gate(folder, {**signed, **swapped("../strange/router.bin")}), "a key that the image has not",
        {(LINK, "kmods", ROUTER), (QUEUE, "kmods", ROUTER)}, rules)


def test_foreign(green, at):
    """A package of another build in a feed: where symbols have CRCs, and where only the abi differs."""
    folder = copy(green, at)
    os.replace(os.path.join(folder, "foreign", FILE.format(QUEUE)), os.path.join(folder, "kmods", FILE.format(QUEUE)))
    red(Gate(folder, PLAN), "a package of another abi, index not told", {(QUEUE, "kmods")}, ("package-checksum",))
    gates.index_again(os.path.join(folder, "kmods"))
    red(Gate(folder, unsigned(folder)), "a package of another abi, index told", {(QUEUE, "kmods")}, ("symbol-crc",))
    folder = copy(green, at)
    os.replace(os.path.join(folder, "unmatched", FILE.format(LINK)), os.path.join(folder, "own", FILE.format(LINK)))
    gates.index_again(os.path.join(folder, "own"))
    red(Gate(folder, unsigned(folder)), "a package of another abi, no CRCs", {(LINK, "own")}, ("no-proof",), status=2)


def test_cut(green, at):
    """An image or a feed that cannot be read: no answer about its pairs; all others do not change."""
    green_gate = Gate(copy(green, at), PLAN)
    whole = {name: read(at, "out", name) for name in sorted(os.listdir(os.path.join(at, "out")))}
    size = os.path.getsize(os.path.join(at, CAMERA))
    squashfs = read(at, CAMERA).index(b"hsqs")
    kernel, = struct.unpack_from(">I", read(at, CAMERA), 12)
    for left in (0, 40, kernel // 2, kernel + 63, squashfs + 100, squashfs + 1500):
        folder = copy(green, at)
        os.truncate(os.path.join(folder, CAMERA), left)
        gate = Gate(folder, PLAN)
        good = tap.ok(gate.status == 3 and gate.head.startswith("# fail: ") and "no answer about 2)" in gate.head,
                      f"an image cut at {left} of {size}: status 3")
        good &= tap.ok(all(gate.beside((CAMERA, feed)) == {"image-unreadable"} for feed in ("kmods", "base-feed")),
                       f"an image cut at {left}: image-unreadable")
        others = {key: value for key, value in green_gate.statuses().items() if key[0] != CAMERA}
        good &= tap.ok({key: gate.statuses()[key] for key in others} == others and gate.failing() == {},
                       f"an image cut at {left}: all other pairs as they were")
        now = {name: read(folder, "out", name) for name in sorted(os.listdir(os.path.join(folder, "out")))}
        good &= tap.ok(now == {name: text for name, text in whole.items() if not name.startswith(CAMERA)},
                       f"an image cut at {left}: their reports are written, and the same")
        if not good:
            gate.tell()
    folder = copy(green, at)
    write("no index\n", folder, "broken")
    gate = Gate(folder, plan(feeds=[*PLAN["feeds"], {"path": "nowhere"}], pairs=[*PLAN["pairs"], {"image": ROUTER, "feed": "nowhere"}]))
    tap.ok(gate.status == 3 and gate.beside((ROUTER, "nowhere")) == {"feed-unreadable"} and
           list(gate.statuses().values()).count(0) == 5, "a feed that is not there: feed-unreadable, all other pairs as they were")


def main():
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    with tap.Scratch() as scratch:
        green = os.path.join(scratch, "green")
        gates.make(green, MORE)
        os.makedirs(os.path.join(scratch, "strange"))
        gates.make(os.path.join(scratch, "strange"), story="image router.bin from base-crcs\n\tinstalled kmod-dummy kmod-lib-crc7\n")
        gate = Gate(green, PLAN)
        tap.equal((gate.status, gate.head), (0, "# pass: 10 packages; 6 safe, 4 installed (5 pairs, 0 fail)"), "the plan is green")
        os.rename(os.path.join(green, "out"), os.path.join(scratch, "out"))
        for test in tests:
            if len(sys.argv) == 1 or test.__name__ in sys.argv[1:]:
                test(green, os.path.join(scratch, "at"))
    tap.done()


main()
