#!/usr/bin/python3
"""SARIF, validated by the public schema and a reader that knows GitHub's requirements, and compared with the YAML report of the
same run: findings, levels and numbers; paths, fingerprints, waivers, baseline, pairs of a plan."""

import json
import os
import shutil
import subprocess
import sys
import urllib.parse

import jsonschema
import yaml

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import readers  # noqa: E402
import tap  # noqa: E402

LEVELS = {"note": "note", "warning": "warning", "unknown": "warning", "error": "error"}
ABSENT = "SARIF2005"  # the validator asks for a web page of the tool; there is none
made = {}  # name -> path of each SARIF file, for the schema and the reader


def sarif(name, *args, cwd, command="audit"):
    """Runs and keeps the file as NAME; returns (status, SARIF)."""
    path = os.path.join(cwd, name + ".sarif")
    ran = tap.kmodaudit(command, *args, "-q", "--report", f"sarif={path}", "-o", os.path.join(cwd, name + ".yaml"), cwd=cwd)
    if not os.path.exists(path):
        tap.note(ran.err)
        raise SystemExit(1)
    made[name] = path
    with open(path, encoding="utf-8") as file:
        return ran.status, json.load(file)


def report(name, cwd):
    with open(os.path.join(cwd, name + ".yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


def results(log):
    return log["runs"][0]["results"]


def fingerprints(log):
    return {result["partialFingerprints"]["kmodaudit/v1"]: result["message"]["text"] for result in results(log)}


def location(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


def check_same(name, log, cwd):
    """The findings of the YAML report, each once, with its level."""
    got = []
    for result in results(log):
        bag = result["properties"]
        owner = result["locations"][0]["logicalLocations"][0]["name"]
        if owner == "waivers":
            continue
        got.append((owner, urllib.parse.unquote(location(result)["uri"]), result["ruleId"], bag["level"], bag.get("module"),
                    bag["subject"]))
        if result["level"] != LEVELS[bag["level"]]:
            tap.ok(False, f"{name}: level of {result['ruleId']}")
    tap.equal(sorted(got, key=str), sorted(readers.kept(report(name, cwd)), key=str), f"{name}: the findings of the YAML report")
    tap.ok(got, f"{name}: there are some")


def check_numbers(name, status, log, cwd):
    with open(made[name], encoding="utf-8") as file:
        first = file.readline()
    summary = log["properties"]["summary"]
    tap.ok(first == '{"properties": {"summary": ' + json.dumps(summary) + "},\n", f"{name}: the first line is the summary")
    sums = report(name, cwd)["summary"]
    bag = log["runs"][0]["properties"]
    tap.equal({key: bag[key] for key in ("packages", "unrelated", "installed", "safe", "unsafe", "unproven")},
              {key: sums[key] for key in ("packages", "unrelated", "installed", "safe", "unsafe", "unproven")},
              f"{name}: the numbers of the YAML report")
    with open(os.path.join(cwd, name + ".yaml"), encoding="utf-8") as file:
        tap.equal("# " + summary + "\n", file.readline(), f"{name}: the summary is that of the YAML report: {summary}")
    tap.ok(summary.startswith(bag["gate"] + ": "), f"{name}: and starts with what the gate says")
    invocation = log["runs"][0]["invocations"][0]
    tap.equal((invocation["exitCode"], invocation["executionSuccessful"]), (status, True), f"{name}: exit status {status}")


def test_audits(directory):
    for name, args, expected in (("unsafe", ("fw.bin", "more"), 1), ("unknown", ("dark.bin", "more"), 2),
                                 ("feed", ("fw.bin", "lying", "other"), 1)):
        status, log = sarif(name, *args, cwd=directory)
        tap.equal(status, expected, f"{name}: the test's world is as it should be")
        check_same(name, log, directory)
        check_numbers(name, status, log, directory)
    status, log = sarif("good", "fw.bin", "good", cwd=directory)
    tap.equal((status, results(log), log["properties"]["summary"].split(":")[0]), (0, [], "pass"), "good: a pass without results")


def test_rules(log):
    """All rules, those of rules/checks.yaml in their order; each result points to its own."""
    with open(os.path.join(tap.ROOT, "rules", "checks.yaml"), encoding="utf-8") as file:
        known = yaml.safe_load(file)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    tap.equal([rule["id"] for rule in rules], [rule["id"] for rule in known], "the rules are those of rules/, in their order")
    tap.ok(all(ours["why"] in rule["help"]["text"] and ours["remedy"] in rule["help"]["text"] and
               ours["source"] in rule["help"]["markdown"] and rule["shortDescription"]["text"] == ours["title"] and
               rule["fullDescription"]["text"] == ours["why"] and
               rule["defaultConfiguration"]["level"] == LEVELS[ours["level"]] for rule, ours in zip(rules, known)),
           "their words and levels are those of rules/")
    tap.ok(all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results(log)), "each ruleIndex is its ruleId's")


def test_unknown(log):
    unknown = [result for result in results(log) if result["properties"]["level"] == "unknown"]
    tap.ok(unknown and all("kind" not in result and "settle" in result["message"]["text"] for result in unknown),
           "what is unknown is shown, and says what would settle it")


def test_needs(log):
    found = [result["ruleId"] for result in results(log) if result["properties"].get("package") == "kmod-leaning"]
    tap.ok(found and all(result["properties"]["verdict"] == "unsafe" for result in results(log)
                         if result["properties"].get("package") == "kmod-leaning"),
           f"a package that is unsafe for what it needs has a result ({', '.join(found)})")


def test_names(directory):
    """File names with all characters that have a meaning in URIs, JSON or terminals."""
    log = sarif("odd", "fw.bin", "odd feed", cwd=directory)[1]
    uris = {location(result)["uri"] for result in results(log) if "package" in result["properties"]}
    tap.equal(sorted(urllib.parse.unquote_to_bytes(uri) for uri in uris), sorted(b"odd feed/" + name for name in readers.ODD),
              "odd names come back out of their URIs, byte by byte")
    tap.ok(all(uri.isascii() and not set(uri) & set(' "<>\\^`{}|\n?#[]:') for uri in uris), "and are legal in them")
    tap.ok(all(location(result).get("uriBaseId") == "%SRCROOT%" for result in results(log)), "relative to the working directory")


def test_places(directory):
    """The same feed, named in three ways."""
    below = os.path.join(directory, "below")
    os.mkdir(below)
    uri = location(results(sarif("absolute", os.path.join(directory, "fw.bin"), os.path.join(directory, "more"), cwd=directory)[1])[0])
    tap.ok(uri["uri"].startswith("more/") and uri["uriBaseId"] == "%SRCROOT%", "an absolute path below the working directory: relative")
    here = os.path.join(below, "absolute")
    os.mkdir(here)
    uri = location(results(sarif("outside", os.path.join(directory, "fw.bin"), os.path.join(directory, "more"), cwd=here)[1])[0])
    tap.ok(uri["uri"].startswith(f"file://{directory}/more/") and "uriBaseId" not in uri, "outside of it: a file URI")
    uri = location(results(sarif("upwards", "../fw.bin", "../more", cwd=below)[1])[0])
    tap.ok(uri["uri"].startswith("../more/") and "uriBaseId" not in uri, "upwards: as it was given, without a base")


def test_fingerprints(directory, log):
    before = fingerprints(log)
    tap.equal(len(before), len(results(log)), "different findings have different fingerprints")
    moved = os.path.join(directory, "elsewhere", "deeper")
    shutil.copytree(os.path.join(directory, "more"), os.path.join(moved, "more"))
    shutil.copy(os.path.join(directory, "fw.bin"), moved)
    after = fingerprints(sarif("moved", "elsewhere/deeper/fw.bin", "elsewhere/deeper/more", cwd=directory)[1])
    tap.equal(set(after), set(before), "image and feed moved to another folder: the same fingerprints")
    extra = [name for name in os.listdir(os.path.join(directory, "other")) if name.startswith("kmod-outsider")][0]
    shutil.copy(os.path.join(directory, "other", extra), os.path.join(moved, "more"))
    more = fingerprints(sarif("added", "elsewhere/deeper/fw.bin", "elsewhere/deeper/more", cwd=directory)[1])
    new = set(more) - set(before)
    tap.ok(set(before) < set(more) and all("kmod-outsider" in more[key] for key in new),
           "a package added: the fingerprints of before, and its own")


def test_waived(directory):
    status, log = sarif("waived", "fw.bin", "more", "--waivers", "waivers.yaml", "--today", "2029-12-31", cwd=directory)
    waived = [result for result in results(log) if result["suppressions"]]
    suppression = {"kind": "external", "status": "accepted", "properties": {"waiver": "waivers.yaml: line 3"},
                   "justification": "the owner's script loads it by hand (release team, until 2030-01-31)"}
    tap.equal([(result["ruleId"], result["properties"]["package"], result["suppressions"]) for result in waived],
              [("needs", "kmod-leaning", [suppression]), ("symbol-missing", "kmod-missing", [suppression])],
              "what is waived, and what needs it, is suppressed, with reason, owner and date")
    log_expired = sarif("expired", "fw.bin", "more", "--waivers", "waivers.yaml", "--today", "2030-02-01", cwd=directory)[1]
    tap.ok(not any(result["suppressions"] for result in results(log_expired)) and
           any(result["ruleId"] == "waiver-expired" for result in results(log_expired)),
           "a day after it ends nothing is suppressed, and the waiver is a result")
    own = [result for result in results(log) if result["ruleId"].startswith("waiver-")]
    tap.equal([(result["ruleId"], location(result), result["locations"][0]["physicalLocation"]["region"]["startLine"])
               for result in own], [("waiver-unused", {"uri": "waivers.yaml", "uriBaseId": "%SRCROOT%"}, 8)],
              "a waiver that covers nothing is shown where it stands")
    check_numbers("waived", status, log, directory)


def test_baseline(directory):
    """The baseline is made from one feed; the run has one more package."""
    tap.audit("fw.bin", "more", "-o", "base.yaml", cwd=directory)
    status, log = sarif("unchanged", "fw.bin", "more", "--baseline", "base.yaml", cwd=directory)
    tap.equal((status, {result["baselineState"] for result in results(log)}), (0, {"unchanged"}), "all known: unchanged")
    status, log = sarif("new", "fw.bin", "more", "other", "--baseline", "base.yaml", cwd=directory)
    new = {result["properties"]["package"] for result in results(log) if result["baselineState"] == "new"}
    tap.ok(status == 1 and "kmod-outsider" in new and "kmod-leaning" not in new, f"one package more: new is {', '.join(sorted(new))}")


def test_pairs(directory):
    """A plan is one run; a pair that cannot be read is reported, and the run counts as unsuccessful."""
    status, log = sarif("pairs", "plan.yaml", cwd=directory, command="gate")
    run = log["runs"][0]
    tap.equal((status, len(log["runs"]), run["invocations"][0]["executionSuccessful"], run["invocations"][0]["exitCode"]),
              (3, 1, False, 3), "a plan with an image that is missing: one run, not successful")
    tap.equal({(result["properties"]["image"], result["properties"]["feed"]) for result in results(log)},
              {(image, feed) for image in ("fw.bin", "dark.bin", "none.bin") for feed in ("more", "other", "lying")},
              "each pair has its results, with image and feed")
    tap.equal({result["ruleId"] for result in results(log) if result["properties"]["image"] == "none.bin"}, {"image-unreadable"},
              "the missing image has one of its own")
    parts = []
    for number in range(1, 4):
        parts.append(f"part{number}.yaml")
        tap.kmodaudit("gate", "plan.yaml", "-q", "--shard", f"{number}/3", "-o", parts[-1], cwd=directory)
    tap.kmodaudit("merge", *parts, "--report", "sarif=merged.sarif", "-o", "merged.yaml", cwd=directory)
    with open(os.path.join(directory, "merged.sarif"), "rb") as merged, open(made["pairs"], "rb") as whole:
        tap.ok(merged.read() == whole.read(), "three shards, merged: the same bytes")


def test_bytes(directory):
    texts = [tap.audit("fw.bin", "more", "other", "--format", "sarif", "-j", jobs, cwd=directory).out for jobs in (1, 4, 4)]
    tap.ok(texts[0] and len(set(texts)) == 1, "the same bytes on one thread and on four")


def check_schema():
    path, why = readers.reader("sarif.schema.json")
    if not path:
        tap.skip("the public schema of SARIF 2.1.0", why)
        return
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    for name, log in made.items():
        with open(log, encoding="utf-8") as file:
            wrong = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(json.load(file))]
        if not tap.ok(not wrong, f"{name}: valid by the public schema"):
            tap.note("\n".join(wrong[:5]))
    with open(made["unsafe"], encoding="utf-8") as file:
        broken = json.load(file)
    broken["runs"][0]["results"][0]["level"] = "unknown"
    tap.ok(list(validator.iter_errors(broken)), "and the schema refuses a level that SARIF does not have")


def multitool(tool, scratch, *args):
    """Runs the validator, which unpacks itself into a folder and needs no ICU."""
    return subprocess.run([tool, *args], capture_output=True, text=True, check=False, timeout=tap.PATIENCE, cwd=scratch, env={
        **os.environ, "DOTNET_BUNDLE_EXTRACT_BASE_DIR": os.path.join(scratch, "dotnet"), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})


def check_reader():
    folder, why = readers.reader("sarif-multitool")
    if not folder:
        tap.skip("a reader of SARIF: the validator of its SDK", why)
        return
    tool = os.path.join(folder, "Sarif.Multitool")
    with tap.Scratch() as scratch:
        try:
            ran = multitool(tool, scratch, "--version")
        except OSError as error:
            tap.skip("a reader of SARIF: the validator of its SDK", f"it does not run on this machine: {error}")
            return
        tap.note((ran.stdout + ran.stderr).strip().splitlines()[0])
        ran = multitool(tool, scratch, "validate", "--rule-kind", "Sarif;Gh", *made.values())
        if not tap.ok(ran.returncode == 0 and f"{len(made)} files scanned" in ran.stdout, f"the validator reads all {len(made)} files"):
            tap.note(ran.stdout + ran.stderr)
        said = [line for line in ran.stdout.splitlines() if (": error " in line or ": warning " in line) and ABSENT not in line]
        if not tap.ok(not said, "and has nothing to say, by SARIF's rules and by GitHub's"):
            tap.note("\n".join(said[:9]))
        broken = os.path.join(scratch, "broken.sarif")
        with open(made["unsafe"], encoding="utf-8") as file, open(broken, "w", encoding="utf-8") as to:
            to.write(file.read().replace('"uri": "more/', '"uri": "mo re/'))
        ran = multitool(tool, scratch, "validate", "--rule-kind", "Sarif;Gh", broken)
        tap.ok("SARIF1002" in ran.stdout, "but has of a blank in a URI")
        with open(made["pairs"], encoding="utf-8") as file:
            errors = sum(result["level"] == "error" for result in results(json.load(file)))
        ran = multitool(tool, scratch, "query", made["pairs"], "--expression", "Level == 'Error'")
        tap.ok(errors and f"{errors} of " in ran.stdout, f"it finds the {errors} errors in the file")


def main():
    with tap.Scratch() as directory:
        readers.world(directory)
        test_audits(directory)
        with open(made["unsafe"], encoding="utf-8") as file:
            unsafe = json.load(file)
        with open(made["unknown"], encoding="utf-8") as file:
            test_unknown(json.load(file))
        test_rules(unsafe)
        test_needs(unsafe)
        test_names(directory)
        test_places(directory)
        test_fingerprints(directory, unsafe)
        test_waived(directory)
        test_baseline(directory)
        test_pairs(directory)
        test_bytes(directory)
        check_schema()
        check_reader()
    tap.done()


main()
