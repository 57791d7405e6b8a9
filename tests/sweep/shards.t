#!/usr/bin/python3
"""`kmodaudit merge` refuses reports of shards and of whole runs that were cut short or changed. If such a report has a matching
digest, the program still ends with a status from 0 to 3 and does not crash."""

import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scale"))
import plans  # noqa: E402
from plans import tap  # noqa: E402

SEAL = b"# sha256: "
WORDS = [(b"status: 1", b"status: 9"), (b"place: 2", b"place: 4294967295"), (b"place: 2", b"place: 99999999999999999999"),
         (b"verdict: unsafe", b"verdict: [unsafe]"), (b"matrix:", b"matrix: {}\nmore:"), (b"pairs:\n", b"pairs: 1\nmore:\n"),
         (b"summary: {packages: ", b"summary: {packages: -"), (b'shard: "2/2"', b'shard: "2/99999999"'), (b'shard: "2/2"', b'shard: "3/2"'),
         (b"images: [plain, crcs]", b"images: [[plain], {crcs: 1}]"), (b"waived: ", b"waived: nobody, more: "),
         (b"levels: {", b"levels: {needs: fatal, "), (b"policy:\n", b"policy: none\nmore:\n"), (b"findings: 0", b"findings: many"),
         (b"schema: ", b"schema: &a "), (b"tool: {", b"tool: {{{{{{"), (b"gate: fail", b"gate: \"\\x00\""), (b"image: crcs", b"image: ~"),
         (b"- place", b"- *place"), (b"expires: ", b"expired: "), (b"feed: ", b"\xff\xfe: ")]


def sealed(data):
    return data + SEAL + hashlib.sha256(data).hexdigest().encode() + b"\n"


def places(size, count):
    """About COUNT positions spread over a file, and the last ones."""
    return sorted({*range(0, size, max(1, size // count)), *range(max(0, size - 4), size)})


def sweep(where, other, what, cases, must_refuse):
    wrong = []
    for name, data in cases:
        with open(os.path.join(where, "damaged.yaml"), "wb") as file:
            file.write(data)
        ran = plans.merge(where, [*other, "damaged.yaml"])
        refused = ran.status == 3 and not ran.out and ran.err.count("\n") == 1
        if not ran.sane() or (must_refuse and not refused):
            wrong.append((name, ran.status, ran.err[:300]))
    tap.equal(wrong, [], f"{what}: {len(cases)} times")


def lines_gone(data):
    lines = data.splitlines(keepends=True)
    return [(f"line {at + 1}", b"".join(lines[:at] + lines[at + 1:])) for at in range(len(lines))]


with tap.Scratch() as scratch:
    plans.make(scratch, waivers="waivers.yaml")
    waiver = {"reason": "tried by hand", "owner": "release team", "expires": "2030-12-31"}
    waivers = [{"rule": "symbol-crc", "module": "nfnetlink_queue", **waiver}, {"rule": "softdep", "package": "kmod-nf*", **waiver}]
    plans.write(os.path.join(scratch, "waivers.yaml"), {"schema": "kmodaudit/waivers/1", "waivers": waivers})
    shards, _ = plans.cut(scratch, 2)
    whole = plans.read(scratch, shards[1])
    body = whole[:whole.rindex(SEAL)]
    few = 1 if tap.SANITIZED else 3
    cuts = [1 << bit for bit in range(0, 31) if 1 << bit < len(whole)] + places(len(whole), 30 * few)
    flips = [(at, whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:]) for bit in (1, 0x80) for at in places(len(whole), 30 * few)]
    tap.ok(sealed(body) == whole, "the last line of a shard is the digest of those before")
    tap.equal(plans.merge(scratch, shards).status, 1, "undamaged, the shards are joined")
    plans.gate(scratch, "-o", "one.yaml")
    one = plans.read(scratch, "one.yaml")
    rows = [one.rindex(word) for word in (b"- package:", b"waivers:", b"- rule:", SEAL)]
    sweep(scratch, [], "a whole report, cut", [(at, one[:at]) for at in places(len(one), 10 * few) + rows], True)
    sweep(scratch, shards[:1], "cut", [(at, whole[:at]) for at in cuts], True)
    sweep(scratch, shards[:1], "changed", flips, True)
    sweep(scratch, shards[:1], "a line gone", lines_gone(whole)[::4 // few], True)
    sweep(scratch, shards[:1], "a line gone, the digest made to fit", [(at, sealed(data)) for at, data in lines_gone(body)], False)
    sweep(scratch, shards[:1], "changed, the digest made to fit", [(at, sealed(data[:len(body)])) for at, data in flips], False)
    sweep(scratch, shards[:1], "hostile", [(new, sealed(body.replace(old, new))) for old, new in WORDS if old in body], False)
    tap.equal([old for old, _ in WORDS if old not in body], [], "hostile: all that is changed is there")
tap.done()
