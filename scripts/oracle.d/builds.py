"""What the oracle built: packed as an image and feeds, and judged by kmodaudit with both configs."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile

import yaml

import objects


def text_of(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def named(text):
    return text.replace("-", "_")


def abi_of(config):
    """OpenWrt's name for a kernel: its release and the digest of all that is =y or =m"""
    lines = sorted(line for line in text_of(config).splitlines() if re.search("=[ym]", line))
    return hashlib.md5(("\n".join(lines) + "\n").encode()).hexdigest()


class Build:
    """What the oracle built under one config."""

    def __init__(self, folder, name):
        self.name, self.folder = name, os.path.join(folder, name)
        self.config = os.path.join(self.folder, "config")
        self.release = text_of(self.folder, "release").strip()
        self.version = f"{self.release}-1-{abi_of(self.config)}"
        modules = os.path.join(self.folder, "modules")
        self.modules = {named(name[:-3]): os.path.join(modules, name) for name in sorted(os.listdir(modules))}

    def content(self, module):
        path = self.modules.get(module)
        if not path:
            return None
        with open(path, "rb") as file:
            return file.read()

    def code(self, module):
        data = self.content(module)
        return objects.code(data) if data else None

    def needs(self, module):
        found = re.search(rb"\0depends=([^\0]*)\0", b"\0" + self.content(module))
        return [named(need) for need in found[1].decode().split(",") if need] if found else []


def targz(members):
    """[(name, bytes)] as a reproducible tar.gz"""
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return into.getvalue()


def package_name(module):
    return "kmod-" + module.replace("_", "-")


def package(build, module):
    depends = [f"kernel (= {build.version})", *map(package_name, build.needs(module))]
    control = (f"Package: {package_name(module)}\nVersion: {build.release}-1\nDepends: {', '.join(depends)}\n"
               f"Section: kernel\nArchitecture: x86_64\nDescription: {module}\n")
    data = targz([(f"./lib/modules/{build.release}/{os.path.basename(build.modules[module])}", build.content(module))])
    return targz([("./debian-binary", b"2.0\n"), ("./data.tar.gz", data),
                  ("./control.tar.gz", targz([("./control", control.encode())]))])


def feed(build, into):
    os.makedirs(into)
    for module in build.modules:
        with open(os.path.join(into, f"{package_name(module)}_{build.release}-1_x86_64.ipk"), "wb") as file:
            file.write(package(build, module))
    return into


def image(build, into, modules):
    """A root file system with the kernel, what opkg knows of it, and with its modules or without."""
    os.makedirs(os.path.join(into, "boot"))
    os.makedirs(os.path.join(into, "usr/lib/opkg"))
    os.makedirs(os.path.join(into, "lib/modules", build.release))
    shutil.copy(os.path.join(build.folder, "bzImage"), os.path.join(into, "boot/vmlinuz"))
    with open(os.path.join(into, "usr/lib/opkg/status"), "w", encoding="ascii") as file:
        file.write(f"Package: kernel\nVersion: {build.version}\nStatus: install ok installed\nArchitecture: x86_64\n")
    for path in build.modules.values() if modules else ():
        shutil.copy(path, os.path.join(into, "lib/modules", build.release))
    return into


def verdicts(kmodaudit, base, variant, root, packages):
    """module -> (verdict, proof, findings)"""
    command = [kmodaudit, "audit", "--image-config", base.config, "--feed-config", variant.config, root, packages]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if ran.returncode > 2:
        sys.exit(f"oracle: {' '.join(command)}: {ran.stderr.decode(errors='replace')}")
    report = yaml.load(ran.stdout, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = {}
    for judged in report["packages"]:
        reasons = [finding["text"] for finding in judged["findings"] or [] if finding["level"] in ("error", "unknown")]
        for module in judged["modules"] or []:
            found[named(module)] = (judged["verdict"], judged.get("proof") or "", "; ".join(reasons))
    return found
