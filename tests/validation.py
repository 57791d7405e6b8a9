"""Validates reports, matrices and plans (YAML): by the schema in docs that they name, and reports and matrices also by what a
schema cannot say: keys in the schema's order, lists sorted, no key twice, totals that add up, nothing hidden or unprintable."""

import functools
import json
import os
import re

import jsonschema
import yaml

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs")
KINDS = ("report", "gate", "plan", "diff")
VERDICTS = ("installed", "safe", "unsafe", "unproven")
SUMS = ("packages", "unrelated", *VERDICTS, "failing_unsafe", "failing_unproven", "waived", "known")
BASELINE = ("new_findings", "unchanged_findings", "fixed_findings")
WORST = (0, 2, 1, 3)  # statuses, the worst last
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(LOADER):
    """Refuses a key that occurs twice."""


def strict_map(loader, node):
    keys = [key.value for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise yaml.YAMLError(f"line {node.start_mark.line + 1}: a key comes twice among {keys}")
    return loader.construct_mapping(node, deep=True)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, strict_map)


def resolve(schema, part):
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
    return part


def order_of(schema, part, value, path):
    """Keys that are not in the order of the schema's properties."""
    part = resolve(schema, part)
    if isinstance(value, dict) and "properties" in part:
        wanted = [key for key in part["properties"] if key in value]
        if wanted != list(value):
            yield f"{path}: keys are not in order: {list(value)}"
        for key in wanted:
            yield from order_of(schema, part["properties"][key], value[key], f"{path}.{key}")
    elif isinstance(value, list) and "items" in part:
        for number, item in enumerate(value):
            yield from order_of(schema, part["items"], item, f"{path}[{number}]")


def text(value):
    return (value or "").encode()


def unsorted(report):
    def is_sorted(items, path):
        if items != sorted(items):
            yield f"{path}: not sorted"

    packages = report["packages"]
    yield from is_sorted([text(one["name"]) for one in packages], "packages")
    for one in packages:
        yield from is_sorted([text(name) for name in one["modules"]], f"packages {one['name']}: modules")
        yield from is_sorted([text(name) for name in one["needs"]], f"packages {one['name']}: needs")
    for feed in report["feeds"]:
        yield from is_sorted([(text(abi["version"]), text(abi["hash"])) for abi in feed["abis"]], f"feed {feed['source']}: abis")


def contradictions(report):
    packages, summary = report["packages"], report["summary"]
    for verdict in ("installed", "safe", "unsafe", "unproven"):
        count = sum(one["verdict"] == verdict for one in packages)
        if count != summary[verdict]:
            yield f"summary: {verdict} is {summary[verdict]}, but {count} packages are"
    if summary["packages"] != summary["unrelated"] + len(packages):
        yield "summary: packages and unrelated do not add up"
    listed = {one["name"] for one in packages}
    safe = {one["name"] for one in packages if one["verdict"] == "safe"}
    for name in report["install"]:
        if name in listed - safe:
            yield f"install: {name} is not safe"
    excluded = {one["package"] for one in report.get("excluded", [])}
    for name in safe - set(report["install"]) - excluded:
        yield f"install: {name} is safe, but missing"
    for one in report.get("excluded", []):
        if one["package"] not in safe:
            yield f"excluded: {one['package']} is not safe"
    for one in packages:
        if (one["proof"] is None) if one["verdict"] == "safe" and one["modules"] else (one["verdict"] != "safe" and one["proof"]):
            yield f"packages {one['name']}: {one['verdict']} with proof {one['proof']}"
        if one["verdict"] == "unsafe" and not any(finding["level"] == "error" for finding in one["findings"]):
            yield f"packages {one['name']}: unsafe without an error"
        if one["gate"] != "pass" and one["verdict"] in ("safe", "installed"):
            yield f"packages {one['name']}: {one['verdict']}, but does not pass"
        if one["verdict"] == "unproven" and not any(finding["level"] in ("unknown", "error") for finding in one["findings"]):
            yield f"packages {one['name']}: unproven without saying what is unknown"


def cells_of(matrix, pair):
    """The packages of PAIR: (row, cell)."""
    return [(row, cell) for row in matrix["matrix"] if row["feed"] == pair["feed"]
            for cell in row["images"] if cell["image"] == pair["image"]]


def pair_troubles(matrix, pair):
    name, summary = f"{pair['image']} with {pair['feed']}", pair["summary"]
    cells = [cell for _, cell in cells_of(matrix, pair)]
    beside = [one for one in pair["image_findings"] + pair["feed_findings"]
              if one["level"] == "error" and "waived" not in one and "known" not in one]
    for verdict in VERDICTS:
        if summary[verdict] != sum(cell["verdict"] == verdict for cell in cells):
            yield f"{name}: {verdict} is {summary[verdict]}, the matrix has others"
    if summary["packages"] - summary["unrelated"] != len(cells):
        yield f"{name}: packages and unrelated do not add up to {len(cells)}"
    failing = [cell for cell in cells if cell["gate"] == "fail"]
    if len(failing) != summary["failing_unsafe"] + summary["failing_unproven"]:
        yield f"{name}: {len(failing)} packages fail, not as many as it says"
    worst = max([cell["gate"] for cell in cells] + ["fail" if beside else "pass"], key=("pass", "warn", "fail").index)
    if worst != pair["gate"]:
        yield f"{name}: gate is {pair['gate']}, not {worst}"
    status = 1 if summary["failing_unsafe"] or beside else 2 if summary["failing_unproven"] else 0
    if pair["status"] != status and pair["status"] != 3:
        yield f"{name}: status is {pair['status']}, not {status}"
    if pair["status"] == 3 and not {one["id"] for one in beside} & {"image-unreadable", "feed-unreadable"}:
        yield f"{name}: no answer, and no reason"
    for cell in cells:
        if cell["gate"] != "pass" and not cell.get("findings"):
            yield f"{name}: {cell['gate']} without a finding"


def gate_unsorted(matrix):
    images, feeds = matrix["images"], matrix["feeds"]
    rows = [(feeds.index(row["feed"]), *(text(row[key]) for key in ("package", "version", "file"))) for row in matrix["matrix"]]
    if rows != sorted(rows):
        yield "matrix: rows are not sorted"
    for row in matrix["matrix"]:
        places = [images.index(cell["image"]) for cell in row["images"]]
        if places != sorted(set(places)):
            yield f"matrix {row['package']}: images are not in order"
    pairs = [(images.index(pair["image"]), feeds.index(pair["feed"])) for pair in matrix["pairs"]]
    places = [pair["place"] for pair in matrix["pairs"]]
    if pairs != sorted(set(pairs)) or places != sorted(set(places)):
        yield "pairs: not in order"


def gate_contradictions(matrix):
    pairs, result = matrix["pairs"], matrix["result"]
    for pair in pairs:
        yield from pair_troubles(matrix, pair)
    for key in SUMS + BASELINE:
        if result.get(key, 0) != sum(pair["summary"].get(key, 0) for pair in pairs):
            yield f"result: {key} is {result.get(key)}, the pairs have others"
    whole = matrix["plan"]["shard"] is None
    if result["pairs"] != len(pairs) or (whole and len(pairs) != matrix["plan"]["pairs"]):
        yield "result: pairs are missing"
    if result["pairs_failing"] != sum(pair["gate"] == "fail" for pair in pairs):
        yield "result: pairs_failing is not as many"
    said = matrix.get("waivers", {"findings": []})["findings"]
    statuses = [pair["status"] for pair in pairs] + [1 for one in said if one["level"] == "error"] + [0]
    if result["status"] != max(statuses, key=WORST.index):
        yield f"result: status is {result['status']}, not the worst of {statuses}"


def gate_headline(content, matrix):
    if not content.startswith(f"# {matrix['result']['gate']}: "):
        yield f"the first line does not say {matrix['result']['gate']}"


def gate_troubles(report):
    gate, summary = report["gate"], report["summary"]
    if gate["unsafe"] + gate["unproven"] + gate["waived"] + gate["known"] != summary["unsafe"] + summary["unproven"]:
        yield f"gate: {gate} does not add up to {summary}"
    results = [one["gate"] for one in report["packages"]]
    worst = next((word for word in ("fail", "warn") if word in results), "pass")
    beside = [*report["image"]["findings"], *(finding for feed in report["feeds"] for finding in feed["findings"]),
              *report.get("waivers", {"findings": []})["findings"]]
    if any(one["level"] == "error" and "waived" not in one and "known" not in one for one in beside):
        worst = "fail"
    if gate["result"] != worst:
        yield f"gate: the result is {gate['result']}, but it must be {worst}"
    if gate["unsafe"] > results.count("fail"):
        yield "gate: more packages are unsafe than fail"
    for one in report["packages"]:
        bad = [finding for finding in one["findings"] if finding["level"] in ("error", "unknown")]
        if one["gate"] == "pass" and gate["unproven"] == 0 and one["verdict"] in ("unsafe", "unproven"):
            if not all("waived" in finding or "known" in finding for finding in bad):
                yield f"packages {one['name']}: passes, with a finding that stands"


def headline_troubles(content, report):
    first = content.split("\n", 1)[0]
    if not first.startswith(f"# {report['gate']['result']}: "):
        yield f"the first line says something else than the gate: {first}"
    for word in ("unsafe", "waived", "known"):
        if report["gate"][word] and not re.search(rf"\b{report['gate'][word]} (of \d+ packages? )?{word}\b", first):
            yield f"the first line does not count {word}: {first}"


def unprintable(content):
    for number, line in enumerate(content.split("\n"), 1):
        if not line.isprintable():
            yield f"line {number}: unprintable: {line!r}"


@functools.cache
def validators():
    """What a document calls its schema -> the schema's validator."""
    found = {}
    for kind in KINDS:
        with open(os.path.join(DOCS, kind + ".schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        found[schema["properties"]["schema"]["const"]] = jsonschema.Draft202012Validator(schema)
    return found


def troubles(content):
    """What is wrong with the text of a document, one line each."""
    yield from unprintable(content)
    try:
        report = yaml.load(content, Loader=StrictLoader)
    except yaml.YAMLError as error:
        yield f"no YAML: {error}"
        return
    name = report.get("schema") if isinstance(report, dict) else None
    if name not in validators():
        yield f"names no schema, but {name}"
        return
    validator = validators()[name]
    wrong = list(validator.iter_errors(report))
    for error in wrong:
        yield f"{error.json_path}: {error.message[:300]}"
    if wrong or name == "kmodaudit/plan/1":
        return
    yield from order_of(validator.schema, validator.schema, report, "$")
    if name == "kmodaudit/diff/1":
        return
    if name == "kmodaudit/gate/1":
        if not content.startswith("{"):  # JSON has no comments
            yield from gate_headline(content, report)
        yield from gate_unsorted(report)
        yield from gate_contradictions(report)
        return
    yield from unsorted(report)
    yield from contradictions(report)
