#!/usr/bin/python3
"""Whether the installation of a package runs kldxref: without it linker.hints does not name what the package brings, and an interface is found only by the name of a file."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import members, pack, story  # noqa: E402
from tap import write  # noqa: E402

MODULES = """	module dep
		provides dep 1
		imports printf
	module lib
		provides INTERFACE 1
		imports printf
	module user
		needs INTERFACE 1
		imports printf"""
STORY = story(MODULES, "lib user", image="\tmodules dep")
PACKAGE = "plain/x-kmod-1.0.txz"
RUN = "/usr/sbin/kldxref /boot/modules"


def scripts_set(at, scripts):
    files = members(f"{at}/{PACKAGE}")
    place = [path for path, _ in files].index("+MANIFEST")
    manifest = json.loads(files[place][1])
    manifest["scripts"] = scripts
    files[place] = ("+MANIFEST", json.dumps(manifest).encode())
    pack(f"{at}/{PACKAGE}", files)


def judge(what, scripts, expected, interface="books", hints=False):
    with tap.Scratch() as at:
        tap.world(write(f"{at}/story", STORY.replace("INTERFACE", interface)), at)
        scripts_set(at, scripts)
        if hints:
            os.makedirs(f"{at}/device/boot/modules")
            write(f"{at}/device/boot/modules/linker.hints", "\1\0\0\0")
        ran = tap.audit(f"{at}/device", f"{at}/plain")
        told = "kldxref is run" in ran.out or "once kldxref has run" in ran.out
        tap.equal((tap.verdicts(ran.report())["x-kmod"], told), expected, what)


judge("a script behind the installation", {"post-install": RUN}, ("safe", False))
judge("one for all occasions", {"install": f"case $2 in POST-INSTALL) {RUN};; esac"}, ("safe", False))
judge("none", {}, ("unproven", True))
judge("one that does something else", {"post-install": "/sbin/ldconfig"}, ("unproven", True))
judge("one behind the removal", {"post-deinstall": RUN}, ("unproven", True))
judge("none, and linker.hints that no boot replaces", {}, ("unsafe", True), hints=True)
judge("none, and a file of the interface's name", {}, ("safe", False), interface="lib")
tap.done()
