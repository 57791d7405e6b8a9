#!/usr/bin/python3
"""A module that needs so many modules of the image that not all of them are examined: it is not proved, and the report says so."""

import os
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402

MOST = 256


def story(count):
    """An image with COUNT modules, each of which needs the next one, and a package whose module needs the first. The command line names
    another module, so that the modules of the image are examined."""
    lines = ["build rel", "\trelease 6.6.86", "\tabi e9d2feb381d41d091485514b91f90092", "\tvermagic 6.6.86 SMP mod_unload MIPS32_R2 32BIT",
             "\tmachine mips", "\tthis_module 384 212 348", "\texports printk", "\tikconfig", '\tconfig CMDLINE "module_blacklist=unused"']
    for i in range(count):
        lines += [f"\tmodule m{i}", "\t\timports printk" + (f" send{i + 1}" if i + 1 < count else ""), f"\t\texports send{i}"]
    lines += ["\tmodule user", "\t\timports printk send0", "\tpackage kmod-all", *(f"\t\tcontains m{i}" for i in range(count)), "\tpackage kmod-user", "\t\tcontains user", "image device.bin from rel", "\tinstalled kmod-all",
              "feed feed from rel", "\tholds kmod-user"]
    return "\n".join(lines) + "\n"


for number, verdict in ((MOST, "safe"), (MOST + 1, "unproven")):
    with tempfile.TemporaryDirectory(prefix="kmodaudit-test-") as where:
        tap.world(tap.write(os.path.join(where, "story"), story(number)), where)
        report = yaml.safe_load(tap.audit("device.bin", "feed", cwd=where).out)
        package = next(one for one in report["packages"] if one["name"] == "kmod-user")
        tap.equal(package["verdict"], verdict, f"{number} modules of the image are needed: {verdict}")
        texts = [finding["text"] for finding in package["findings"] if finding["id"] == "symbol-missing"]
        tap.equal(any("more than 256 modules of the image are needed" in text for text in texts), number > MOST, "and whether the report says so")
tap.done()
