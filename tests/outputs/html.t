#!/usr/bin/python3
"""--report html: one closed, well-formed page without addresses, whose content security policy admits only its own style and script;
its data says what the matrix says, its links lead somewhere, and text of hostile packages stays text. tests/outputs/browser.t reads
it with a browser."""

import os
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import hostile  # noqa: E402
import page  # noqa: E402
import readers  # noqa: E402
import tap  # noqa: E402

VERDICTS = ["installed", "safe", "unproven", "unsafe"]
GATES = ["pass", "warn", "fail"]
PARTS = ["causes", "packages", "map", "options", "rules", "data"]
# what the printer itself writes
OURS = set("""html head meta title style body a header p h1 h2 h3 span dl dt dd div nav ul li main section article b details summary
	table thead tbody tr th td svg rect code small noscript script footer""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class href id aria-label aria-hidden viewbox preserveaspectratio x width height
	role tabindex scope data-rule type open""".split())


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def sound(shown, what, images=1):
    """Checks what holds for every page."""
    tap.equal([part in shown.ids for part in ("image", "images")], [images == 1, images > 1], f"{what}: the card of one image is a part of the answer")
    tap.equal(shown.wrong, [], f"{what}: all elements are closed, in order")
    tap.equal(sorted(shown.tags - OURS), [], f"{what}: no element but the printer's own")
    tap.equal(sorted(shown.attributes - ATTRIBUTES), [], f"{what}: no attribute but the printer's own, no handler, no style")
    tap.equal(shown.strangers(), [], f"{what}: no address, nothing to load")
    tap.equal(shown.admitted(), [True, True], f"{what}: the policy admits one style and one script, by their hashes")
    tap.ok(shown.policy.startswith("default-src 'none';"), f"{what}: the policy forbids everything else")
    tap.equal([part for part in PARTS if part not in shown.ids], [], f"{what}: all parts are there")
    tap.equal(len(set(shown.ids)), len(shown.ids), f"{what}: no id occurs twice")
    tap.equal([link for link in shown.links if link[1:] not in shown.ids], [], f"{what}: all links lead to a part of the page")


def test_plan(where):
    ran = tap.kmodaudit("gate", "plan.yaml", "--report", "html=page.html", "-o", "gate.yaml", cwd=where)
    again = tap.kmodaudit("gate", "plan.yaml", "--format", "html", "-j", "1", cwd=where)
    text = load(where, "page.html")
    tap.ok(again.out == text, "a plan: the same bytes on one thread")
    shown, matrix = page.Page(text), yaml.safe_load(load(where, "gate.yaml"))
    sound(shown, "a plan", 3)
    tap.ok("charts" in shown.ids, "a plan: charts")
    expected = {(row["package"], row["feed"], cell["image"]): [VERDICTS.index(cell["verdict"]), GATES.index(cell["gate"])]
                for row in matrix["matrix"] for cell in row["images"]}
    tap.equal(shown.cells(), expected, "a plan: every package on every image, as in the matrix")
    worst = [max((shown.data["cells"][cell] for cell in row[4] if cell >= 0), key=lambda cell: cell[1])[1] for row in shown.data["rows"]]
    tap.equal(worst, sorted(worst, reverse=True), "a plan: what fails comes first")
    tap.ok(ran.status and "Fail" in shown.text, "a plan: the answer")
    for pair in matrix["pairs"]:
        for value in pair["card"].values():
            tap.ok(value is None or value in shown.text, f"a plan: the card of {pair['image']} has {value}")
    for row in matrix["matrix"]:
        for cell in row["images"]:
            for finding in cell.get("findings", []):
                tap.ok(finding["text"] in shown.text, f"without scripts: {finding['text'][:60]}")


def test_rules(where):
    shown = page.Page(load(where, "page.html"))
    rules = yaml.safe_load(load(HERE, "..", "..", "rules", "checks.yaml"))
    rules = rules["rules"] if isinstance(rules, dict) else rules
    words = " ".join(shown.text.split())
    tap.equal([rule["id"] for rule in rules if f"rule-{rule['id']}" not in shown.ids], [], "the text of every rule is in the page")
    tap.equal([rule["id"] for rule in rules if " ".join(rule["why"].split()) not in words], [], "with the reasons")
    places = {one: shown.ids.index(f"rule-{one}") for one in ("package-checksum", "image-unreadable", "module-btf", "kld-module")}
    tap.ok(max(places["package-checksum"], places["image-unreadable"]) < min(places["module-btf"], places["kld-module"]), "first those with a finding")


def test_causes(where):
    """What follows from another package's cause is folded behind the causes; without a second pair the charts say nothing new."""
    shown = page.Page(tap.audit("fw.bin", "more", "--format", "html", cwd=where).out)
    sound(shown, "one image")
    causes = shown.source.split('id="causes"')[1].split("</section>")[0]
    tap.equal((causes.count('<article class="cause'), "Consequences: packages that need one of these" in causes.split("</article>")[-1]), (1, True),
              "the cause once, and the package that needs the other one behind it")
    tap.ok("charts" not in shown.ids and "Not known" in shown.text, "one pair: no charts; what is not known of the image is one line")
    tap.ok("No accepted proof holds:" not in causes, "no list of proofs where nothing is unproven")
    leaning = page.Page(tap.audit("fw.bin", "more", "--only", "kmod-leaning", "--format", "html", cwd=where).out)
    causes = leaning.source.split('id="causes"')[1].split("</section>")[0]
    tap.ok('<article class="cause unsafe' in causes and "Consequences" not in causes, "alone, what follows from a package outside of the report is a cause")


def test_config(where):
    founding = os.path.join(where, "founding")
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        tap.world(file.name, founding)
    configs = ("--image-config", "base.config", "--feed-config", "conntrack.config")
    told = page.Page(tap.audit("device.bin", "conntrack", *configs, "--format", "html", cwd=founding).out)
    sound(told, "two configs")
    tap.ok("CONFIG_NF_CONNTRACK=m" in told.text and "struct sk_buff in include/linux/skbuff.h: _nfct" in told.text,
           "two configs: the option and the member that it changes")
    none = page.Page(tap.audit("device.bin", "conntrack", "--format", "html", cwd=founding).out)
    tap.ok("The configs were not compared" in none.text, "no configs: the page says that they were not compared")
    tap.ok("No accepted proof holds:" in none.text and '<dl class="proofs">' in none.source.split('id="packages"')[0], "no configs: each proof on its own line")
    tap.ok("What would settle it" not in none.text and "To settle it" in none.text, "no configs: what would settle it")
    crcs = page.Page(tap.audit("device-crcs.bin", "conntrack-crcs", "--format", "html", cwd=founding).out)
    tap.ok("0x608e2ed4" in crcs.text and "0xc00a43ab" in crcs.text and "symbols" in crcs.ids, "CRCs: both values of a symbol")
    part = crcs.source.split('id="symbols"')[1].split("</section>")[0]
    tap.ok("struct sk_buff" in part.split("<table")[0] and "<code>module</code>, <code>net</code>, <code>sock</code>" in part and "not known" in part,
           "CRCs: the structs that symbols share, and those of each, as far as the rules know")
    fits = page.Page(tap.audit("device-crcs.bin", "later-crcs", "--format", "html", cwd=founding).out)
    tap.ok("symbols" not in fits.ids and "Nothing fails." in fits.text, "CRCs that agree: no list of symbols, nothing fails")
    tap.ok("tar -xzOf" in fits.text, "safe, but refused by opkg: the line to type")


BSD = """
build bsd
	machine x86_64
	release 14.2-RELEASE
	osreldate 1402000
	exports printf
	module if_x
		imports printf
	package x-kmod
		contains if_x
image bsd.img from bsd
feed bsd-feed from bsd
	holds x-kmod
"""


def test_system(where):
    """The card of an image has what its system has; a saved report gives the same page."""
    folder = os.path.join(where, "bsd")
    os.mkdir(folder)
    with open(os.path.join(folder, "made.world"), "w", encoding="utf-8") as file:
        file.write(BSD)
    tap.world(file.name, folder)
    ran = tap.audit("bsd.img", "bsd-feed", "--report", "html=page.html", "--report", "yaml=bsd.yaml", cwd=folder)
    text = load(folder, "page.html")
    shown = page.Page(text)
    tap.ok(ran.status < 3 and "osreldate" in shown.text and "1402000" in shown.text and "Vermagic" not in shown.text
           and "Target" not in shown.text,
           "FreeBSD: the card has its version, and nothing that only Linux has")
    tap.ok("options" not in shown.ids and "Kernel config" not in shown.text, "FreeBSD: nothing about configs")
    tap.ok(tap.kmodaudit("convert", "bsd.yaml", "--format", "html", cwd=folder).out == text, "FreeBSD: the same page from the saved report")
    tap.ok("osreldate" not in page.Page(load(where, "page.html")).text.split("Rules")[0].split("Images")[-1], "Linux: a card without osreldate")


def test_hostile(where):
    hostile.feed(where)
    ran = tap.audit("fw.bin", "hostile", "--format", "html", "--report", "yaml=hostile.yaml", cwd=where)
    report, shown = yaml.safe_load(load(where, "hostile.yaml")), page.Page(ran.out)
    sound(shown, "hostile packages")
    names = {package["name"] for package in report["packages"]}
    tap.equal({name for name, _, _ in shown.cells()}, names, "hostile packages: the data has their names as they are")
    tap.equal(sorted(name for name in names if name not in shown.text), [], "hostile packages: the text has their names as they are")
    tap.ok("<" not in shown.raw and "&" not in shown.raw, "hostile packages: the data has no character that ends it")


def test_long(where):
    """Names of 10 KB, with marks that turn the direction of text."""
    folder = os.path.join(where, "long")
    os.mkdir(folder)
    for number, name in enumerate(("a" * 10000, "kmod-\u202egnp.exe", "kmod-\u2066x\u2069", "</script><script>alert(1)</script>")):
        control = f"Package: {name}\nVersion: 1\nArchitecture: mips_24kc\nDepends: kernel (= 1), {name}x\n"
        with open(os.path.join(folder, f"{number}.ipk"), "wb") as file:
            file.write(hostile.ipk(control.encode(), hostile.module(where)))
    shown = page.Page(tap.audit("fw.bin", "long", "--format", "html", cwd=where).out)
    sound(shown, "long names")
    tap.ok(len(shown.source) < 400000, f"long names: a page of {len(shown.source)} bytes")
    tap.equal([mark for mark in "\u202e\u2066\u2069" if mark in shown.source], [], "long names: no mark that turns the text")
    tap.ok(max(len(name) for name, _, _ in shown.cells()) <= 210, "long names are cut")


def main():
    with tap.Scratch() as where:
        readers.world(where)
        test_plan(where)
        test_rules(where)
        test_causes(where)
        test_config(where)
        test_system(where)
        test_hostile(where)
        test_long(where)
    tap.done()


main()
