#!/usr/bin/python3
"""`kmodaudit convert` prints a saved report, in YAML or JSON, with the bytes of the run itself in every format; a file that was
cut short, changed or is no report is refused with one line. JSON is the same document as YAML, value by value."""

import json
import os
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import hostile  # noqa: E402
import tap  # noqa: E402
import validation  # noqa: E402

FORMATS = ("yaml", "json", "text", "sarif", "junit", "github", "markdown", "html")
WAIVERS = """schema: kmodaudit/waivers/1
waivers:
- {rule: symbol-crc, module: nfnetlink_queue, reason: tried by hand, owner: release team, expires: "2030-12-31"}
- {rule: no-proof, unknown: true, package: "kmod-nfnetlink", reason: tried, owner: release team, expires: "2030-12-31"}
- {rule: vermagic, package: "kmod-gone", reason: old, owner: release team, expires: "2030-12-31"}
- {rule: no-proof, unknown: true, package: "kmod-nfnetlink*", reason: late, owner: release team, expires: "2001-01-01"}
"""


def write(path, text):
    with open(path, "w" if isinstance(text, str) else "wb", **({"encoding": "utf-8"} if isinstance(text, str) else {})) as file:
        file.write(text)


def direct(cwd, command, form):
    return tap.kmodaudit(*command, "--format", form, cwd=cwd)


def runs(cwd):
    write(os.path.join(cwd, "waivers.yaml"), WAIVERS)
    write(os.path.join(cwd, "plan.yaml"), "schema: kmodaudit/plan/1\nimages: [{path: device.bin}, {path: device-crcs.bin}]\n"
          "feeds: [{path: later}, {path: conntrack-crcs}]\nwaivers: waivers.yaml\n")
    write(os.path.join(cwd, "nowhere.yaml"), "schema: kmodaudit/plan/1\nimages: [{path: device.bin}, {path: nowhere.bin}]\nfeeds: [{path: same}]\n")
    write(os.path.join(cwd, "before.yaml"), tap.audit("device-crcs.bin", "later-crcs", cwd=cwd).out)
    yield "audit", "device.bin", "later"
    yield "audit", "device.bin", "same", "later"
    yield "audit", "device-crcs.bin", "conntrack-crcs"
    yield "audit", "device-crcs.bin", "later-crcs", "--policy", "strict"
    yield "audit", "device.bin", "later", "--policy", "lenient"
    yield "audit", "device.bin", "later", "--waivers", "waivers.yaml", "--today", "2026-06-30"
    yield "audit", "device-crcs.bin", "conntrack-crcs", "--waivers", "waivers.yaml", "--today", "2026-06-30"
    yield "audit", "device-crcs.bin", "conntrack-crcs", "--baseline", "before.yaml"
    yield "audit", "device.bin", "later", "--image-config", "base.config", "--feed-config", "later.config"
    yield "audit", "device.bin", "hostile"
    yield "audit", "device.bin", "later", "--only", "kmod-nfnetlink"
    yield "audit", "nodb.bin", "same", "--image-manifest", "device.manifest"
    yield "audit", "nodb.bin", "same", "--image-manifest", "device.manifest", "--only", "kmod-dummy"
    yield "audit", "device-crcs.bin", "clashing"
    yield "audit", "nokernel", "same"
    yield "gate", "plan.yaml", "--today", "2026-06-30"
    yield "gate", "nowhere.yaml"


def same_bytes(cwd):
    for command in runs(cwd):
        name = " ".join(command)
        outputs = {form: direct(cwd, command, form).out for form in FORMATS}
        for saved in ("yaml", "json"):
            write(os.path.join(cwd, "saved." + saved), outputs[saved])
            for form in FORMATS:
                ran = tap.kmodaudit("convert", "saved." + saved, "--format", form, cwd=cwd)
                if not tap.ok((ran.status, ran.err) == (0, "") and ran.out == outputs[form], f"{name}: {saved} -> {form}"):
                    tap.note(ran.err or next((f"{a!r}\n{b!r}" for a, b in zip(outputs[form].split("\n"), ran.out.split("\n")) if a != b), "length"))
        tap.equal(json.loads(outputs["json"]), yaml.safe_load(outputs["yaml"]), f"{name}: JSON says what YAML says")
        tap.equal(list(validation.troubles(outputs["json"])), list(validation.troubles(outputs["yaml"])), f"{name}: JSON by the schema")


def refused(cwd):
    report, matrix = (direct(cwd, command, "yaml").out for command in (("audit", "device-crcs.bin", "conntrack-crcs"), ("gate", "plan.yaml")))
    packed = direct(cwd, ("audit", "device-crcs.bin", "conntrack-crcs"), "json").out
    gate = direct(cwd, ("gate", "plan.yaml"), "json").out
    with open(os.path.join(cwd, "device.bin"), "rb") as file:
        image = file.read()
    cases = {"half a report": report[:len(report) // 2], "half a matrix": matrix[:len(matrix) // 2], "half of JSON": packed[:len(packed) // 2],
             "a report without its last line": report.rstrip().rsplit("\n", 1)[0] + "\n", "nothing": "", "a text": "read me\n",
             "another document": "schema: kmodaudit/plan/1\n", "a list": "[1, 2]\n", "an image": image,
             "a verdict changed": report.replace("verdict: unsafe", "verdict: safe", 1),
             "a gate changed": report.replace("gate: fail", "gate: pass", 1),
             "a level changed": report.replace("level: error", "level: note"),
             "a number changed": report.replace("unsafe: 2", "unsafe: 1"),
             "a package gone": report.replace("name: kmod-nfnetlink\n", "title: kmod-nfnetlink\n"),
             "a verdict in JSON changed": packed.replace('"verdict": "unsafe"', '"verdict": "safe"', 1),
             "a verdict in a matrix changed": matrix.replace("verdict: unsafe", "verdict: safe", 1),
             "a verdict in a JSON matrix changed": gate.replace('"verdict": "unsafe"', '"verdict": "safe"', 1)}
    for name, text in cases.items():
        tap.ok(text not in (report, matrix, packed, gate), f"{name}: it is not what it was")
        write(os.path.join(cwd, "bad.yaml"), text)
        for command in (("convert", "bad.yaml", "--format", "text"), ("diff", "before.yaml", "bad.yaml")):
            ran = tap.kmodaudit(*command, cwd=cwd)
            good = ran.status == 3 and not ran.out and ran.err.count("\n") == 1 and ran.err.startswith("kmodaudit: bad.yaml: ")
            if not tap.ok(good, f"{command[0]}: {name}: refused with one line"):
                tap.note(ran.err or ran.out)
    write(os.path.join(cwd, "policy.yaml"), "base: default\nlevels: {no-proof: warning}\n")
    write(os.path.join(cwd, "own.yaml"), direct(cwd, ("audit", "device.bin", "later", "--policy", "policy.yaml"), "yaml").out)
    ran = tap.kmodaudit("convert", "own.yaml", cwd=cwd)
    tap.equal((ran.status, ran.err), (3, "kmodaudit: own.yaml: written with the policy file 'policy.yaml'; pass it with --policy FILE\n"),
              "a policy of one's own must be given")
    tap.equal(tap.kmodaudit("convert", "own.yaml", "--policy", "policy.yaml", "--format", "text", cwd=cwd).out,
              direct(cwd, ("audit", "device.bin", "later", "--policy", "policy.yaml"), "text").out, "and then is what it was")
    tap.equal(tap.kmodaudit("convert", "before.yaml", "-o", "x.sarif", "--format", "sarif", "--report", "junit=x.xml", cwd=cwd).status, 0,
              "several outputs at once")
    tap.ok(os.path.getsize(os.path.join(cwd, "x.sarif")) and os.path.getsize(os.path.join(cwd, "x.xml")), "both are there")


def main():
    with tap.Scratch() as cwd:
        story = os.path.join(cwd, "story")
        with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
            write(story, file.read() + "\nbuild more like later\n\tmodule missing\n\t\timports nobody_has_it\n\tpackage kmod-missing\n"
                  "\t\tcontains missing\nfeed more from more\n\tholds kmod-missing\n"
                  "image nodb.bin from base\n\troot none\nimage nokernel from base\n\twrapped directory\n\tinstalled kmod-dummy\n\tno kernel\nbuild clashing like later-crcs\n\tmodule one\n\t\timports printk\n\tmodule two\n"
                  "\t\timports printk\n\tpackage kmod-one\n\t\tcontains one\n\t\tfile etc/clash.conf one\n\tpackage kmod-two\n\t\tcontains two\n"
                  "\t\tfile etc/clash.conf two\nfeed clashing from clashing\n\tholds kmod-one kmod-two\n")
        tap.world(story, cwd)
        hostile.feed(cwd)
        same_bytes(cwd)
        refused(cwd)
    tap.done()


main()
