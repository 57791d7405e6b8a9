#!/usr/bin/python3
"""Verdicts compared with the real loader, for each row of the lab's outcomes.tsv for the bases with MODVERSIONS: a module that
was refused is never `safe`, and one that was loaded is never `unsafe` because of its symbols."""

import collections
import csv
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

SYMBOL_REASONS = {"symbol-missing", "symbol-crc", "symbol-gpl", "symbol-namespace", "symbol-duplicate", "module-layout",
                  "module-versions"}
lab = tap.corpus("lab-x86")
with open(os.path.join(lab, "outcomes.tsv"), encoding="utf-8") as file:
    rows = [row for row in csv.DictReader(file, delimiter="\t") if row["base"].startswith("x86-") and row["base"].endswith("-mv")]


def judge(base, variant):
    """module -> (verdict, reasons) of the variant's modules on the base's kernel with the base's modules."""
    with tap.Scratch() as scratch:
        feed = os.path.join(scratch, "feed")
        os.mkdir(feed)
        subprocess.run(["tar", "xJf", os.path.join(lab, variant, "modules.tar.xz"), "-C", feed], check=True)
        ran = tap.audit(os.path.join(lab, base, "bzImage"), feed, cpu=120)
        report = ran.report()
        if not tap.ok(report is not None, f"{variant} on {base}: a report"):
            tap.note(f"status {ran.status}: {ran.err}")
            return {}
    found = {}
    for package in report["packages"]:
        reasons = [f["id"] for f in package["findings"] or [] if f["level"] == "error"]
        for module in package["modules"]:
            found[module.replace("-", "_")] = (package["verdict"], reasons)
    return found


# libcrc32c's init asks the crypto API for what a softdep would have loaded; the lab's plan loads `depends=` only
NOT_THE_LOADER = {("libcrc32c", "ENOENT")}
table = [("base", "variant", "outcome", "installed", "safe", "unsafe", "unproven", "absent")]
for base, variant in sorted({(row["base"], row["variant"]) for row in rows}):
    verdicts = judge(base, variant)
    counts = collections.defaultdict(collections.Counter)
    refused, loaded = [], []
    for row in rows:
        if (row["base"], row["variant"]) != (base, variant):
            continue
        module, outcome = row["module"].replace("-", "_"), row["outcome"]
        verdict, reasons = verdicts.get(module, ("absent", []))
        counts[outcome][verdict] += 1
        if "LOADED" in outcome:
            if verdict == "unsafe" and SYMBOL_REASONS & set(reasons):
                loaded.append((module, reasons))
        elif verdict in ("safe", "installed") and (module, outcome) not in NOT_THE_LOADER:
            refused.append((module, outcome))
    for outcome in sorted(counts):
        row = counts[outcome]
        table.append((base, variant, outcome, *(row[v] for v in ("installed", "safe", "unsafe", "unproven", "absent"))))
    tap.equal(refused, [], f"{variant} on {base}: what the loader refused is not safe")
    tap.equal(loaded, [], f"{variant} on {base}: what the loader took is not unsafe by its symbols")
tap.table(table)
tap.done()
