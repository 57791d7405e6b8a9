#!/usr/bin/python3
"""The reports of a failing plan are the baseline of the next run, which passes; one more bad package fails, and only that. A
baseline must not hide new findings, nor be the folder that the run writes to."""

import json
import os
import shutil
import sys
import xml.etree.ElementTree

import gates
import tap
from gates import FILE, Gate, copy

MORE = """
build more like base-crcs
	module bad
		imports printk nowhere_to_be_found
	module worse
		imports printk nor_there
	package kmod-bad
		contains bad
	package kmod-worse
		contains worse
feed red from conntrack-crcs
	holds kmod-nfnetlink kmod-nfnetlink-queue
feed extra from more
	holds kmod-bad kmod-worse
"""
PLAN = {"schema": "kmodaudit/plan/1", "images": [{"path": "router.bin"}, {"path": "camera.bin"}],
        "feeds": [{"path": "red"}, {"path": "base-feed"}], "reports": "base"}
NEXT = {**PLAN, "reports": "out", "baseline": "base"}
LINK, QUEUE, BAD = "kmod-nfnetlink", "kmod-nfnetlink-queue", "kmod-bad"


def results(path):
    """(package, rule, baselineState) of each result in SARIF"""
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    return [(one["locations"][0]["logicalLocations"][0]["name"], one["ruleId"], one.get("baselineState")) for one in log["runs"][0]["results"]]


def failures(path):
    return [case.get("name") for case in xml.etree.ElementTree.parse(path).iter("testcase") if case.find("failure") is not None]


def test_round(at):
    first = Gate(at, PLAN)
    tap.equal((first.status, len(first.failing())), (1, 4), "the plan is red: two packages on two images")
    second = Gate(at, NEXT)
    tap.equal((second.status, second.head), (0, "# pass: 8 packages; 1 safe, 3 installed, 4 known (4 pairs, 0 fail)"),
              "with its reports as baseline it passes")
    tap.equal({key: second.matrix["result"][key] for key in ("unsafe", "failing_unsafe", "known", "new_findings", "fixed_findings")},
              {"unsafe": 4, "failing_unsafe": 0, "known": 4, "new_findings": 0, "fixed_findings": 0}, "verdicts stay, none is new")
    tap.ok(all(cell.get("known") for cell in second.cells().values() if cell["verdict"] == "unsafe"), "what is known says so")
    return second


def test_one_more(at):
    shutil.copy(os.path.join(at, "extra", FILE.format(BAD)), os.path.join(at, "red"))
    gate = Gate(at, NEXT, "--report", "yaml=-", "--report", "sarif=out.sarif", "--report", "junit=out.xml")
    wanted = {(BAD, "red", "router.bin"), (BAD, "red", "camera.bin")}
    tap.equal((gate.status, set(gate.failing())), (1, wanted), "one bad package more fails, and it alone")
    new = {(name, rule) for name, rule, state in results(os.path.join(at, "out.sarif")) if state == "new"}
    tap.ok(new and {name for name, _ in new} == {BAD} and (BAD, "symbol-missing") in new, "SARIF: it alone is new")
    if {name for name, _ in new} != {BAD}:
        tap.note(results(os.path.join(at, "out.sarif")))
    failed = failures(os.path.join(at, "out.xml"))
    tap.ok(len(failed) == 2 and all(BAD in name for name in failed), "JUnit: it alone fails, once on each image")
    one = Gate(at, {**NEXT, "images": PLAN["images"][:1]}, "--report", "yaml=-", "--report", "junit=one.xml")
    tap.ok(len(one.failing()) == 1 and len(failures(os.path.join(at, "one.xml"))) == 1, "of one image: one failure")
    os.unlink(os.path.join(at, "red", FILE.format(BAD)))


def test_fixed(at):
    kept = os.path.join(at, "red", FILE.format(QUEUE))
    os.rename(kept, kept + ".gone")
    gate = Gate(at, NEXT)
    pair = gate.pairs()[("router.bin", "red")]["summary"]
    tap.ok(gate.status == 0 and pair["fixed_findings"] > 0 and pair["new_findings"] == 0 and pair["known"] == 1,
           "what was taken out of the feed is counted as fixed")
    tap.equal(gate.matrix["result"]["fixed_findings"], 2 * pair["fixed_findings"], "on both images")
    os.rename(kept + ".gone", kept)


def test_missing(at):
    os.rename(os.path.join(at, "base", "camera.bin--red.yaml"), os.path.join(at, "kept.yaml"))
    gate = Gate(at, NEXT)
    tap.equal((gate.status, set(gate.failing())), (1, {(LINK, "red", "camera.bin"), (QUEUE, "red", "camera.bin")}),
              "no earlier report of one pair: all that is bad in it is new, nothing else fails")
    shutil.copy(os.path.join(at, "base", "camera.bin--base-feed.yaml"), os.path.join(at, "base", "camera.bin--red.yaml"))
    gate = Gate(at, NEXT)
    tap.equal(set(gate.failing()), {(LINK, "red", "camera.bin"), (QUEUE, "red", "camera.bin")}, "nor does another pair's report help")
    with open(os.path.join(at, "base", "camera.bin--red.yaml"), "w", encoding="utf-8") as file:
        file.write("schema: kmodaudit/report/1\npackages: [\n")
    gate = Gate(at, NEXT)
    tap.ok(gate.status == 3 and "base/camera.bin--red.yaml: line" in gate.said and gate.matrix is None,
           "a report that cannot be read: no answer, and the file and line")
    os.rename(os.path.join(at, "kept.yaml"), os.path.join(at, "base", "camera.bin--red.yaml"))


def test_folders(at):
    """Reports written into the baseline's folder would be the next baseline, and whatever was found once would pass."""
    os.symlink("base", os.path.join(at, "link"))
    before = {name: gates.read(at, "base", name) for name in os.listdir(os.path.join(at, "base"))}
    shutil.copy(os.path.join(at, "extra", FILE.format(BAD)), os.path.join(at, "red"))
    spellings = ("base", "./base", "link", "red/../base", os.path.join(at, "base"), "base/")
    for spelling in spellings:
        gate = Gate(at, {**NEXT, "reports": spelling})
        tap.ok(gate.status == 3 and "is the baseline" in gate.said and not gate.text, f"reports: {spelling} is refused")
        tap.ok(Gate(at, PLAN, "--baseline", spelling).status == 3, f"--baseline {spelling} is refused")
        tap.ok(Gate(at, NEXT, "--reports", spelling).status == 3, f"--reports {spelling} is refused")
    after = {name: gates.read(at, "base", name) for name in os.listdir(os.path.join(at, "base"))}
    tap.ok(before == after, "and nothing was written there")
    os.unlink(os.path.join(at, "red", FILE.format(BAD)))
    for path, said in (("nowhere", "cannot read"), ("router.bin", "not a folder")):
        gate = Gate(at, {**NEXT, "baseline": path})
        tap.ok(gate.status == 3 and path in gate.said and said in gate.said and not gate.text, f"baseline: {path} is refused")
    tap.ok(not os.path.exists(os.path.join(at, "nowhere")), "and not made")


def test_worse(at):
    """A known package with one more defect is not known."""
    shutil.copy(os.path.join(at, "extra", FILE.format("kmod-worse")), os.path.join(at, "red", FILE.format(QUEUE)))
    gate = Gate(at, NEXT)
    tap.ok(gate.status == 1 and {key[0] for key in gate.failing()} == {"kmod-worse"}, "another package under the same file name is new")


with tap.Scratch() as scratch:
    made = os.path.join(scratch, "made")
    gates.make(made, MORE)
    where = copy(made, os.path.join(scratch, "at"))
    for name, test in list(globals().items()):
        if name.startswith("test_") and (len(sys.argv) == 1 or name in sys.argv[1:] or name == "test_round"):
            test(where)
tap.done()
