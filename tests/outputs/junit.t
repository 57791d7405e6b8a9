#!/usr/bin/python3
"""JUnit XML, validated by the public schema and a reader, and compared with the YAML report of the same run: a case for each
package, image and feed, failed where the gate fails and nowhere else, counts that add up."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import yaml

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import readers  # noqa: E402
import tap  # noqa: E402

made = {}  # name -> (status, path) of each file, for the schema and the reader
RED = ("failure", "error")


def junit(name, *args, cwd, command="audit"):
    """Runs and keeps the file as NAME; returns the root element."""
    path = os.path.join(cwd, name + ".xml")
    ran = tap.kmodaudit(command, *args, "-q", "--report", f"junit={path}", "-o", os.path.join(cwd, name + ".yaml"), cwd=cwd)
    if not os.path.exists(path):
        tap.note(ran.err)
        raise SystemExit(1)
    made[name] = (ran.status, path)
    return ElementTree.parse(path).getroot()


def report(name, cwd):
    with open(os.path.join(cwd, name + ".yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


def ending(case):
    found = [child.tag for child in case if child.tag != "system-out"]
    return found[0] if found else "passed"


def text(case):
    return "\n".join("".join(child.itertext()) for child in case)


def cases(root):
    return {case.get("name"): case for case in root.iter("testcase")}


def packages(root):
    """name of the package -> how its case ended."""
    return {name.split()[0]: ending(case) for name, case in cases(root).items() if not name.startswith("(")}


def check_counts(name, root):
    """The counts of each suite are those of its cases."""
    sums = {"tests": 0, "failures": 0, "errors": 0}
    good = True
    for suite in root.findall("testsuite"):
        endings = [ending(case) for case in suite.findall("testcase")]
        counts = {"tests": len(endings), "failures": endings.count("failure"), "errors": endings.count("error"),
                  "skipped": endings.count("skipped")}
        good = good and {key: int(suite.get(key)) for key in counts} == counts
        for key in sums:
            sums[key] += counts[key]
    tap.ok(good, f"{name}: the counts of each suite are those of its cases")
    tap.equal({key: int(root.get(key)) for key in sums}, sums, f"{name}: and the counts of all those of the suites: {sums}")


def check_first_line(name, cwd):
    with open(made[name][1], encoding="utf-8") as xml, open(os.path.join(cwd, name + ".yaml"), encoding="utf-8") as plain:
        tap.equal(xml.readline(), f"<!-- {plain.readline()[2:-1]} -->\n", f"{name}: the first line is that of the YAML report")


def test_audits(directory):
    root = junit("unsafe", "fw.bin", "more", cwd=directory)
    tap.equal(packages(root), {"kmod-free": "passed", "kmod-leaning": "failure", "kmod-missing": "failure"},
              "what is unsafe is a failure, what needs it too")
    case = [case for name, case in cases(root).items() if name.startswith("kmod-missing ")][0]
    tap.ok(case.get("classname") == "fw.bin" and case.find("failure").get("type") == "symbol-missing" and
           "nowhere_to_be_found" in case.find("failure").get("message"), "the failure has the rule, and says why")
    finding = [found for package in report("unsafe", directory)["packages"] if package["name"] == "kmod-missing"
               for found in package["findings"] if found["id"] == "symbol-missing"][0]
    tap.ok(all(str(value) in text(case) for key in ("subject", "expected", "found", "text") for value in [finding[key]] if value) and
           all(witness in text(case) for witness in finding["witness"]), "and holds all that the finding has")
    tap.equal(packages(junit("unknown", "dark.bin", "more", cwd=directory)), dict.fromkeys(packages(root), "error"),
              "what is unproven is an error")
    tap.equal(set(packages(junit("lenient", "dark.bin", "more", "--policy", "lenient", cwd=directory)).values()), {"passed"},
              "and passes where the policy lets it pass")
    root = junit("good", "fw.bin", "good", cwd=directory)
    tap.equal({name.split()[0]: ending(case) for name, case in cases(root).items()},
              {"(image)": "passed", "(feed)": "passed", "kmod-free": "passed"}, "a good feed: all green")
    for name in ("unsafe", "unknown", "lenient", "good"):
        listed = sorted(f"{package['name']} {package['version']}" for package in report(name, directory)["packages"])
        names = sorted(case for case in cases(ElementTree.parse(made[name][1])) if not case.startswith("("))
        tap.equal(names, listed, f"{name}: a case for each package of the YAML report")


def test_feed(directory):
    root = junit("feed", "fw.bin", "lying", cwd=directory)
    levels = [finding["level"] for feed in report("feed", directory)["feeds"] for finding in feed["findings"]]
    tap.equal((ending(cases(root)["(feed)"]), "error" in levels), ("failure", True), "an error of the feed is a failure of its case")


def test_let_through(directory):
    root = junit("waived", "fw.bin", "more", "--waivers", "waivers.yaml", "--today", "2029-12-31", cwd=directory)
    tap.equal(packages(root)["kmod-missing"], "skipped", "what is waived is skipped")
    waived = [case for name, case in cases(root).items() if name.startswith("kmod-missing ")][0]
    tap.ok("waived: the owner's script loads it by hand (release team, until 2030-01-31)" in text(waived), "with its waiver")
    tap.equal(ending(cases(root)["waivers.yaml"]), "passed", "the waivers have a case of their own")
    tap.ok("waiver-unused" in text(cases(root)["waivers.yaml"]), "which says what is odd about them")
    root = junit("expired", "fw.bin", "more", "--waivers", "waivers.yaml", "--today", "2030-02-01", cwd=directory)
    tap.equal((packages(root)["kmod-missing"], ending(cases(root)["waivers.yaml"])), ("failure", "failure"),
              "a day after the waiver ends: red, and so is the waiver")
    tap.audit("fw.bin", "more", "-o", "base.yaml", cwd=directory)
    root = junit("new", "fw.bin", "more", "other", "--baseline", "base.yaml", cwd=directory)
    tap.equal({name: ending for name, ending in packages(root).items() if ending == "failure"}.keys() & {"kmod-outsider", "kmod-leaning"},
              {"kmod-outsider"}, "with a baseline only what is new is red")
    tap.equal(packages(root)["kmod-leaning"], "skipped", "what is known is skipped")


def test_names(directory):
    root = junit("odd", "fw.bin", "odd feed", cwd=directory)
    names = [case.get("name") for case in root.iter("testcase")]
    tap.ok(len(names) == len(set(names)) == len(readers.ODD) + 2, "one package in files with odd names: a case each, each with its name")
    tap.ok(any("<\"'&>.ipk" in name for name in names) and any("new\\x0aline.ipk" in name for name in names) and
           any("\\xff\\xfe.ipk" in name for name in names), "markup is read back as it was, what XML cannot hold is spelled out")


def test_pairs(directory):
    root = junit("pairs", "plan.yaml", cwd=directory, command="gate")
    tap.equal([suite.get("name") for suite in root], [f"{image} vs {feed}" for image in ("fw.bin", "dark.bin", "none.bin")
                                                     for feed in ("more", "other", "lying")], "a plan: a suite for each pair")
    tap.equal([ending(case) for suite in root if suite.get("name").startswith("none.bin") for case in suite
               if case.get("name") == "(image)"], ["error"] * 3, "an image that is missing is an error")
    parts = []
    for number in range(1, 4):
        parts.append(f"part{number}.yaml")
        tap.kmodaudit("gate", "plan.yaml", "-q", "--shard", f"{number}/3", "-o", parts[-1], cwd=directory)
    tap.kmodaudit("merge", *parts, "--report", "junit=merged.xml", "-o", "merged.yaml", cwd=directory)
    with open(os.path.join(directory, "merged.xml"), "rb") as merged, open(made["pairs"][1], "rb") as whole:
        tap.ok(merged.read() == whole.read(), "three shards, merged: the same bytes")


def test_bytes(directory):
    texts = [tap.audit("fw.bin", "more", "other", "--format", "junit", "-j", jobs, cwd=directory).out for jobs in (1, 4, 4)]
    tap.ok(texts[0] and len(set(texts)) == 1, "the same bytes on one thread and on four")


def check_schema(directory):
    path, why = readers.reader("junit.xsd")
    why = why if shutil.which("xmllint") else "no xmllint here: install the Debian package libxml2-utils"
    if why:
        tap.skip("the public schema of JUnit XML", why)
        return
    broken = os.path.join(directory, "broken.xml")
    with open(made["unsafe"][1], encoding="utf-8") as file, open(broken, "w", encoding="utf-8") as to:
        to.write(file.read().replace("<failure ", "<fault ").replace("</failure>", "</fault>"))
    for name, file, expected in [*((name, file, 0) for name, (_, file) in made.items()), ("a fault for a failure", broken, 3)]:
        ran = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", path, file], capture_output=True, text=True, check=False)
        if not tap.ok(ran.returncode == expected, f"{name}: {'not ' if expected else ''}valid by the public schema"):
            tap.note(ran.stderr)


def check_reader(directory):
    """Reads the file with Debian's junitparser: result and counts; and the file that it writes again says the same."""
    if not shutil.which("junitparser"):
        tap.skip("a reader of JUnit XML", "no junitparser here: install the Debian package of that name")
        return
    for name, (_, path) in made.items():
        root = ElementTree.parse(path).getroot()
        red = int(root.get("failures")) + int(root.get("errors")) > 0
        ran = subprocess.run(["junitparser", "verify", path], capture_output=True, text=True, check=False)
        tap.equal(ran.returncode, int(red), f"{name}: junitparser finds it {'red' if red else 'green'}")
    again = os.path.join(directory, "again.xml")
    subprocess.run(["junitparser", "merge", made["pairs"][1], made["waived"][1], again], check=True)
    root = ElementTree.parse(again).getroot()
    both = [ElementTree.parse(made[name][1]).getroot() for name in ("pairs", "waived")]
    tap.equal([int(root.get(key)) for key in ("tests", "failures", "errors")],
              [sum(int(each.get(key)) for each in both) for key in ("tests", "failures", "errors")],
              "junitparser merges two, and counts as we do")


def main():
    with tap.Scratch() as directory:
        readers.world(directory)
        test_audits(directory)
        test_feed(directory)
        test_let_through(directory)
        test_names(directory)
        test_pairs(directory)
        test_bytes(directory)
        for name, (status, path) in made.items():
            root = ElementTree.parse(path).getroot()
            check_counts(name, root)
            check_first_line(name, directory)
            tap.equal(any(ending(case) in RED for case in root.iter("testcase")), status != 0, f"{name}: red as its status, {status}")
        check_schema(directory)
        check_reader(directory)
    tap.done()


main()
