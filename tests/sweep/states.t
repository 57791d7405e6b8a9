#!/usr/bin/python3
"""Feeds for which it is hard to find out what is installed together: a chain of dependencies, packages that all ship one file,
provide and conflict with one name and need each other, one package in hundreds of versions, and a ring. Each is audited within a
few seconds and gets the right answer."""

import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

KERNEL = "4.14.275-1-d2e0a589214daa7e43fd1bd18e88034c"
COUNT = 600


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def package(folder, number, name, depends="", fields="", path=None):
    os.makedirs(folder, exist_ok=True)
    control = (f"Package: {name}\nVersion: 1.{number}-1\nArchitecture: mipsel_24kc\n"
               f"Depends: kernel (= {KERNEL}){depends}\n{fields}")
    data = tar([("./debian-binary", b"2.0\n"), ("./data.tar.gz", tar([(path or f"./etc/f{number}", b"x")])),
                ("./control.tar.gz", tar([("./control", control.encode())]))])
    with open(os.path.join(folder, f"{name}_{number}.ipk"), "wb") as file:
        file.write(data)


def chain(folder, ring):
    for i in range(COUNT):
        last = i + 1 == COUNT
        package(folder, i, f"kmod-p{i}", "" if last and not ring else f", kmod-p{(i + 1) % COUNT}")


def crowd(folder):
    for i in range(COUNT):
        package(folder, i, f"kmod-p{i}", ", virt" + (f", kmod-p{i - 1}" if i else ""), "Conflicts: kmod-p0, virt\nProvides: virt\n",
                "./etc/same")


def versions(folder):
    for i in range(COUNT):
        package(folder, i, "kmod-v", f", kmod-v (>= 1.{i}-1)")


def audit(root, folder, what):
    ran = tap.audit("--exit-zero", root, folder, cpu=60)
    report = ran.report()
    if not tap.ok(ran.sane() and report is not None and report["summary"]["packages"] == COUNT, f"{what}: a report"):
        tap.note(f"status {ran.status}: {ran.err[:300]}")
        return None
    tap.note(f"{ran.seconds:.1f} s")
    return {one["name"]: {finding["id"] for finding in one["findings"] if finding["level"] == "error"} for one in report["packages"]}


with tap.Scratch() as at:
    root = os.path.join(at, "root")
    os.makedirs(os.path.join(root, "usr/lib/opkg"))
    os.makedirs(os.path.join(root, "lib/modules/4.14.275"))
    with open(os.path.join(root, "usr/lib/opkg/status"), "w", encoding="utf-8") as file:
        file.write(f"Package: kernel\nVersion: {KERNEL}\nArchitecture: mipsel_24kc\nStatus: install ok installed\n\n")
    for what, make in (("a chain", lambda to: chain(to, False)), ("a ring", lambda to: chain(to, True)), ("a crowd", crowd),
                       ("one in all versions", versions)):
        folder = os.path.join(at, what.replace(" ", "-"))
        make(folder)
        errors = audit(root, folder, what)
        if errors is None:
            continue
        clash = {name for name, ids in errors.items() if ids & {"file-conflict", "package-conflicts"}}
        if what == "a crowd":
            tap.ok(len(clash) >= COUNT - 1, f"{what}: whoever needs another one cannot be installed beside it")
        else:
            tap.equal(clash, set(), f"{what}: nothing excludes anything")
tap.done()
