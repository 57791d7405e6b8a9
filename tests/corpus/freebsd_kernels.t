#!/usr/bin/python3
"""Published modules and packages of FreeBSD on made kernels of several versions. A kernel here has the interfaces and symbols that the
real modules ask for, but for those that a test leaves out: real kernels are not among the files of the corpus."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

HERE = tap.corpus("freebsd")
ATLANTIC = f"{HERE}/single/if_atlantic-1500068-amd64.ko"
VIRTUALBOX = [f"{HERE}/14.2-virtualbox-ose-kmod-6.1.50.pkg", f"{HERE}/14.2-virtualbox-ose-kmod-70-7.0.24.1402000.pkg"]


def wanted(path):
    """The interfaces and symbols that the modules of a file do not have among themselves."""
    ran = tap.kmodaudit("facts", "--format", "json", path)
    facts = json.loads(ran.out)
    facts = facts[0] if isinstance(facts, list) else facts
    modules = facts.get("modules") or [facts]
    own = {one["name"] for module in modules for one in module["kld"]["provides"]}
    interfaces = {(one["name"], one["preferred"]) for module in modules for one in module["kld"]["depends"]
                  if one["name"] not in own | {"kernel"}}
    return interfaces, sorted({one["name"] for module in modules for one in module["imports"]})


def answer(path, osreldate, release, without=()):
    """The verdicts and all texts about PATH on a kernel of that version."""
    interfaces, symbols = wanted(path)
    lines = ["build made", "\tmachine amd64", f"\tosreldate {osreldate}", f"\trelease {release}"]
    lines += [f"\tprovides {name} {version}" for name, version in sorted(interfaces)]
    lines += [f"\texports {name}" for name in symbols if name not in without]
    lines += ["\tmodule zero", "\t\timports " + symbols[0], "image made from made", "\tmodules zero"]
    with tap.Scratch() as scratch:
        with open(f"{scratch}/story", "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        tap.world(f"{scratch}/story", scratch)
        report = tap.audit(f"{scratch}/made", path).report()
    texts = [finding["text"] for one in report["packages"] for finding in one["findings"]]
    return sorted(one["verdict"] for one in report["packages"]), "\n".join(texts)


def atlantic():
    verdicts, texts = answer(ATLANTIC, 1500068, "15.0-RELEASE")
    tap.equal(verdicts, ["safe"], "if_atlantic 1500068 on 1500068 with all its symbols: safe")
    verdicts, texts = answer(ATLANTIC, 1500068, "15.0-RELEASE", without={"if_getsoftc"})
    tap.equal(verdicts, ["unsafe"], "without one symbol: unsafe")
    tap.ok("symbol if_getsoftc undefined" in texts, "and the symbol is named")
    verdicts, texts = answer(ATLANTIC, 1501000, "15.1-RELEASE")
    tap.equal(verdicts, ["unproven"], "on 1501000: unproven")
    tap.ok("built for 1500068, kernel 1501000, its range 1500068..1599999 is the client's own word" in texts, "by its own word only")
    verdicts, texts = answer(ATLANTIC, 1404000, "14.4-RELEASE")
    tap.equal(verdicts, ["unsafe"], "on 1404000: unsafe")
    tap.ok("built for 1500068, its range begins there, the image has 1404000" in texts, "because the kernel is older than the range")


def virtualbox():
    for path in VIRTUALBOX:
        name = os.path.basename(path)
        verdicts, texts = answer(path, 1402000, "14.2-RELEASE")
        tap.equal(verdicts, ["safe"], f"{name} on 1402000: safe")
        tap.ok("its range 1402000..1401999 is empty: it loads on kernel 1402000" in texts, "and the text says that the range is empty")
        verdicts, texts = answer(path, 1402001, "14.2-RELEASE-p9")
        tap.equal(verdicts, ["unsafe"], f"{name} on 1402001: unsafe")
        tap.ok("its range 1402000..1401999 is empty, so it takes no other version, the image has 1402001" in texts, "because the range is empty")


atlantic()
virtualbox()
tap.done()
