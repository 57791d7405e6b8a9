#!/usr/bin/python3
"""--format github: each line as GitHub's runner reads it, for plans, single audits and hostile packages."""

import os
import re
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import hostile  # noqa: E402
import readers  # noqa: E402
import tap  # noqa: E402

COMMANDS = {"error", "warning", "notice", "debug", "add-mask", "add-path", "set-env", "set-output", "save-state", "group", "endgroup",
            "stop-commands", "add-matcher", "remove-matcher", "echo"}


def command_of(line):
    """(name, properties, data) as the runner reads the line; None: it is only printed."""
    text = line.lstrip()
    if text.startswith("::") and "::" in text[2:]:
        head, data = text[2:].split("::", 1)
        name, _, rest = head.partition(" ")
        if name in COMMANDS:
            pairs = dict(one.split("=", 1) for one in rest.split(",") if "=" in one)
            plain = {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in pairs.items()}
            return name, plain, unescaped(data, {})
    old = re.search(r"##\[([^\] ]*)[^\]]*\]", line)
    return (old[1], {}, "") if old and old[1] in COMMANDS else None


def unescaped(text, more):
    for written, meant in {**more, "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(written, meant)
    return text


def read(out, what):
    """The commands of an output whose first line must be plain."""
    first, *rest = out.splitlines()
    tap.ok(command_of(first) is None and re.match(r"kmodaudit: (pass|warn|fail): ", first), f"{what}: the first line is plain")
    found = [command_of(line) for line in rest]
    tap.ok(all(one and one[0] in ("error", "warning", "notice") for one in found), f"{what}: all others are annotations")
    order = [["error", "warning", "notice"].index(one[0]) for one in found if one]
    tap.equal(order, sorted(order), f"{what}: errors first, notices last")
    tap.ok(all(order.count(kind) <= 10 for kind in range(3)), f"{what}: at most ten of each")
    return first, [one for one in found if one]


def named(found, kinds):
    """The text after "packages: " in annotations of KINDS."""
    return {name for kind, _, data in found if kind in kinds for line in data.split("\n") if line.startswith("packages: ")
            for name in line[len("packages: "):].split(", ")}


def test_plan(where):
    more = ("plan.yaml", "--waivers", "waivers.yaml", "--today", "2027-01-01", "-q", "-o", "gate.yaml")
    ran = tap.kmodaudit("gate", *more, "--report", "github=-", cwd=where)
    first, found = read(ran.out, "a plan")
    with open(os.path.join(where, "gate.yaml"), encoding="utf-8") as file:
        report = yaml.safe_load(file)
    tap.equal(ran.status, 3, "a plan: the status is the gate's")
    tap.equal(report["result"]["gate"], first.split(": ")[1], "a plan: the first line says what the report says")
    cells = [(row["package"], cell) for row in report["matrix"] for cell in row["images"]]
    failing = {name for name, cell in cells if cell["gate"] == "fail"}
    waived = {name for name, cell in cells if cell["gate"] == "pass" and cell.get("waived")}
    tap.ok(failing and waived, "a plan: some fail, some are waived")
    tap.equal(named(found, ["error"]), failing, "a plan: all that fails is named in errors")
    tap.equal(named(found, ["notice"]), waived, "a plan: what is waived is named in notices")
    tap.ok(any("waived by release team until 2030-01-31: " in data for kind, _, data in found if kind == "notice"),
           "a plan: who waived it")
    files = [properties["file"] for _, properties, _ in found if "file" in properties]
    tap.ok(files and all(os.path.exists(os.path.join(where, file)) for file in files), "a plan: all files named are there")
    unused = [properties for kind, properties, data in found if properties["title"] == "waiver-unused"]
    tap.equal(unused, [{"file": "waivers.yaml", "line": "8", "title": "waiver-unused"}], "a plan: a waiver is shown at its line")
    again = tap.kmodaudit("gate", *more, "--report", "github=again", cwd=where)
    with open(os.path.join(where, "again"), encoding="utf-8") as file:
        tap.ok(again.out == "" and file.read() == ran.out, "a plan: the same bytes again, in a file")


def test_audit(where):
    ran = tap.audit("fw.bin", "same", "--format", "github", cwd=where)
    tap.ok(ran.status == 0 and len(ran.out.splitlines()) == 1, "all safe: one plain line")
    ran = tap.audit("fw.bin", os.path.join(where, "odd feed"), "--format", "github", cwd=where)
    _, found = read(ran.out, "odd file names")
    tap.ok(len(found) == 1 and os.path.exists(os.path.join(where, found[0][1]["file"])), "odd file names: one annotation, below here")
    ran = tap.audit("../fw.bin", "../more", "--format", "github", cwd=os.path.join(where, "odd feed"))
    _, found = read(ran.out, "files elsewhere")
    tap.ok(found and not any("file" in properties for _, properties, _ in found), "files elsewhere are not named as files")


def test_hostile(where):
    hostile.feed(where)
    ran = tap.audit("fw.bin", "hostile", "--format", "github", cwd=where)
    _, found = read(ran.out, "hostile packages")
    tap.ok(found and ran.status == 1, "hostile packages: annotations")
    tap.ok("##[" not in ran.out, "hostile packages: nothing that the runner read for a command once")
    told = "\n".join(data for _, _, data in found)
    tap.ok("set-output" in told and "stop-commands" in told, "hostile packages: they are named all the same")


def main():
    with tap.Scratch() as where:
        readers.world(where)
        test_plan(where)
        test_audit(where)
        test_hostile(where)
    tap.done()


main()
