#!/usr/bin/python3
"""The image's own opkg, under qemu-user: it refuses the packages before vetting and installs them from the vetted feed. The founding
story from the base image to the installed modules, real packages of another build, signatures, and the order of versions."""

import base64
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vetting  # noqa: E402
from vetting import tap  # noqa: E402

IMAGES = {  # folder in the corpus -> its image
    "tl-wr703n-3.18.20-mips": "openwrt-15.05-ar71xx-generic-tl-wr703n-v1-squashfs-sysupgrade.bin",
    "tl-wr740n-4.1.20-mips": "openwrt-ar71xx-generic-tl-wr740n-v4-squashfs-sysupgrade.bin",
}
STORY = """
image device from base-crcs
	wrapped directory elf
	installed kmod-dummy kmod-lib-crc7
build official like later-crcs
	abi e9d2feb381d41d091485514b91f90092
feed official from official
	holds kmod-nfnetlink
	index
"""
HASH, OTHER = "7bed08fa9c06eb8089e82c200340ec66", "0123456789abcdef0123456789abcdef"
REAL = ["kmod-8021q", "kmod-bridge", "kmod-stp", "kmod-arptables", "kmod-lib-crc16", "kmod-echo"]

for folder in IMAGES:
    tap.corpus(folder)
QEMU = shutil.which("qemu-mips-static") or shutil.which("qemu-mips")
if not QEMU:
    tap.skip_all("no qemu-mips-static (scripts/setup peers): the images' own opkg cannot run")
if not shutil.which("unsquashfs"):
    tap.skip_all("no unsquashfs")


def unpack(folder, to):
    data = vetting.read(tap.corpus(folder, IMAGES[folder]))
    with open(to + ".squashfs", "wb") as file:
        file.write(data[data.index(b"hsqs"):])
    subprocess.run(["unsquashfs", "-q", "-n", "-no-xattrs", "-d", to, to + ".squashfs"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    for name in ("tmp", "var"):
        if os.path.islink(os.path.join(to, name)):
            os.unlink(os.path.join(to, name))


class Device:
    """A copy of ROOT that the opkg of the image ENGINE works on."""

    def __init__(self, at, engine, root, architecture, *sources):
        self.engine, self.copy, self.conf = engine, os.path.join(at, "copy"), os.path.join(at, "opkg.conf")
        shutil.rmtree(self.copy, ignore_errors=True)
        subprocess.run(["cp", "-a", root, self.copy], check=True)
        for name in ("tmp", "var/lock", "var/opkg-lists"):
            os.makedirs(os.path.join(self.copy, name), exist_ok=True)
        lines = ["dest root /", "lists_dir ext /var/opkg-lists", "arch all 1", f"arch {architecture} 10"]
        lines += [f"src/gz feed{number} file://{source}" for number, source in enumerate(sources)]
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.updated = self.opkg("update")

    def opkg(self, *words):
        command = [QEMU, "-L", self.engine, os.path.join(self.engine, "bin", "opkg"), "--offline-root", self.copy, "--conf", self.conf]
        ran = subprocess.run([*command, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                             timeout=300, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    def modules(self):
        return {name for _, _, names in os.walk(os.path.join(self.copy, "lib", "modules")) for name in names}


def founding(at, engines):
    """Image, later feed, audit, vet, opkg; and what must not be in it."""
    audit = tap.audit("device", "later-crcs", cwd=at)
    tap.equal((audit.status, set(tap.verdicts(audit.report()).values())), (0, {"safe"}), "the audit says safe")
    ran = tap.kmodaudit("vet", "device", "later-crcs", "conntrack-crcs", "-o", "vetted", cwd=at)
    tap.equal(ran.status, 1, "vet writes the feed and says that packages of the other build are unsafe")
    vetted = os.path.join(at, "vetted")
    for name, engine in engines.items():
        before = Device(at, engine, os.path.join(at, "device"), "mips_24kc", os.path.join(at, "later-crcs"))
        status, said = before.opkg("install", "kmod-nfnetlink-queue")
        tap.ok(status != 0 and "nfnetlink.ko" not in before.modules(), f"{name}: before vetting opkg refuses")
        after = Device(at, engine, os.path.join(at, "device"), "mips_24kc", vetted)
        status, said = after.opkg("install", "kmod-nfnetlink", "kmod-nfnetlink-queue")
        good = status == 0 and {"nfnetlink.ko", "nfnetlink_queue.ko"} <= after.modules()
        if not tap.ok(good, f"{name}: after vetting opkg installs both, without force"):
            tap.note(said)
        status, said = after.opkg("install", "kmod-nfnetlink-queue")
        tap.ok(status == 0 and "up to date" in said, f"{name}: a second time it is up to date")
        safe = vetting.members(vetting.read(os.path.join(at, "later-crcs", "kmod-nfnetlink_6.6.86-r1_mips_24kc.ipk")))["data.tar.gz"]
        module = vetting.members(safe)["lib/modules/6.6.86/nfnetlink.ko"]
        path = os.path.join(after.copy, "lib", "modules", "6.6.86", "nfnetlink.ko")
        tap.ok(os.path.exists(path) and vetting.read(path) == module, f"{name}: the module is that of the safe build")


def ordered(at, engines):
    """The official package of that version goes first where it can be installed."""
    for name, engine in engines.items():
        for feeds in (("vetted", "official"), ("official", "vetted")):
            device = Device(at, engine, os.path.join(at, "device"), "mips_24kc", *(os.path.join(at, feed) for feed in feeds))
            status, said = device.opkg("install", "kmod-nfnetlink")
            tap.ok(status == 0 and "kmod-nfnetlink (6.6.86-r1) to" in said, f"{name}: {' and '.join(feeds)}: opkg takes the official one")


def numbered(at, name, start):
    """The key files NAME.sec and NAME.pub with an id that begins with START."""
    for suffix, offset in ((".sec", 32), (".pub", 2)):
        path = os.path.join(at, "key" + suffix)
        comment, line = vetting.read(path).decode().splitlines()
        data = bytearray(base64.b64decode(line))
        data[offset:offset + len(start)] = start
        with open(os.path.join(at, name + suffix), "w", encoding="utf-8") as file:
            file.write(f"{comment}\n{base64.b64encode(data).decode()}\n")


def signed(at, engines):
    if not shutil.which("signify-openbsd"):
        tap.skip("usign", "no signify-openbsd")
        return
    subprocess.run(["signify-openbsd", "-G", "-n", "-p", "key.pub", "-s", "key.sec"], cwd=at, check=True)
    numbered(at, "zero", b"\x00\x0c")
    numbered(at, "full", b"\xcc\x0c")
    for name, engine in engines.items():
        usign = [QEMU, "-L", engine, os.path.join(engine, "usr", "bin", "usign")]
        subprocess.run([*usign, "-G", "-s", name + ".sec", "-p", name + ".pub"], cwd=at, check=True, capture_output=True)
        for key in ("zero.sec", "full.sec", name + ".sec"):
            tap.kmodaudit("vet", "device", "later-crcs", "-o", "signed", "--sign", key, "--key-out", cwd=at)
            keys = os.path.join(at, "signed", "etc", "opkg", "keys")
            verified = subprocess.run([*usign, "-V", "-P", keys, "-x", "signed/Packages.sig", "-m", "signed/Packages"], cwd=at,
                                      capture_output=True, check=False)
            tap.equal(verified.returncode, 0, f"{name}: its usign verifies what {key} signed, with the key's name as in etc/opkg/keys")


def real(at, engine):
    """Packages of the image's release that name another kernel: its own opkg refuses them; those that the audit proves install."""
    folder = next(iter(IMAGES))
    os.makedirs(os.path.join(at, "repinned"))
    for name in sorted(os.listdir(tap.corpus(folder, "packages"))):
        if not name.startswith("kmod-"):
            continue
        outer = vetting.members(vetting.read(tap.corpus(folder, "packages", name)))
        inner = vetting.members(outer["control.tar.gz"])
        text = inner.pop("control").decode().replace(HASH, OTHER)
        vetting.ipk(os.path.join(at, "repinned", name), text, outer["data.tar.gz"], [("./" + one, data) for one, data in inner.items()])
    with open(os.path.join(at, "twins.yaml"), "w", encoding="utf-8") as file:
        file.write("accept: [symbol-crcs, identity, config-core, twins]\n")
    image = tap.corpus(folder, IMAGES[folder])
    ran = tap.kmodaudit("vet", "--policy", "twins.yaml", image, "repinned", "-o", "real", cwd=at, cpu=300)
    made = vetting.read(os.path.join(at, "real", "Packages")).decode()
    tap.ok(ran.status in (1, 2) and made.count("Package: ") > 50, f"real packages: {made.count('Package: ')} vetted")
    tap.ok("kernel (=3.18.20-1-" + HASH in made, "they name the image's kernel in its spelling")
    again = Device(at, engine, engine, "ar71xx", os.path.join(at, "real"))
    for name in REAL:
        if f"Package: {name}\n" not in made:
            continue
        status, said = again.opkg("install", name)
        if not tap.ok(status == 0 and f"{name} (" in said, f"real packages: opkg installs {name}"):
            tap.note(said)
        status, said = again.opkg("install", name)
        tap.ok(status == 0 and "up to date" in said, f"real packages: then {name} is up to date")


with tap.Scratch() as at:
    vetting.world(STORY, at)
    engines = {}
    for folder in IMAGES:
        engines[folder] = os.path.join(at, "root-" + folder)
        unpack(folder, engines[folder])
    founding(at, engines)
    ordered(at, engines)
    signed(at, engines)
    real(at, next(iter(engines.values())))
tap.done()
