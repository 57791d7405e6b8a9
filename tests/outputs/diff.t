#!/usr/bin/python3
"""`kmodaudit diff`: what counts as worse and what does not, in five formats."""

import json
import os
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import page as shown  # noqa: E402
import tap  # noqa: E402
import validation  # noqa: E402


def save(cwd, name, *command):
    with open(os.path.join(cwd, name), "w", encoding="utf-8") as file:
        file.write(tap.kmodaudit(*command, cwd=cwd).out)


def compare(cwd, old, new):
    ran = tap.kmodaudit("diff", old, new, cwd=cwd)
    document = yaml.safe_load(ran.out)
    packed = tap.kmodaudit("diff", old, new, "--format", "json", cwd=cwd)
    tap.equal(json.loads(packed.out), document, f"{old} -> {new}: JSON says what YAML says")
    tap.equal(list(validation.troubles(ran.out)), [], f"{old} -> {new}: by the schema")
    tap.equal((packed.status, ran.status), (document["result"] == "worse",) * 2, f"{old} -> {new}: status 1 when worse, else 0")
    return document


def changes(document):
    return [(one["package"], one["change"], one["old_verdict"], one["verdict"]) for one in document["changes"]]


def audits(cwd):
    save(cwd, "safe", "audit", "device-crcs.bin", "later-crcs")
    save(cwd, "unsafe", "audit", "device-crcs.bin", "conntrack-crcs", "--format", "json")
    save(cwd, "unproven", "audit", "device.bin", "later")
    save(cwd, "condemned", "audit", "device.bin", "later", "--image-config", "base.config", "--feed-config", "conntrack.config")
    save(cwd, "one", "audit", "device-crcs.bin", "later-crcs", "--only", "kmod-nfnetlink")
    save(cwd, "installed", "audit", "device.bin", "same", "--only", "kmod-dummy")
    save(cwd, "waived", "audit", "device-crcs.bin", "conntrack-crcs", "--waivers", "waivers.yaml", "--today", "2026-06-30")
    both = ["kmod-nfnetlink", "kmod-nfnetlink-queue"]

    same = compare(cwd, "safe", "safe")
    tap.equal((same["result"], same["changes"], same["image_changed"]), ("same", [], False), "a report and itself: nothing changed")
    worse = compare(cwd, "safe", "unsafe")
    tap.equal(changes(worse), [(name, "worse", "safe", "unsafe") for name in both], "safe to unsafe: worse")
    tap.ok(all(one["new_findings"] and not one["fixed_findings"] for one in worse["changes"]), "with the findings that are new")
    better = compare(cwd, "unsafe", "safe")
    tap.equal(changes(better), [(name, "better", "unsafe", "safe") for name in both], "unsafe to safe: better")
    worse = compare(cwd, "safe", "unproven")
    tap.equal((changes(worse), worse["image_changed"]), ([(name, "worse", "safe", "unproven") for name in both], True), "safe to unproven: worse; the image changed")
    gone = compare(cwd, "safe", "one")
    tap.equal((gone["result"], changes(gone)), ("same", [("kmod-nfnetlink-queue", "gone", "safe", None)]), "a safe package that is gone is shown, and is not worse")
    new = compare(cwd, "one", "safe")
    tap.equal((new["result"], changes(new)), ("same", [("kmod-nfnetlink-queue", "new", None, "safe")]), "a new one that is safe is not worse")
    new = compare(cwd, "one", "unproven")
    tap.equal(new["result"], "worse", "a new one that is unproven is")
    new = compare(cwd, "installed", "unsafe")
    tap.equal((new["result"], [one[1] for one in changes(new)]), ("worse", ["new", "new", "gone"]), "new ones that are unsafe are")
    tap.equal(compare(cwd, "unsafe", "waived")["result"], "same", "a waiver changes no verdict")
    tap.equal(compare(cwd, "safe", "waived")["result"], "worse", "and hides none")
    for name, old, new in (("unproven to unsafe", "unproven", "unsafe"), ("safe to installed and gone", "safe", "installed")):
        tap.equal(compare(cwd, old, new)["result"], "worse" if "unsafe" in name else "same", name)


def texts(cwd):
    text = tap.kmodaudit("diff", "safe", "unsafe", "--format", "text", cwd=cwd)
    tap.equal(text.out.split("\n")[:5], ["worse: packages: 2 worse", "safe -> unsafe", "", "Worse:", "  kmod-nfnetlink 6.6.86-r1: safe -> unsafe"], "text")
    page = tap.kmodaudit("diff", "safe", "unsafe", "--format", "markdown", cwd=cwd).out
    tap.ok(page.startswith("## worse: packages: 2 worse\n") and "\n- `kmod-nfnetlink` `6.6.86-r1`: safe -> unsafe\n" in page, "Markdown")
    same = tap.kmodaudit("diff", "one", "unproven", "--format", "text", cwd=cwd).out
    tap.ok("  kmod-nfnetlink 6.6.86-r1: safe -> unproven\n" in same and "  kmod-nfnetlink-queue 6.6.86-r1: unproven\n" in same, "packages that changed in different ways stand alone")
    same = tap.kmodaudit("diff", "safe", "unproven", "--format", "text", cwd=cwd).out
    tap.ok("  kmod-nfnetlink 6.6.86-r1, kmod-nfnetlink-queue 6.6.86-r1: safe -> unproven\n" in same and same.count("no accepted proof") == 1,
           "those that changed in the same way stand together")
    html = shown.Page(tap.kmodaudit("diff", "safe", "unsafe", "--format", "html", cwd=cwd).out, data=False)
    tap.equal((html.wrong, html.strangers(), html.admitted()), ([], [], [True]), "HTML: closed, without addresses, its style admitted")
    tap.ok("Worse packages: 2 worse" in " ".join(html.text.split()) and "disagrees about version" in html.text, "HTML: the answer and what is new")
    same = tap.kmodaudit("diff", "safe", "safe", "--format", "html", cwd=cwd)
    tap.ok(same.status == 0 and "Same" in same.out and "<section><h2>Worse" not in same.out, "HTML: nothing changed")
    tap.equal(tap.kmodaudit("diff", "safe", "unsafe", "-o", "out.yaml", cwd=cwd).status, 1, "-o: the same status")
    with open(os.path.join(cwd, "out.yaml"), encoding="utf-8") as file:
        tap.ok(file.read().startswith("# worse: "), "and YAML in the file")


def gates(cwd):
    for name, images in (("small", "[{path: device-crcs.bin}]"), ("large", "[{path: device-crcs.bin}, {path: device.bin}]"), ("broken", "[{path: device-crcs.bin}, {name: device.bin, path: nowhere.bin}]")):
        with open(os.path.join(cwd, name + ".plan"), "w", encoding="utf-8") as file:
            file.write(f"schema: kmodaudit/plan/1\nimages: {images}\nfeeds: [{{path: later-crcs}}]\n")
        save(cwd, name, "gate", name + ".plan")
    grown = compare(cwd, "small", "large")
    tap.equal((grown["result"], grown["plan_changed"], {one["image"] for one in grown["changes"]}), ("worse", True, {"device.bin"}), "a new pair: its packages are new")
    tap.equal(compare(cwd, "large", "small")["result"], "same", "a pair that is gone is not worse")
    broken = compare(cwd, "large", "broken")
    tap.ok(broken["result"] == "worse" and any(one["package"] is None and one["new_findings"][0]["id"] == "image-unreadable" for one in broken["changes"]), "an image that can no longer be read is worse")
    mixed = tap.kmodaudit("diff", "safe", "small", cwd=cwd)
    tap.equal((mixed.status, mixed.out, mixed.err), (3, "", "kmodaudit: cannot compare: safe is a report of kmodaudit audit, small one of kmodaudit gate\n"), "an audit and a gate: refused")


def main():
    with tap.Scratch() as cwd:
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), cwd)
        with open(os.path.join(cwd, "waivers.yaml"), "w", encoding="utf-8") as file:
            file.write("schema: kmodaudit/waivers/1\nwaivers:\n- {rule: symbol-crc, package: \"*\", reason: tried, owner: release team, expires: \"2030-12-31\"}\n")
        audits(cwd)
        texts(cwd)
        gates(cwd)
    tap.done()


main()
