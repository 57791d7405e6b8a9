#!/usr/bin/python3
"""scripts/abi-add: sets become text, a release as changes after the one before, and the program reads the same lines back."""

import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

COMMON = [f"CONFIG_COMMON_{number}=y" for number in range(40)]
# release -> target -> lines; small has a second set; new/only comes with the second release
RELEASES = {
    "9.9.0": {
        "mips_generic": COMMON + ["CONFIG_GENERIC=y", "CONFIG_NF_CONNTRACK=m"],
        "mips_nand": COMMON + ["CONFIG_GENERIC=y", "CONFIG_NF_CONNTRACK=m", "CONFIG_NAND=y"],
        "mips_small.nodebug": COMMON[:30],
        "odd_back": COMMON + ["CONFIG_CPU_LITTLE_ENDIAN=y`", 'CONFIG_CMDLINE="rootfstype=yaffs2"'],
    },
    "9.9.1": {
        "mips_generic": COMMON[1:] + ["CONFIG_GENERIC=y", "CONFIG_NEW=m", "CONFIG_NF_CONNTRACK=m"],
        "mips_nand": COMMON[1:] + ["CONFIG_GENERIC=y", "CONFIG_NEW=m", "CONFIG_NF_CONNTRACK=m", "CONFIG_NAND=y"],
        "mips_small.nodebug": COMMON[1:30],
        "new_only": COMMON[1:] + ["CONFIG_ONLY=y"],
    },
}


def text_of(lines):
    return "".join(line + "\n" for line in sorted(lines))


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def add(*arguments):
    return subprocess.run([os.path.join(tap.ROOT, "scripts/abi-add"), *arguments], capture_output=True, text=True, check=False)


def fill(folder, release):
    for target, lines in RELEASES[release].items():
        put(os.path.join(folder, release, target + ".set"), text_of(lines))


def read_back(out, release):
    wrong = []
    for target, lines in RELEASES[release].items():
        want = text_of(lines)
        digest = hashlib.md5(want.encode()).hexdigest()
        ran = tap.kmodaudit("abi", "--abi", out, "--lines", digest)
        named = tap.kmodaudit("abi", "--abi", out, digest).out
        if ran.out != want or f"{release} {target.partition('.')[0].replace('_', '/', 1)}" not in named:
            wrong.append(target)
    return wrong


with tap.Scratch() as at:
    folder, later, out = (os.path.join(at, name) for name in ("first", "later", "out"))
    fill(folder, "9.9.0")
    put(os.path.join(folder, "9.9.0", "mips_generic.target"), text_of(COMMON))
    put(os.path.join(folder, "9.9.0", "mips_generic.options"), "CONFIG_GENERIC=y\n# CONFIG_OTHER is not set\n")
    put(os.path.join(folder, "9.9.0", "mips_generic.kmods"), "kmod-nf-conntrack\n")
    put(os.path.join(folder, "kmods", "9.9.0.tsv"),
        "package\tfeed\tlines\tdepends\torder\nkmod-b\tbase\tCONFIG_B=m\t\t2\nkmod-nf-conntrack\tbase\tCONFIG_NF_CONNTRACK=m\t@IPV6 +kmod-b\t1\n")
    put(os.path.join(folder, "options", "9.9.0.tsv"), "option\tline\tprompt\nKERNEL_GENERIC\tCONFIG_GENERIC=y\tprompt\n")
    ran = add(folder, "-o", out)
    tap.equal((ran.returncode, ran.stderr), (0, ""), "a folder of sets is written as text")
    tap.equal(sorted(os.listdir(out)), ["9.9.0.parts", "9.9.0.sets"], "sets and parts")
    tap.equal(read_back(out, "9.9.0"), [], "every set is read back byte for byte")
    with open(os.path.join(out, "9.9.0.parts"), encoding="ascii") as file:
        rows = [line for line in file if line.startswith("kmod\t")]
    tap.equal([row.split("\t")[1] for row in rows], ["kmod-nf-conntrack", "kmod-b"], "kmods stand in the order of the build")

    fill(later, "9.9.1")
    ran = add(later, "-o", out)
    tap.equal((ran.returncode, ran.stderr), (0, ""), "the next release, from its own sets alone")
    with open(os.path.join(out, "9.9.1.sets"), encoding="ascii") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
    tap.equal(lines[:3], ["release 9.9.1 after 9.9.0", "-CONFIG_COMMON_0=y", "+CONFIG_NEW=m"], "begins with what most targets lost and gained")
    tap.ok(len(lines) < 15, "and is short")
    tap.equal(read_back(out, "9.9.1"), [], "every set of it is read back byte for byte")
    tap.equal(read_back(out, "9.9.0"), [], "and those of the release before")

    put(os.path.join(at, "table.tsv"), "release\ttarget\tkernel\thash\tlines\tconfirmed_by\tvariant\n"
        f"9.9.1\tmips/nand\t6.6.1\t{'0' * 32}\t1\tnone\t\n")
    ran = add(later, "--table", os.path.join(at, "table.tsv"), "-o", out)
    tap.ok(ran.returncode != 0 and "9.9.1 mips/nand: hashes to " in ran.stderr, "a set that is not the one of its hash is refused")
    put(os.path.join(later, "9.9.2", "mips_nand.set"), "CONFIG_B=y\nCONFIG_A=y\n")
    ran = add(later, "9.9.2", "-o", out)
    tap.ok(ran.returncode != 0 and "mips_nand.set: not sorted" in ran.stderr, "a file that is not sorted is refused")
    ran = add(os.path.join(at, "none"), "9.9.3", "-o", out)
    tap.ok(ran.returncode != 0 and "has no .set file" in ran.stderr, "a release that is not there is an error")
tap.done()
