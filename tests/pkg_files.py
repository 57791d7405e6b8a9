"""A made FreeBSD repository, and the archives in it, for the tests of repositories."""

import io
import tarfile

def story(modules, contains, image="", feed=""):
    """a build k with MODULES, its package x-kmod that contains some of them, the image device and the feed plain"""
    return f"""
build k
	machine amd64
	release 14.2-RELEASE
	osreldate 1402000
	exports printf
{modules}
	package x-kmod
		version 1.0
		contains {contains}
		format txz
image device from k
{image}
feed plain from k
	holds x-kmod
{feed}
"""


STORY = story("\tmodule if_x\n\t\timports printf", "if_x", feed="\trepository 1")
PACKAGE = "All/x-kmod-1.0.txz"


def members(path):
    with tarfile.open(path) as archive:
        return [(member.name, archive.extractfile(member).read()) for member in archive.getmembers()]


def pack(path, files):
    with tarfile.open(path, "w:xz") as archive:
        for name, data in files:
            told = tarfile.TarInfo(name)
            told.size = len(data)
            archive.addfile(told, io.BytesIO(data))


def base32(digest):
    """z-base-32 with the lowest bits first, as libpkg/pkg_checksum.c writes it"""
    number = int.from_bytes(digest, "little")
    return "".join("ybndrfg8ejkmcpqxot1uwisza345h769"[number >> 5 * i & 31] for i in range((8 * len(digest) + 4) // 5))
