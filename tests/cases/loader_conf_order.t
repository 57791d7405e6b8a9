#!/usr/bin/python3
"""What of loader.conf is not known. FreeBSD's boot loader reads the files of loader.conf.d in the order of the directory, which an archive does not keep: where two of
them decide differently what is loaded, nothing is proven, unless a file that is read later decides. It reads x.ko.bz2 if it was built so, which an image does not tell."""

import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import STORY  # noqa: E402
from tap import write  # noqa: E402

FOLDER = "boot/loader.conf.d"
number = 0


def judge(at, files):
    global number
    number += 1
    tree = shutil.copytree(f"{at}/device", f"{at}/device{number}")
    for path, text in files.items():
        write(f"{tree}/{path}", text)
    ran = tap.audit(tree, f"{at}/plain")
    return tap.verdicts(ran.report())["x-kmod"], ran.out


def same(at, what, files):
    verdict, out = judge(at, files)
    tap.ok(verdict == "safe" and "differently" not in out, f"{what}: silent")


def differs(at, what, key, files):
    verdict, out = judge(at, files)
    tap.ok(verdict == "unproven" and f"set {key} differently" in out, f"{what}: told, unproven")


def folder(*texts):
    return {f"{FOLDER}/{chr(ord('a') + i)}.conf": text for i, text in enumerate(texts)}


def packed(at, name, files, expected, what):
    verdict, out = judge(at, {f"boot/kernel/{name}": "BZh9", **files})
    tap.equal((verdict, "LOADER_BZIP2_SUPPORT" in out), expected, what)


with tap.Scratch() as scratch:
    tap.world(write(f"{scratch}/story", STORY), scratch)
    same(scratch, "one file", folder('y_load="YES"\n'))
    same(scratch, "two files, other keys", folder('y_load="NO"\n', 'z_load="NO"\nhw.x="1"\n'))
    same(scratch, "two files, the same value", folder('y_load="YES"\n', 'y_load="yes"\n'))
    same(scratch, "a variable that loads nothing", folder('hw.x="1"\n', 'hw.x="2"\n'))
    same(scratch, "two lines of one file", folder('y_load="YES"\ny_load="NO"\n'))
    same(scratch, "a file before the folder", {"boot/loader.conf": 'y_load="YES"\n', **folder('y_load="NO"\n')})
    differs(scratch, "a module", "y_load", folder('y_load="YES"\n', 'y_load="NO"\n'))
    differs(scratch, "a module, the last says what the first does", "y_load", folder('y_load="NO"\n', 'y_load="YES"\n', 'y_load="NO"\n'))
    differs(scratch, "the file of a module", "y_name", {"boot/loader.conf": 'y_load="YES"\n', **folder('y_name="a"\n', 'y_name="b"\n')})
    differs(scratch, "module_path", "module_path", folder('module_path="/boot/modules"\n', 'module_path="/boot/other"\n'))
    differs(scratch, "module_blacklist", "module_blacklist", folder('module_blacklist="a"\n', 'module_blacklist="b"\n'))
    same(scratch, "loader.conf.local decides", {"boot/loader.conf.local": 'y_load="NO"\n', **folder('y_load="YES"\n', 'y_load="NO"\n')})
    same(scratch, "the file of a module that is not loaded", folder('y_name="a"\n', 'y_name="b"\n'))
    load = {"boot/loader.conf": 'y_load="YES"\n'}
    packed(scratch, "y.ko.bz2", load, ("unproven", True), "a module in .bz2 that is loaded: told, unproven")
    packed(scratch, "y.ko.bz2", {}, ("safe", False), "that is not loaded: silent")
    packed(scratch, "z.ko.bz2", load, ("safe", False), "another one: silent")
    packed(scratch, "y.ko.bz2", {"boot/loader.conf": 'z_load="YES"\nz_name="/boot/kernel/y.ko"\n'}, ("unproven", True), "named by its path: told")
tap.done()
