#!/usr/bin/python3
"""--format markdown, as GitHub's own parser (cmark-gfm) shows it: the tables have the contents of the report, and text of hostile
packages stays text."""

import html.parser
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import hostile  # noqa: E402
import readers  # noqa: E402
import tap  # noqa: E402

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code", "strong", "em"}


class Page(html.parser.HTMLParser):
    """Tables as rows of cells' texts, headings, and all tags and attributes."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.heads, self.tags, self.attributes, self.inside = [], [], set(), set(), None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = "cell"
        elif tag in ("h2", "h3"):
            self.heads.append("")
            self.inside = "head"

    def handle_endtag(self, tag):
        if tag in ("td", "th", "h2", "h3"):
            self.inside = None

    def handle_comment(self, data):
        self.tags.add("comment")

    def handle_data(self, data):
        if self.inside == "cell":
            self.tables[-1][-1][-1] += data
        elif self.inside == "head":
            self.heads[-1] += data


def page(text):
    ran = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"],
                         input=text.encode(), capture_output=True, check=True)
    return Page(ran.stdout.decode())


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def cell_text(cell):
    words = cell["verdict"] + (f" ({cell['proof']})" if cell.get("proof") else "")
    quiet = cell["verdict"] in ("safe", "installed") and cell["gate"] == "pass" and not cell.get("waived") and not cell.get("known")
    words += f" {cell['finding']}" if cell.get("finding") and not quiet else ""
    return words + (", waived" if cell.get("waived") else "") + (", known" if cell.get("known") else "")


def test_plan(where):
    more = ("plan.yaml", "--waivers", "waivers.yaml", "--today", "2027-01-01", "-q", "-o", "gate.yaml")
    ran = tap.kmodaudit("gate", *more, "--report", "markdown=-", cwd=where)
    report, shown = yaml.safe_load(load(where, "gate.yaml")), page(ran.out)
    tap.equal(ran.out.split(":")[:2], ["## kmodaudit", " " + report["result"]["gate"]], "a plan: the first line says fail")
    tap.ok(shown.tags <= OURS and shown.attributes <= {"align"}, "a plan: nothing but text and tables")
    pairs, matrix = shown.tables[0], shown.tables[1]
    tap.equal([row[:3] for row in pairs[1:]], [[pair["image"], pair["feed"], pair["gate"]] for pair in report["pairs"]],
              "a plan: a row for each pair")
    tap.equal([row[3:7] for row in pairs[1:]],
              [[str(pair["summary"][word]) for word in ("safe", "installed", "unproven", "unsafe")] for pair in report["pairs"]],
              "a plan: what can be installed")
    tap.equal(matrix[0][2:], report["images"], "a plan: a column for each image")
    cells = [{cell["image"]: cell_text(cell) for cell in row["images"]} for row in report["matrix"]]
    tap.equal(sorted(row[2:] for row in matrix[1:]), sorted([row.get(image, "") for image in report["images"]] for row in cells),
              "a plan: each package's verdict and deciding finding on each image")
    tap.ok(len({row[0] for row in matrix[1:]}) == len(report["matrix"]), "a plan: packages of one name are told apart")
    waived = shown.tables[2]
    tap.ok(shown.heads[-1] == "Waived" and {tuple(row[2:]) for row in waived[1:]} ==
           {("release team", "2030-01-31", "the owner's script loads it by hand")}, "a plan: what is waived, by whom, until when, why")
    tap.ok("  - What to do: " in ran.out and "to settle it: `key symvers of the image in the plan" in ran.out, "a plan: what to do")


def test_baseline(where):
    before = tap.audit("fw.bin", "other", "-o", "before.yaml", cwd=where)
    ran = tap.audit("fw.bin", "other", "--baseline", "before.yaml", "--format", "markdown", cwd=where)
    tap.ok(before.status == 1 and ran.status == 0, "a baseline: what is in it passes")
    tap.ok("Findings against the baseline: 0 new, 2 unchanged, 0 fixed." in ran.out, "a baseline: it is counted") or tap.note(ran.out)
    tap.ok(all(row[2].endswith(", known") for row in page(ran.out).tables[1][1:]), "a baseline: what is known is marked")


def test_hostile(where):
    hostile.feed(where)
    ran = tap.audit("fw.bin", "hostile", "--format", "markdown", "--report", "yaml=hostile.yaml", cwd=where)
    report, shown = yaml.safe_load(load(where, "hostile.yaml")), page(ran.out)
    tap.equal(len(report["packages"]), len(hostile.NAMES), "hostile packages: all are judged")
    tap.equal(sorted(shown.tags - OURS), [], "hostile packages: no tag, link or picture is theirs")
    tap.ok(shown.attributes <= {"align"}, "hostile packages: no attribute is theirs")
    tap.equal([len(table) for table in shown.tables], [2, len(hostile.NAMES) + 1], "hostile packages: two tables, all rows")
    tap.equal({len(row) for row in shown.tables[1]}, {3}, "hostile packages: three cells a row")
    spelled = {package["name"].replace("|", "\\x7c").replace("`", "\\x60") for package in report["packages"]}
    tap.equal({row[0] for row in shown.tables[1][1:]}, spelled, "hostile packages: their names are shown as they are")
    tap.equal(shown.heads[1:], ["Packages", "Why"], "hostile packages: no heading is theirs")


def main():
    with tap.Scratch() as where:
        readers.world(where)
        test_plan(where)
        test_baseline(where)
        test_hostile(where)
    tap.done()


main()
