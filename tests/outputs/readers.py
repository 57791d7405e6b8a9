"""For the tests of outputs: a small world, and the public schemas and readers that scripts/readers fetches."""

import os
import shutil
import subprocess

import tap

FOLDER = os.environ.get("KMODAUDIT_READERS", os.path.join(tap.ROOT, "build", "readers"))
STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
# one package that misses a symbol, one that needs that package, one that is fine
MORE = """
build more like release
	exports usb_poll in USB
	module missing
		imports printk nowhere_to_be_found
		exports from_missing
	module leaning
		imports printk from_missing
		depends missing
	module free
		imports __netlink_kernel_create
	module outsider
		imports usb_poll
	package kmod-missing
		contains missing
	package kmod-leaning
		contains leaning
		depends kmod-missing
	package kmod-free
		contains free
	package kmod-outsider
		contains outsider
feed more from more
	holds kmod-missing kmod-leaning kmod-free
feed other from more
	holds kmod-outsider kmod-missing
feed good from more
	holds kmod-free
feed lying from more
	holds kmod-free
	index
	index-lies kmod-free sha256
image fw.bin from more
	installed kmod-dummy
image dark.bin from more
	wrapped sysupgrade
	installed kmod-dummy
"""
WAIVERS = """schema: kmodaudit/waivers/1
waivers:
  - rule: symbol-missing
    package: kmod-missing
    reason: the owner's script loads it by hand
    owner: release team
    expires: 2030-01-31
  - rule: symbol-gpl
    package: kmod-nobody-has
    reason: was needed once
    owner: release team
    expires: 2030-01-31
"""
# in file names: what URLs, XML and JSON give a meaning, and bytes that are no UTF-8
ODD = [b"a b.ipk", b"50%25.ipk", b"q?#&;[x].ipk", "\u00e4\u6f22.ipk".encode(), b"new\nline.ipk", b"<\"'&>.ipk", b"\xff\xfe.ipk", b"c:d\\e.ipk"]


def reader(name):
    """The path of the reader that scripts/readers names NAME, or None and the reason."""
    path = os.path.join(FOLDER, name)
    if not os.path.exists(path):
        ran = subprocess.run([os.path.join(tap.ROOT, "scripts", "readers")], capture_output=True, text=True, check=False,
                             timeout=tap.PATIENCE)
        if ran.returncode:
            return None, (ran.stderr.strip().splitlines() or ["scripts/readers failed"])[-1]
    return path, None


def world(directory):
    story = os.path.join(directory, "made.world")
    with open(STORY, encoding="utf-8") as founding, open(story, "w", encoding="utf-8") as file:
        file.write(founding.read() + MORE)
    tap.world(story, directory)
    with open(os.path.join(directory, "waivers.yaml"), "w", encoding="utf-8") as file:
        file.write(WAIVERS)
    package = [name for name in os.listdir(os.path.join(directory, "more")) if name.startswith("kmod-missing")][0]
    odd = os.path.join(directory, "odd feed")
    os.mkdir(odd)
    for name in ODD:
        shutil.copy(os.path.join(directory, "more", package), os.path.join(os.fsencode(odd), name))
    with open(os.path.join(directory, "plan.yaml"), "w", encoding="utf-8") as file:
        file.write("schema: kmodaudit/plan/1\nimages:\n  - path: fw.bin\n  - path: dark.bin\n  - path: none.bin\n"
                   "feeds:\n  - path: more\n  - path: other\n  - path: lying\n")


def kept(report, rules_levels=("warning", "unknown", "error")):
    """(owner, file, id, level, module, subject) of all findings of an audit's YAML report that outputs show: no notes."""
    found = []

    def add(owner, file, findings):
        for finding in findings:
            if finding["level"] in rules_levels:
                found.append((owner, file, finding["id"], finding["level"], finding.get("module"), finding["subject"]))

    add("image", report["image"]["source"], report["image"]["findings"])
    for feed in report["feeds"]:
        add("feed", feed["source"], feed["findings"])
    for package in report["packages"]:
        add(package["name"], package["file"], package["findings"])
    return found
