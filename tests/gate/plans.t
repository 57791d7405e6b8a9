#!/usr/bin/python3
"""Plans: the commands of docs/gate.md print what it shows; --init writes a plan that can be run; an error is one line with file
and line, and nothing is written; feeds by URL, by lists and those of the image; paths."""

import json
import os
import re
import shutil
import subprocess
import sys

import jsonschema
import yaml

import gates
import tap
from gates import PLAN, Gate, copy, read, write, write_yaml

DOC = os.path.join(tap.ROOT, "docs", "gate.md")
SCHEMA = os.path.join(tap.ROOT, "docs", "plan.schema.json")
HEAD = "schema: kmodaudit/plan/1\n"
IMAGE, FEED = "images: [{path: router.bin}]\n", "feeds: [{path: kmods}]\n"
MORE = """
image named.bin from base-crcs
	installed kmod-dummy kmod-lib-crc7
	file etc/opkg/customfeeds.conf src/gz kmods file:///nowhere/kmods
"""


def blocks():
    """The indented blocks of the page, each a text."""
    with open(DOC, encoding="utf-8") as file:
        text = file.read()
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).rstrip("\n") + "\n"
            for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, flags=re.MULTILINE)]


def valid(text):
    with open(SCHEMA, encoding="utf-8") as file:
        return not list(jsonschema.Draft202012Validator(json.load(file)).iter_errors(yaml.safe_load(text)))


def test_doc(at):
    plan, matrix, counted, accept = blocks()
    write(plan, at, "plan.yaml")
    tap.ok(valid(plan), "docs/gate.md: the plan is valid")
    ran = tap.kmodaudit("gate", "-v", "plan.yaml", "--format", "text", "-q", cwd=at)
    tap.equal(ran.err, counted, "docs/gate.md: what -v says")
    plain = tap.kmodaudit("gate", "plan.yaml", "--format", "text", "-q", cwd=at)
    tap.equal(plain.out, matrix, "docs/gate.md: the matrix as text")
    tap.equal(sorted(os.listdir(os.path.join(at, "reports")))[0], "camera.bin--all.yaml", "docs/gate.md: a report a pair")
    statuses = [tap.kmodaudit(*line.split()[1:], "-o", "/dev/null", cwd=at).status for line in accept.splitlines()]
    tap.equal(statuses, [1, 0], "docs/gate.md: a baseline, then a run with it")
    shutil.rmtree(os.path.join(at, "accepted"))
    with open(DOC, encoding="utf-8") as file:
        (console,) = re.findall(r"^```console\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
    said, environment = "", {**os.environ, "PATH": os.path.dirname(tap.KMODAUDIT) + ":" + os.environ["PATH"]}
    for line in re.findall(r"^\$ .*\n", console, re.MULTILINE):
        ran = subprocess.run(["sh", "-c", line[2:]], cwd=at, env=environment, capture_output=True, text=True, check=False)
        said += line + ran.stdout + ran.stderr
    tap.equal(said, console, "docs/gate.md: the commands of a day")


def test_keys(_):
    """Schemas and page have the same keys."""
    with open(DOC, encoding="utf-8") as file:
        page = file.read()
    for name in ("plan", "gate"):
        with open(os.path.join(tap.ROOT, "docs", name + ".schema.json"), encoding="utf-8") as file:
            keys = set(re.findall(r'"(\w[\w-]*)": \{\s*"(?:type|\$ref|enum|const|description)"', file.read()))
        missing = sorted(key for key in keys - {"properties", "additionalProperties", "items", "finding", "waiver", "paths"} if f"`{key}`" not in page)
        known = {"rule", "package", "module", "symbol", "namespace", "subject", "image", "reason", "owner", "expires"}  # docs/waivers.md
        tap.equal([key for key in missing if key not in known], [], f"docs/gate.md tells every key of {name}.schema.json")


def test_init(at):
    ran = tap.kmodaudit("gate", "--init", "router.bin", "kmods", "base-feed", cwd=at)
    write(ran.out, at, "init.yaml")
    tap.ok(ran.status == 0 and valid(ran.out), "--init writes a valid plan")
    gate = Gate(at, "init.yaml")
    tap.equal((gate.status, gate.head), (0, "# pass: 4 packages; 2 safe, 2 installed (2 pairs, 0 fail)"), "and it runs")
    said = re.sub(r"^( *)# (?=( *)(- )?(\w[\w-]*:|- \{))", r"\1", ran.out, flags=re.MULTILINE)
    tap.ok(said != ran.out and valid(said), "with all that is commented out, it is valid, too")
    if not valid(said):
        tap.note(said)
    told = set(re.findall(r"([\w-]+):", said))
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)["properties"]
    wanted = set(schema) | set(schema["images"]["items"]["properties"]) | set(schema["feeds"]["items"]["properties"])
    tap.equal(sorted(wanted - told - {"lists"}), [], "it tells every key")
    tap.equal(tap.kmodaudit("gate", "--init", "router.bin", cwd=at).status, 3, "--init without a feed: usage")
    for name in ("[r]outer.bin", "*.bin", "a\\b?.bin", "line\n.bin", "::error::.bin"):
        shutil.copy(os.path.join(at, "router.bin"), os.path.join(at, name))
        write(tap.kmodaudit("gate", "--init", name, "kmods", cwd=at).out, at, "named.yaml")
        ran = tap.kmodaudit("gate", "--format", "json", "named.yaml", cwd=at)
        tap.equal((ran.status, len(json.loads(ran.out)["pairs"]) if ran.out else ran.err), (0, 1), f"--init names the file {name!r}, and no other")
        os.remove(os.path.join(at, name))
    ran = tap.kmodaudit("gate", "--init", b"\xff.bin", "kmods", cwd=at)
    tap.equal((ran.status, ran.out), (3, ""), "--init of a name that is no UTF-8: refused")


def test_init_file(at):
    """-o FILE: the plan is in FILE, and names its files relative to the folder of FILE."""
    os.makedirs(os.path.join(at, "ci", "deep"))
    os.symlink(os.path.join("ci", "deep"), os.path.join(at, "link"))
    absolute = os.path.join(at, "kmods")
    for output, given, image, feed in (("p.yaml", ("router.bin", "kmods"), "router.bin", "kmods"),
                                       ("ci/p.yaml", ("./router.bin", "kmods/"), "../router.bin", "../kmods/"),
                                       ("ci/deep/p.yaml", ("router.bin", absolute), "../../router.bin", absolute),
                                       ("link/p.yaml", ("router.bin", "kmods"), "../../router.bin", "../../kmods"),
                                       ("kmods/p.yaml", ("router.bin", "kmods"), "../router.bin", "."),
                                       (os.path.join(at, "ci", "q.yaml"), ("router.bin", "kmods"), "../router.bin", "../kmods")):
        ran = tap.kmodaudit("gate", "--init", "-o", output, *given, cwd=at)
        tap.equal((ran.status, ran.out, ran.err), (0, "", ""), f"--init -o {os.path.relpath(output, at) if output[0] == '/' else output}")
        with open(os.path.join(at, output), encoding="utf-8") as file:
            plan = yaml.safe_load(file)
        tap.equal((plan["images"][0]["path"], plan["feeds"][0]["path"]), (image, feed), "paths are relative to the plan")
        gate = tap.kmodaudit("gate", "-q", "--reports", "init-reports", output, cwd=at)
        tap.equal(gate.status, 0, "and it runs")
    stdout = tap.kmodaudit("gate", "--init", "-o", "-", "router.bin", "kmods", cwd=at)
    tap.equal(stdout.out, tap.kmodaudit("gate", "--init", "router.bin", "kmods", cwd=at).out, "-o -: standard output")
    for option in (("--format", "json"), ("--policy", "strict"), ("--shard", "1/2"), ("--report", "sarif=x")):
        ran = tap.kmodaudit("gate", "--init", *option, "-o", "refused.yaml", "router.bin", "kmods", cwd=at)
        tap.ok(ran.status == 3 and f"--init takes no {option[0]}: " in ran.err and not os.path.exists(os.path.join(at, "refused.yaml")),
               f"--init {option[0]}: refused, nothing written")


def test_empty_shard(at):
    """A shard without pairs says that it has none, not that there was nothing to judge."""
    write(HEAD + IMAGE + FEED, at, "one-pair.yaml")
    said = [tap.kmodaudit("gate", "-q", "one-pair.yaml", "--shard", f"{number}/2", "--format", "text", cwd=at).out.split("\n")[0] for number in (1, 2)]
    tap.equal(said[0], "pass: shard 1 of 2 has no pairs (the plan has 1)", "an empty shard")
    tap.ok(said[1].startswith("pass: 2 packages"), "the other one has the pair")


def test_errors(at):
    """One line, file and line, nothing written."""
    cases = [
        (HEAD + IMAGE + FEED + "imags: x\n", "line 4: unknown key 'imags'"),
        (HEAD + "images:\n  - path: router.bin\n    confg: x\n" + FEED, "line 4: unknown key 'confg'"),
        (HEAD + IMAGE + "feeds:\n  - path: kmods\n    sorces: [x]\n", "line 5: unknown key 'sorces'"),
        (HEAD + "images:\n  - path: router.bin\nmanifest: x\n" + FEED, "line 4: key 'manifest' belongs to an image or a feed: indent it"),
        (HEAD + FEED, "line 1: images must be a list"),
        (HEAD + IMAGE + "feeds: []\n", "line 3: feeds must be a list"),
        (HEAD + "images: [{path: \"x*.bin\"}]\n" + FEED, "line 2: no file matches"),
        (HEAD + "images: [{path: router.bin}, {path: ./router.bin}]\n" + FEED, "line 2: two images have the name router.bin"),
        (HEAD + IMAGE + "feeds:\n  - path: kmods\n  - {name: kmods, path: own}\n", "line 5: two feeds have the name kmods"),
        (HEAD + IMAGE + FEED + "pairs:\n  - {image: camera.bin, feed: kmods}\n", "line 5: no image matches camera.bin, or no feed matches kmods"),
        (HEAD + IMAGE + FEED + "policy: harsh\n", "unknown policy 'harsh': use strict, default, lenient or a file"),
        (HEAD + IMAGE + FEED + "waivers: none.yaml\n", "none.yaml"),
        (HEAD + IMAGE + FEED + "rules: none\n", "none"),
        (HEAD + IMAGE + FEED + "reports: router.bin\n", "router.bin: cannot create this folder"),
        (HEAD + IMAGE + FEED + "providers: none.yaml\n", "none.yaml"),
        ("schema: kmodaudit/report/1\n", "is a report of kmodaudit audit, but a plan is expected here"),
        (HEAD + IMAGE + FEED + "a: &x [1]\nb: *x\n", "line 5"),
        (HEAD + IMAGE + FEED + "keys: " + "[" * 5000, "line 4"),
        (HEAD + IMAGE + FEED + "#" * (4 << 20), "plan.yaml: 4194"),
        ("\0\xff\xfe", "plan.yaml"),
        ("a: b: c\n", "line 1"),
    ]
    for text, said in cases:
        write(text, at, "plan.yaml")
        before = sorted(os.listdir(at))
        ran = tap.kmodaudit("gate", "-q", "plan.yaml", cwd=at)
        good = ran.status == 3 and not ran.out and said in ran.err and ran.err.count("\n") == 1 and sorted(os.listdir(at)) == before
        if not tap.ok(good, f"status 3, one line: {said}"):
            tap.note((ran.status, ran.err[:500]))
    write(HEAD + IMAGE + FEED, at, "plan.yaml")
    ran = tap.kmodaudit("gate", "plan.yaml", "plan.yaml", cwd=at)
    tap.ok(ran.status == 3 and "needs one PLAN" in ran.err, "two plans: usage")
    for path in ("none.yaml", ".", "/dev/zero"):
        ran = tap.kmodaudit("gate", path, cwd=at)
        tap.ok(ran.status == 3 and path in ran.err and not ran.out, f"{path} is no plan")


def test_options(at):
    """Errors in options are reported before anything is read."""
    write(HEAD + IMAGE + FEED, at, "plan.yaml")
    os.makedirs(os.path.join(at, "in"))
    for args, said in ((("--today", "tomorrow"), "--today needs YYYY-MM-DD, not 'tomorrow'"),
                       (("--today", "2026-02-30"), "--today needs YYYY-MM-DD"),
                       (("--report", "pdf=x"), "--report needs one of"),
                       (("--report", "sarif=x", "--report", "junit=./x"), "two reports would be written to ./x"),
                       (("-o", "x", "--report", "junit=in/../x"), "two reports would be written to x"),
                       (("--report", "sarif=-", "-o", "-", "--format", "text"), "two reports would be written to standard output")):
        ran = tap.kmodaudit("gate", "-q", "plan.yaml", *args, cwd=at)
        good = ran.status == 3 and not ran.out and said in ran.err and not os.path.exists(os.path.join(at, "x"))
        if not tap.ok(good, f"{' '.join(args)}: usage"):
            tap.note((ran.status, ran.err[:500]))
    ran = tap.kmodaudit("gate", "-q", "plan.yaml", "--report", "text=x", "--report", "text=in/x", cwd=at)
    tap.ok(ran.status == 0 and os.path.exists(os.path.join(at, "in", "x")), "two folders: two reports")


def test_policy(at):
    """A file that is called like a preset is a file."""
    write("unproven: pass\n", at, "strict")
    for policy, unproven in (("strict", "fail"), ("./strict", "pass")):
        gate = Gate(at, {**one({"path": "kmods"}), "policy": policy})
        tap.ok(gate.matrix and gate.matrix["policy"]["name"] == policy and gate.matrix["policy"]["unproven"] == unproven,
               f"policy: {policy}")


def test_expired(at):
    """The output names the waiver that must be renewed."""
    entry = {"rule": "no-proof", "package": "kmod-x", "reason": "x", "owner": "ada", "expires": "2026-06-30"}
    write_yaml({"schema": "kmodaudit/waivers/1", "waivers": [entry]}, at, "waivers.yaml")
    write_yaml({**one({"path": "kmods"}), "waivers": "waivers.yaml"}, at, "plan.yaml")
    for form, said in (("text", "waivers.yaml: line 3: no-proof of package kmod-x: covers nothing"), ("markdown", "`waivers.yaml: line 3`"),
                       ("github", "file=waivers.yaml,line=3,")):
        ran = tap.kmodaudit("gate", "-q", "plan.yaml", "--today", "2026-07-01", "--format", form, cwd=at)
        tap.ok(said in ran.out, f"--format {form} names the line of a waiver")


def test_names(at):
    """No name of an image or feed leads out of the folder of the reports."""
    os.makedirs(os.path.join(at, "in"))
    for name in ("../x", "/tmp/x", "a/b", "..", "-x", ".x"):
        write_yaml({**PLAN, "images": [{"path": "router.bin", "name": name}], "pairs": [{"image": "*", "feed": "kmods"}], "reports": "in"},
                   at, "plan.yaml")
        ran = tap.kmodaudit("gate", "-q", "plan.yaml", cwd=at)
        tap.ok(ran.status == 3 and "line 3: a name consists of" in ran.err and not os.listdir(os.path.join(at, "in")), f"name {name}: refused")
    os.symlink("router.bin", os.path.join(at, "..router bin\n"))
    Gate(at, {**PLAN, "images": [{"path": "..router*"}], "pairs": [{"image": "*", "feed": "kmods"}], "reports": "in"})
    tap.equal(os.listdir(os.path.join(at, "in")), ["_.router_bin_--kmods.yaml"], "a hostile file name: another name")
    images = [{"path": "router.bin", "name": "a"}, {"path": "camera.bin", "name": "a--b"}]
    feeds = [{"path": "kmods", "name": "b--c"}, {"path": "own", "name": "c"}]
    gate = Gate(at, {**PLAN, "images": images, "feeds": feeds, "pairs": [{"image": "*", "feed": "*"}]})
    tap.ok(gate.status == 3 and "a--b--c.yaml" in gate.said, "two pairs, one file: refused")


def test_paths(at):
    """Relative to the plan, wherever it is run from; absolute ones as they are."""
    os.makedirs(os.path.join(at, "plans"))
    told = {**PLAN, "images": [{"path": "../router.bin"}, {"path": os.path.join(at, "camera.bin")}],
            "feeds": [{"path": "../kmods"}, {"path": os.path.join(at, "base-feed")}], "reports": "out"}
    told.pop("pairs")
    write_yaml(told, at, "plans", "plan.yaml")
    for where, path in ((at, "plans/plan.yaml"), (os.path.join(at, "plans"), "plan.yaml"), ("/", os.path.join(at, "plans", "plan.yaml"))):
        gate = Gate(where, path)
        tap.ok(gate.status == 0 and len(os.listdir(os.path.join(at, "plans", "out"))) == 4, f"run as gate {path if where != '/' else '/...'}")
    ran = tap.kmodaudit("gate", "-q", "plans/plan.yaml", "--reports", "here", "-o", "/dev/null", cwd=at)
    tap.ok(ran.status == 0 and len(os.listdir(os.path.join(at, "here"))) == 4, "--reports is relative to where one is")
    write(HEAD + IMAGE + FEED, at, "plans", "wrong.yaml")
    tap.equal(tap.kmodaudit("gate", "plans/wrong.yaml", "-o", "/dev/null", cwd=at).err,
              "kmodaudit: plans/wrong.yaml: line 2: plans/router.bin: No such file or directory (paths are relative to the plan)\n",
              "a path that is relative to another folder")


def one(feed):
    return {**{key: value for key, value in PLAN.items() if key != "pairs"}, "images": [{"path": "router.bin"}], "feeds": [feed]}


def test_feeds(at):
    gate = Gate(at, one({"path": "https://127.0.0.1:9/kmods"}), "--offline")
    tap.ok(gate.status == 3 and "--offline" in gate.said and gate.beside(("router.bin", "kmods")) == {"feed-unreadable"},
           "a URL with --offline: nothing in the cache, feed-unreadable")
    folder = os.path.join(at, "kmods")
    write(f"src/gz kmods file://{folder}\n# a comment\n", at, "distfeeds.conf")
    gate = Gate(at, one({"name": "listed", "lists": "distfeeds.conf", "sources": ["base-feed"]}))
    tap.ok(gate.status == 0 and gate.matrix["result"]["packages"] == 4, "lists and sources are one feed")
    write(HEAD + "images: [{path: rooter.bin}, {path: router.bin}]\nfeeds: [{path: kmods},\n  {path: kmod}]\n", at, "plan.yaml")
    gate = Gate(at, "plan.yaml")
    tap.equal(gate.said, "kmodaudit: plan.yaml: line 2: rooter.bin: No such file or directory\n"
              "kmodaudit: plan.yaml: line 4: kmod: No such file or directory\n", "a path that is not there: once, with the line of the plan")
    gate = Gate(at, one({"name": "listed", "lists": "none.conf"}))
    tap.ok(gate.status == 3 and "none.conf" in gate.said, "a list that is not there: feed-unreadable")
    gate = Gate(at, one({"from-image": True}))
    tap.ok(gate.status == 3 and gate.beside(("router.bin", "from-image")) == {"feed-unreadable"}, "an image that names no feed: feed-unreadable")
    gate = Gate(at, {**one({"name": "own", "from-image": True}), "images": [{"path": "named.bin"}]})
    tap.ok(gate.status == 3 and "nowhere/kmods" in gate.said, "what the image names is looked for")
    for key in ("config", "symvers"):
        gate = Gate(at, one({"path": "kmods", key: "none"}))
        tap.ok(gate.status == 3 and gate.beside(("router.bin", "kmods")) == {"feed-unreadable"}, f"a feed's {key} that is not there")
        gate = Gate(at, {**one({"path": "kmods"}), "images": [{"path": "router.bin", key: "none"}]})
        tap.ok(gate.status == 3 and gate.beside(("router.bin", "kmods")) == {"image-unreadable"}, f"an image's {key} that is not there")
    gate = Gate(at, {**one({"path": "kmods"}), "keys": "none"})
    tap.ok(gate.status == 3 and gate.beside(("router.bin", "kmods")) == {"feed-unreadable"}, "a key that is not there: feed-unreadable")


def test_schema(at):
    """The program refuses what the schema refuses."""
    for change in ({"images": []}, {"feeds": []}, {"pairs": []}, {"image": 1}, {"images": [{"name": "x"}]}, {"keys": []}, {"policy": ""},
                   {"feeds": [{"path": "kmods", "sources": ["x"]}]}, {"feeds": [{"name": "x"}]}, {"images": [{"path": "router.bin", "part": 0}]},
                   {"images": [{"path": "router.bin", "name": "a/b"}]}, {"pairs": [{"image": "*"}]}, {"schema": "kmodaudit/plan/2"}):
        plan = {**PLAN, **change}
        write_yaml(plan, at, "plan.yaml")
        ran = tap.kmodaudit("gate", "-q", "plan.yaml", cwd=at)
        tap.ok(ran.status == 3 and not ran.out and not valid(read(at, "plan.yaml").decode()), f"schema and program refuse {change}")
    ran = subprocess.run([os.path.join(tap.ROOT, "tests", "validate-report"), "-"], input=HEAD.encode(), capture_output=True, check=False)
    tap.ok(ran.returncode == 1 and b"images" in ran.stdout, "validate-report finds what is wrong with a plan")


with tap.Scratch() as scratch:
    made = os.path.join(os.path.realpath(scratch), "made")
    gates.make(made, MORE)
    for name, test in list(globals().items()):
        if name.startswith("test_") and (len(sys.argv) == 1 or name in sys.argv[1:]):
            test(copy(made, os.path.join(os.path.realpath(scratch), "at")))
tap.done()
