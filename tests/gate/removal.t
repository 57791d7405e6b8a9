#!/usr/bin/python3
"""Removing evidence never makes anything pass: each piece of evidence is removed from plans that fail, warn and pass, then random
sets (LOTS of them for each plan). What failed must not pass, unless the package itself was removed from the feed."""

import glob
import os
import random
import shutil
import sys

import gates
import tap
from gates import FILE, Gate, copy, read, write, write_yaml

SEED, LOTS = 20240607, int(os.environ.get("LOTS", "16"))
BADNESS = {0: 0, 2: 1, 1: 2}
STORY = """
build own like base-crcs
	module extra
		imports printk register_netdev consume_skb
		exports extra_call
	module user
		imports extra_call printk
		depends extra
	package kmod-extra
		contains extra
		autoload 40 extra
	package kmod-user
		contains user
		depends kmod-extra
build withdrawn like own
	hides consume_skb
build changed like own
	layout sk_buff 7
	abi 00112233445566778899aabbccddeeff
build old like base
	release 6.1.50
	vermagic 6.1.50 SMP mod_unload MIPS32_R2 32BIT
	module extra
		imports printk register_netdev consume_skb
	package kmod-extra
		contains extra
build other like old
	abi 00112233445566778899aabbccddeeff
	config NF_CONNTRACK m
	layout sk_buff 7
build says like own
	says-vermagic
build smaller like own
	vermagic 6.6.86 mod_unload modversions MIPS32_R2 32BIT
"""
IMAGE = """
image tree from {image}
	wrapped directory raw none
	installed kmod-dummy kmod-lib-crc7
	key
	builtin dummy2
feed feed from {feed}
	holds {holds}
	index
	signed
config image.config from {image}
config feed.config from {feed}
symvers image.symvers from {image}
symvers feed.symvers from {feed}
manifest image.manifest from {image}
"""
PLAN = {"schema": "kmodaudit/plan/1",
        "images": [{"path": "tree", "manifest": "image.manifest", "config": "image.config", "symvers": "image.symvers"}],
        "feeds": [{"path": "feed", "config": "feed.config", "symvers": "feed.symvers"}],
        "reports": "out"}


def plan_key(place, key):
    def remove(_, plan):
        (plan if place is None else plan[place][0]).pop(key, None)
    return remove


def files(*patterns):
    def remove(where, _):
        for pattern in patterns:
            for path in glob.glob(os.path.join(where, pattern), recursive=True):
                if os.path.isdir(path):
                    shutil.rmtree(path)
                elif os.path.exists(path):
                    os.unlink(path)
    return remove


def emptied(*patterns):
    def remove(where, _):
        for pattern in patterns:
            for path in glob.glob(os.path.join(where, pattern), recursive=True):
                write(b"", path)
    return remove


def packages(told, **change):
    """Changes each package; TOLD: the index, if there is one, then has the new checksums and no signature."""
    def remove(where, _):
        folder = os.path.join(where, "feed")
        for path in sorted(glob.glob(os.path.join(folder, "*.ipk"))):
            gates.package_changed(path, **change)
        if told and os.path.exists(os.path.join(folder, "Packages")):
            gates.index_again(folder)
    return remove


def control_without(*fields):
    def change(text):
        return "\n".join(line for line in text.split("\n") if line.split(":")[0] not in fields)
    return change


def symvers_column(where, _):
    for path in glob.glob(os.path.join(where, "*.symvers")):
        lines = read(path).decode().split("\n")
        write("\n".join("\t".join(["0x00000000", *line.split("\t")[1:]]) if line else "" for line in lines), path)


PIECES = {
    "plan: config of the image": plan_key("images", "config"),
    "plan: symvers of the image": plan_key("images", "symvers"),
    "plan: manifest": plan_key("images", "manifest"),
    "plan: config of the feed": plan_key("feeds", "config"),
    "plan: symvers of the feed": plan_key("feeds", "symvers"),
    "plan: waivers": plan_key(None, "waivers"),
    "plan: baseline": plan_key(None, "baseline"),
    "file: configs": files("*.config"),
    "file: symvers": files("*.symvers"),
    "file: manifest": files("*.manifest"),
    "file: waivers": files("waivers.yaml"),
    "file: baseline of the pair": files("accepted/*"),
    "file: configs are empty": emptied("*.config"),
    "file: no CRCs in symvers": symvers_column,
    "image: package database": files("tree/usr/lib/opkg"),
    "image: lists of files": files("tree/usr/lib/opkg/info"),
    "image: status is empty": emptied("tree/usr/lib/opkg/status"),
    "image: keys": files("tree/etc/opkg/keys"),
    "image: release file": files("tree/etc/openwrt_release"),
    "image: autoload": files("tree/etc/modules.d"),
    "image: modules.builtin": files("tree/lib/modules/*/modules.*"),
    "feed: index": files("feed/Packages", "feed/Packages.gz", "feed/Packages.sig"),
    "feed: half the index": files("feed/Packages.gz"),
    "feed: signature": files("feed/Packages.sig"),
    "feed: empty signature": emptied("feed/Packages.sig"),
    "package: __versions": packages(True, module=gates.section_dropped("__versions")),
    "package: vermagic": packages(True, module=gates.info_dropped("vermagic")),
    "package: .modinfo": packages(True, module=gates.section_dropped(".modinfo")),
    "package: depends of modules": packages(True, module=gates.info_dropped("depends")),
    "package: Depends": packages(True, control=control_without("Depends")),
    "package: Conflicts": packages(True, control=control_without("Conflicts")),
    "package: Architecture": packages(True, control=control_without("Architecture")),
    "package: Version": packages(True, control=control_without("Version")),
    "package: struct module": packages(True, module=gates.section_dropped(".gnu.linkonce.this_module")),
    "package: symbol table": packages(True, module=gates.section_dropped(".symtab")),
    "package: export tables": packages(True, module=gates.section_dropped("__ksymtab", "__kcrctab", "__ksymtab_gpl", "__kcrctab_gpl",
                                                                            "__ksymtab_strings")),
    "package: kmod-extra": files("feed/kmod-extra_*"),
    "package: kmod-user": files("feed/kmod-user_*"),
}


def subsets(title):
    names = list(PIECES)
    yield from ((name,) for name in names)
    lot = random.Random(f"{SEED} {title}")
    for _ in range(LOTS):
        yield tuple(sorted(lot.sample(names, lot.choice((2, 2, 2, 3, 4, 6, 8))), key=names.index))


def taken(chosen):
    """Packages that CHOSEN removes from the feed."""
    return {name.split(": ")[1] for name in chosen if name.startswith("package: kmod-")}


def gain(before, after, chosen):
    """What became better, in words; None if nothing did."""
    if after.status == 3 or after.matrix is None:
        return None
    was, now = before.failing(), after.gates()
    for key in was:
        if key[0] not in taken(chosen) and now.get(key, "gone") != "fail":
            return f"{key[0]} was {before.cells()[key]['verdict']}, is {now.get(key, 'gone')}: {after.cells().get(key)}"
    left = {key for key in was if key[0] not in taken(chosen)}
    if before.status and after.status == 0 and (left or not was):
        return f"status {before.status} became 0"
    return None


class Scenario:
    def __init__(self, scratch, name, status, rule, image, feed, holds="kmod-extra kmod-user", plan=(), more="", prepare=None):
        self.name, self.plan = name, {**PLAN, **dict(plan)}
        self.where, self.at = os.path.join(scratch, "made"), os.path.join(scratch, "at")
        shutil.rmtree(self.where, ignore_errors=True)
        gates.make(self.where, STORY + IMAGE.format(image=image, feed=feed, holds=holds) + more, story="")
        for unused in ("device.bin", "device-crcs.bin", "later", "later-crcs", "conntrack", "conntrack-crcs", "same"):
            files(unused)(self.where, None)
        files("base.*", "later.*", "conntrack.*", "device.*")(self.where, None)
        if prepare:
            prepare(self.where)
        self.before = self.run(())
        good = tap.equal(self.before.status, status, f"{name}: status {status}")
        if self.before.matrix and rule:
            good = tap.ok(any(rule in said for said in self.before.failing().values()), f"{name}: for {rule}")
        if not good and (self.before.status != status or rule):
            tap.note((self.before.failing() if self.before.matrix else "", self.before.said))

    def run(self, chosen):
        plan = {**self.plan, "images": [dict(self.plan["images"][0])], "feeds": [dict(self.plan["feeds"][0])]}
        copy(self.where, self.at)
        for name in chosen:
            PIECES[name](self.at, plan)
        return Gate(self.at, plan, "-j1", "--today", "2026-06-30", valid=False)

    def sweep(self):
        tally, gains, insane = {}, [], []
        for chosen in subsets(self.name):
            after = self.run(chosen)
            tally[after.status] = tally.get(after.status, 0) + 1
            if not after.ran.sane():
                insane.append((chosen, after.status, after.said))
            better = gain(self.before, after, chosen)
            if better:
                gains.append((" + ".join(chosen), better))
        if not tap.ok(not insane, f"{self.name}: always an answer"):
            tap.note(insane[:3])
        if not tap.ok(not gains, f"{self.name}: {sum(tally.values())} removals, none of them helps"):
            tap.note(len(gains))
            for one in gains[:12]:
                tap.note(": ".join(one))
        tap.note(f"{self.name}: then status " + ", ".join(f"{status}: {count}" for status, count in sorted(tally.items())))


def waivers(*rules):
    entries = [{"rule": rule, "package": "kmod-extra", "reason": "tried", "owner": "us", "expires": "2026-12-31"} for rule in rules]
    for entry in entries:
        if entry["rule"] == "identity-contradicted":
            entry["unknown"] = True
    return lambda where: write_yaml({"schema": "kmodaudit/waivers/1", "waivers": entries}, where, "waivers.yaml")


def accepted(where):
    """A baseline of kmod-extra alone, so that kmod-user is new and fails."""
    alone = os.path.join(where, "feed", FILE.format("kmod-user"))
    data, signed = read(alone), [read(where, "feed", name) for name in ("Packages", "Packages.gz", "Packages.sig")]
    os.unlink(alone)
    gates.index_again(os.path.join(where, "feed"))
    Gate(where, {**PLAN, "reports": "accepted"})
    write(data, alone)
    for name, content in zip(("Packages", "Packages.gz", "Packages.sig"), signed):
        write(content, where, "feed", name)
    os.unlink(os.path.join(where, "plan.yaml"))


def wants_signature(where):
    write("base: default\nsignature: valid\n", where, "policy.yaml")


def code_changed(where):
    wants_signature(where)
    gates.package_changed(os.path.join(where, "feed", FILE.format("kmod-extra")), lambda elf: gates.flipped(elf, gates.sections(elf)[".text"][1]))


def signature_broken(where):
    wants_signature(where)
    data = read(where, "feed", "Packages.sig")
    write(gates.flipped(data, len(data) - 20), where, "feed", "Packages.sig")


SCENARIOS = {
    "green": dict(status=0, rule=None, image="own", feed="own"),
    "red, a CRC": dict(status=1, rule="symbol-crc", image="own", feed="changed"),
    "red, a symbol is missing": dict(status=1, rule="symbol-missing", image="withdrawn", feed="own"),
    "red, vermagic": dict(status=1, rule="vermagic", image="says", feed="smaller"),
    "red, configs differ": dict(status=1, rule="layout-changed", image="old", feed="other", holds="kmod-extra"),
    "yellow, nothing proves it": dict(status=2, rule="no-proof", image="old", feed="other", holds="kmod-extra",
                                      prepare=lambda where: files("*.config")(where, None),
                                      plan={"images": [{"path": "tree"}], "feeds": [{"path": "feed"}]}.items()),
    "red, waived in part": dict(status=1, rule="symbol-missing", image="withdrawn", feed="changed",
                                plan={"waivers": "waivers.yaml"}.items(), prepare=waivers("symbol-crc")),
    "green, waived": dict(status=0, rule=None, image="withdrawn", feed="own", holds="kmod-extra",
                          plan={"waivers": "waivers.yaml"}.items(), prepare=waivers("symbol-missing", "identity-contradicted", "no-proof")),
    "red, known in part": dict(status=1, rule="needs", image="withdrawn", feed="own",
                               plan={"baseline": "accepted"}.items(), prepare=accepted),
    "red, code changed, signature wanted": dict(status=1, rule="package-checksum", image="own", feed="own",
                                                plan={"policy": "./policy.yaml"}.items(), prepare=code_changed),
    "red, signature broken and wanted": dict(status=1, rule="package-signature", image="own", feed="own",
                                             plan={"policy": "./policy.yaml"}.items(), prepare=signature_broken),
}

with tap.Scratch() as scratch:
    for title, told in SCENARIOS.items():
        if len(sys.argv) == 1 or any(word in title for word in sys.argv[1:]):
            Scenario(scratch, title, **told).sweep()
tap.done()
