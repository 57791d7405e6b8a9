#!/usr/bin/python3
"""A package that brings a kernel, as FreeBSD-kernel-generic of pkgbase does: its modules are not compared with the kernel that it replaces."""

import hashlib
import io
import json
import os
import sys
import tarfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from pkg_files import members  # noqa: E402
from tap import write  # noqa: E402

STORY = """
build old
	machine amd64
	release 14.2-RELEASE-p1
	osreldate 1402000
	exports printf
	module dep
		provides dep 1
		imports printf
build new like old
	release 14.2-RELEASE-p9
	osreldate 1402001
	module dep
		placed boot/FOLDER/dep.ko
		tied
		provides dep 1
		imports printf
	package x-kmod
		version 1.0
		contains dep
		format txz
image device from old
	modules dep
image updated from new
	modules dep
feed plain from new
	holds x-kmod
"""
PACKAGE = "plain/x-kmod-1.0.txz"


def kernel_add(at, name):
    """Adds the file of the new kernel to the package, as NAME."""
    files = members(f"{at}/{PACKAGE}")
    with open(f"{at}/updated/boot/kernel/kernel", "rb") as file:
        kernel = file.read()
    place = [path for path, _ in files].index("+MANIFEST")
    manifest = json.loads(files[place][1])
    manifest["files"][name] = "1$" + hashlib.sha256(kernel).hexdigest()
    files[place] = ("+MANIFEST", json.dumps(manifest).encode())
    with tarfile.open(f"{at}/{PACKAGE}", "w:xz") as archive:
        for path, data in [*files, (name, kernel)]:
            told = tarfile.TarInfo(path)
            told.size = len(data)
            archive.addfile(told, io.BytesIO(data))


def judge(what, folder, kernel, expected, told):
    with tap.Scratch() as at:
        tap.world(write(f"{at}/story", STORY.replace("FOLDER", folder)), at)
        if kernel:
            kernel_add(at, kernel)
        ran = tap.audit(f"{at}/device", f"{at}/plain")
        tap.equal((tap.verdicts(ran.report())["x-kmod"], "the package brings a kernel" in ran.out), (expected, told), what)


judge("no kernel in the package", "kernel", None, "unsafe", False)
judge("a kernel in the place of the image's", "kernel", "/boot/kernel/kernel", "unproven", True)
judge("packed", "kernel", "/boot/kernel/kernel.gz", "unproven", True)
judge("a kernel in a folder of its own, with its modules", "kernel.OTHER", "/boot/kernel.OTHER/kernel", "unproven", True)
judge("the image's kernel is replaced, the module lies elsewhere", "modules", "/boot/kernel/kernel", "unproven", True)
judge("a kernel that starts only when it is asked for", "modules", "/boot/kernel.OTHER/kernel", "unsafe", False)
judge("another file with a like name", "kernel", "/boot/kernel/kernel.debug", "unsafe", False)
tap.done()
