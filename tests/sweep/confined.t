#!/usr/bin/python3
"""A bug in a parser can open no file but the inputs, write nothing, reach no network and start nothing; and the reports are the same with
and without confinement, and on kernels that lack it."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

PRELOAD = tap.preloaded("preload.so")

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
REFUSED = {"append", "make", "rename", "remove", "chmod", "inet", "unix", "process", "ptrace", "program"}
PLAN = "schema: kmodaudit/plan/1\nimages:\n- {path: device.bin}\nfeeds:\n- {path: same}\n- {path: links}\n"


def landlock():
    """The version of the kernel's landlock; below 1: it has none."""
    return ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)


def run(where, *args, log=None, **variables):
    environment = {**os.environ, "LC_ALL": "C", "LD_PRELOAD": PRELOAD, **variables}
    if log:
        environment["PRELOAD_LOG"] = log
    ran = subprocess.run([tap.KMODAUDIT, *args], cwd=where, capture_output=True, env=environment, timeout=tap.PATIENCE, check=False)
    return tap.Ran(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"), 0)


def tries(where, *args, **variables):
    """What a bug in libarchive could do in that run: {what: errno}."""
    log, secret = os.path.join(where, "log"), os.path.join(where, "secret")
    if os.path.exists(log):
        os.unlink(log)
    with open(secret, "w", encoding="utf-8") as file:
        file.write("secret\n")
    ran = run(where, *args, log=log, PRELOAD_BUG=secret, **variables)
    with open(log, encoding="utf-8") as file:
        words = [line.split() for line in file if line.count(" ") == 1 and not line.startswith("/")]
    return ran, {what: int(number) for what, number in words if what in REFUSED | {"read"}}


def bugs(where):
    commands = {
        "audit": ("audit", "device.bin", "same", "--format", "yaml"),
        "audit -j 1 -o": ("audit", "-j1", "device.bin", "same", "-o", "report.yaml"),
        "audit by a file": ("audit", "device.bin", "same/kmod-dummy_6.6.86-r1_mips_24kc.ipk"),
        "audit by the index": ("audit", "device.bin", "same/Packages"),
        "explain": ("explain", "device.bin", "same", "kmod-dummy"),
        "gate": ("gate", "plan.yaml", "--reports", "out", "-o", "gate.yaml"),
        "facts of a package": ("facts", "same/kmod-dummy_6.6.86-r1_mips_24kc.ipk"),
        "facts of a feed": ("facts", "same"),
    }
    for what, args in commands.items():
        plain = run(where, *args, "--no-sandbox")
        ran, got = tries(where, *args)
        tap.equal((ran.status, ran.out, ran.err), (plain.status, plain.out, plain.err), f"{what}: the report and status of an unconfined run")
        tap.equal({name: number for name, number in got.items() if name != "read"}, dict.fromkeys(REFUSED, errno.EPERM),
                  f"{what}: a bug writes nothing, reaches no network, starts nothing")
        if landlock() > 0:
            tap.equal(got.get("read"), errno.EACCES, f"{what}: and reads no other file")
        else:
            tap.skip(f"{what}: and reads no other file", "the kernel has no landlock")
    ran, got = tries(where, "audit", "--cache", "facts", "device.bin", "same", "--format", "yaml")
    tap.equal({name: number for name, number in got.items() if name != "read"}, dict.fromkeys(REFUSED, errno.EPERM),
              "a cache of facts: a bug writes nothing, reaches no network, starts nothing")
    tap.ok(len(os.listdir(os.path.join(where, "facts"))) > 4, "and the entries are written")
    ran, got = tries(where, "vet", "device.bin", "later", "-o", "vetted")
    tap.equal([got.get(name) for name in ("inet", "unix", "process", "program")], [errno.EPERM] * 4, "vet: no network and no process")
    ran, got = tries(where, "audit", "device.bin", "same", "--no-sandbox")
    tap.equal([got.get(name) for name in ("read", "append", "inet", "process")], [0, 0, 0, 0], "--no-sandbox: the tries work")
    tap.equal(got.get("program"), errno.ENOENT, "and a program would be run")


def kernels(where):
    """A kernel without landlock, as in some containers, or without seccomp as well, as qemu-user: the same, and -v says it."""
    plain = run(where, "audit", "device.bin", "same", "--format", "yaml")
    for word, lines in (("landlock", ["files are not confined by landlock: Function not implemented"]),
                        ("all", ["files are not confined by landlock: Function not implemented",
                                 "system calls are not confined by seccomp: Invalid argument"])):
        ran = run(where, "audit", "device.bin", "same", "--format", "yaml", PRELOAD_OLD=word)
        tap.equal((ran.status, ran.out, ran.err), (plain.status, plain.out, ""), f"without {word}: the same report, nothing is said")
        ran = run(where, "audit", "-v", "device.bin", "same", "--format", "yaml", PRELOAD_OLD=word)
        tap.equal((ran.out, ran.err.splitlines()), (plain.out, [f"kmodaudit: {line}" for line in lines]), f"without {word}, -v: it is said")
    ran, got = tries(where, "audit", "device.bin", "same", PRELOAD_OLD="landlock")
    tap.equal({name: number for name, number in got.items() if name != "read"}, dict.fromkeys(REFUSED, errno.EPERM),
              "without landlock: still no writing, no network, no process")
    if landlock() > 0:
        ran = run(where, "audit", "-v", "device.bin", "same", "--format", "yaml")
        tap.equal((ran.out, ran.err), (plain.out, ""), "-v: nothing is said where both are there")


def inputs(where):
    """What may be read beside the inputs that are named, wherever it lies."""
    def same(what, *args):
        plain, ran = (run(where, *args, *more) for more in (("--no-sandbox",), ()))
        tap.equal((ran.status, ran.out, ran.err), (plain.status, plain.out, plain.err), what)

    os.mkdir(os.path.join(where, "up"))
    os.mkdir(os.path.join(where, "up", "feed"))
    for name in os.listdir(os.path.join(where, "same")):
        shutil.copy(os.path.join(where, "same", name), os.path.join(where, "up", "feed"))
    with open(os.path.join(where, "up", "version.buildinfo"), "w", encoding="utf-8") as file:
        file.write("r28597-0425664679\n")
    same("a file of the build above the feed", "audit", "device.bin", "up/feed")
    same("a feed whose packages are links", "audit", "device.bin", "links")
    same("a list of feeds", "audit", "device.bin", "--feeds-from", "list")
    same("files beside the image", "audit", "--image-config", "base.config", "--image-symvers", "base.symvers", "--image-manifest",
         "device.manifest", "--feed-config", "later.config", "device.bin", "later")
    same("a config that is not there", "audit", "--image-config", "bose.config", "device.bin", "later")
    same("a feed that is not there", "audit", "device.bin", "sime")
    same("an image that is not there", "audit", "absent.bin", "same")
    same("built-in rules and policies", "audit", "--policy", "strict", "device.bin", "same")
    same("rules of a directory", "audit", "--rules", os.path.join(tap.ROOT, "rules"), "device.bin", "same")
    same("two configs", "config", "base.config", "later.config")
    same("a config and an image", "config", "base.config", "device.bin")
    same("the hash of a config", "vermagic", "base.config")
    same("the symbols of an image", "symvers", "device.bin")
    same("facts of an image", "facts", "device.bin")
    ran = run(where, "facts", "kernel.bin", MALLOC_PERTURB_="165")
    tap.ok("\nlabel: MIPS " in ran.out, "facts of a kernel: its label, when memory that was freed is overwritten")
    same("an abi hash of an image", "abi", "--search", "0", "device.bin")
    with open(os.path.join(where, "device.bin"), "rb") as file:
        ran = subprocess.run([tap.KMODAUDIT, "audit", "-", "same"], cwd=where, stdin=file, capture_output=True, check=False)
        tap.equal(ran.returncode, 0, "an image on standard input")
    with open(os.path.join(where, "device.bin"), "rb") as file:
        ran = subprocess.run([tap.KMODAUDIT, "audit", "/dev/stdin", "same"], cwd=where, stdin=file, capture_output=True, check=False)
        tap.equal(ran.returncode, 0, "the file behind /dev/stdin")
    ran = subprocess.run(["sh", "-c", '"$0" audit device.bin same -o /dev/stdout | cat', tap.KMODAUDIT], cwd=where, capture_output=True, check=False)
    tap.ok(b"\nschema: kmodaudit/report/1\n" in ran.stdout, "-o /dev/stdout")


with tap.Scratch() as here:
    if tap.SANITIZED:
        tap.skip_all("a build with sanitizers is not confined")
    story = os.path.join(here, "story.world")
    with open(story, "w", encoding="utf-8") as made, open(STORY, encoding="utf-8") as founding:
        made.write(founding.read() + "\nimage kernel.bin from base\n\twrapped uimage gzip\n\troot none\n")
    tap.world(story, here)
    os.mkdir(os.path.join(here, "links"))
    os.mkdir(os.path.join(here, "pool"))
    for package in os.listdir(os.path.join(here, "later")):
        if package.endswith(".ipk"):
            shutil.copy(os.path.join(here, "later", package), os.path.join(here, "pool"))
            os.symlink(os.path.join("..", "pool", package), os.path.join(here, "links", package))
    with open(os.path.join(here, "plan.yaml"), "w", encoding="utf-8") as made:
        made.write(PLAN)
    with open(os.path.join(here, "list"), "w", encoding="utf-8") as made:
        made.write(f"src/gz a file://{here}/same\n")
    bugs(here)
    kernels(here)
    inputs(here)
tap.done()
