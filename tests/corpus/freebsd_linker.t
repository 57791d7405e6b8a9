#!/usr/bin/python3
"""Published modules and packages of FreeBSD on published images: what is refused and why, what is safe, what is not known. The
expected numbers are those of the kernel's rules, found with another program than this one."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

HERE = tap.corpus("freebsd")
REFUSED = {"acl_nfs4": "interface acl_nfs4.1 already present in the KLD 'kernel'!",
           "atacenatek": "interface ata_cenatek.1 already present in the KLD 'kernel'!",
           "atanational": "interface ata_national.1 already present in the KLD 'kernel'!",
           "nfssvc": "interface nfssvc.1 already present in the KLD 'kernel'!"}


def texts(report, level="error"):
    return {one["name"]: [finding["text"] for finding in one["findings"] if finding["level"] == level] for one in report["packages"]}


def own_build():
    report = tap.audit(f"{HERE}/img-10.1-amd64", f"{HERE}/feed-10.1-amd64", cpu=60).report()
    errors = {name: found for name, found in texts(report).items() if found}
    tap.equal(sorted(errors), sorted(REFUSED), "10.1: refused are only modules whose interface the kernel has")
    for name, words in REFUSED.items():
        tap.ok(errors[name][0].startswith(words), f"10.1: {name}: {words}")
    verdicts = [one["verdict"] for one in report["packages"]]
    tap.equal((verdicts.count("safe"), verdicts.count("unproven")), (26, 10), "10.1: 26 are safe, 10 import symbols that nothing shows")
    kernel = report["image"]["kernel"]
    tap.equal((kernel["system"], kernel["osreldate"]), ("FreeBSD", 1001000), "10.1: the version of the kernel is known by linker.hints")


def other_releases():
    for module, built in (("if_em-1203000-amd64", 1203000), ("ng_etf-1103000-amd64", 1103000)):
        report = tap.audit(f"{HERE}/img-10.1-amd64", f"{HERE}/single/{module}.ko", cpu=60).report()
        words = f"depends on kernel - not available or version mismatch: built for {built}, its range begins there, the image has 1001000"
        tap.ok(any(words in text for text in texts(report)[module]), f"{module}: refused, with both versions")
    report = tap.audit(f"{HERE}/img-8.3-i386", f"{HERE}/single/if_em-1203000-amd64.ko", cpu=60).report()
    tap.ok("Unsupported file layout" in texts(report)["if_em-1203000-amd64"][0], "8.3 of i386: a module of amd64 has an unsupported layout")


def empty_range():
    for package in ("14.2-virtualbox-ose-kmod-6.1.50.pkg", "14.2-virtualbox-ose-kmod-70-7.0.24.1402000.pkg"):
        report = tap.audit(f"{HERE}/img-10.1-amd64", f"{HERE}/{package}", cpu=60).report()
        found = [text for text in sum(texts(report).values(), []) if "its range 1402000..1401999 is empty" in text]
        tap.ok(found, f"{package}: its range is empty")


own_build()
other_releases()
empty_range()
tap.done()
