#!/usr/bin/python3
"""Wrong command lines: status 3, nothing on standard output, and the sentence that says what is wrong."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
MANY = "schema: kmodaudit/plan/1\nimages:\n" + "".join(f"- {{path: device.bin, name: i{i}}}\n" for i in range(1100)) + \
    "feeds:\n" + "".join(f"- {{path: same, name: f{i}}}\n" for i in range(1100))
WRONG = {
    ("abi",): "abi: needs one or two of IMAGE, FEED, HASH, FILE",
    ("abi", "--lines", "device.bin", "same"): "abi: --lines takes one operand, not two",
    ("audit", "--today", "tomorrow", "device.bin", "same"): "audit: --today needs YYYY-MM-DD, not 'tomorrow'",
    ("audit", "--report", "sarif", "device.bin", "same"): "--report needs FORMAT=FILE, not 'sarif'",
    ("audit", "--image-part", "9", "device.bin", "same"): "device.bin: no part 9: it has 1 kernels and 1 root file systems with modules",
    ("audit", "http://me:word@127.0.0.1/x.bin", "same"): "a URL must not contain a user name and password, because",
    ("audit", "device.bin", "http://me:word@127.0.0.1/x"): "a URL must not contain a user name and password, because",
    ("audit", "-o", "nowhere/report.yaml", "device.bin", "same"): "nowhere/report.yaml: cannot write: No such file or directory",
    ("gate", "--shard", "0/2", "plan.yaml"): "gate: --shard needs I/N, I from 1 to N, not '0/2'",
    ("gate", "many.yaml"): "1100 images and 1100 feeds make too many pairs",
    ("gate", "--baseline", "new", "--reports", "new", "plan.yaml"): "new: is the baseline and cannot be the folder for reports as well",
    ("help", "audit", "gate"): "help: needs one COMMAND or one option at most",
    ("merge",): "merge: no REPORT given",
    ("rules", "no-proof", "twins"): "rules: needs one ID at most, not 2",
    ("symvers", "root"): "root: no kernel found",
}

with tap.Scratch() as here:
    tap.world(STORY, here)
    tap.write(os.path.join(here, "many.yaml"), MANY)
    tap.write(os.path.join(here, "plan.yaml"), "schema: kmodaudit/plan/1\nimages: [{path: device.bin}]\nfeeds: [{path: same}]\n")
    tap.write(os.path.join(here, "root", "lib", "modules", "6.6.86", "a.ko"), "no module")
    for args, sentence in WRONG.items():
        ran = tap.kmodaudit(*args, cwd=here)
        if not tap.ok(ran.status == 3 and not ran.out and sentence in ran.err and ran.err.startswith("kmodaudit: "), f"{' '.join(args)}: {sentence}"):
            tap.note(f"status {ran.status}: {ran.err}")
    ran = tap.kmodaudit("audit", "device.bin", "http://127.0.0.1:9/x", cwd=here, env={"HOME": "", "XDG_CACHE_HOME": ""})
    tap.ok(ran.status == 3 and "no directory for the cache: neither XDG_CACHE_HOME nor HOME is set" in ran.err, "a URL without a place for a cache")
tap.done()
