#!/usr/bin/python3
"""Real configs and real twins. `vermagic` prints the published hash; for a config that kconfig completed it says that it cannot.
Configs are found in a tree given as IMAGE or FEED, and tied to their side. Two builds of 4.19.108 with different hashes: their
packages are unproven unless a policy accepts twins; packages of other kernels never fit."""

import collections
import glob
import io
import os
import re
import shutil
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

HASH = re.compile(r"kernel \(= ?([^)]*)\)")


def parts(path):
    """control text, {base name of a .ko: bytes} of an ipk."""
    texts, modules = "", {}
    with tarfile.open(path) as outer:
        for member in outer:
            if "control.tar" not in member.name and "data.tar" not in member.name:
                continue
            with tarfile.open(fileobj=io.BytesIO(outer.extractfile(member).read())) as inner:
                for file in inner:
                    name = os.path.basename(file.name)
                    if file.isfile() and name == "control":
                        texts = inner.extractfile(file).read().decode(errors="replace")
                    if file.isfile() and name.endswith(".ko"):
                        modules[name] = inner.extractfile(file).read()
    return texts, modules


def by_abi(directory):
    """abi -> [(package file, modules)]"""
    found = collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(directory, "**", "*.ipk"), recursive=True)):
        text, modules = parts(path)
        pinned = HASH.search(text)
        if pinned:
            found[pinned.group(1)].append((os.path.basename(path), modules))
    return found


def test_vermagic():
    with open(tap.corpus("vermagic-4.4.8", "vermagic"), encoding="ascii") as file:
        want = file.read().strip()
    ran = tap.kmodaudit("vermagic", tap.corpus("vermagic-4.4.8", "config.set"))
    tap.equal((ran.status, ran.out, ran.err), (0, want + "\n", ""), "vermagic-4.4.8: the published hash, and nothing on stderr")
    ran = tap.kmodaudit("vermagic", tap.corpus("tl-wr703n-3.18.20-mips", "kernel.config"))
    named = glob.glob(tap.corpus("tl-wr703n-3.18.20-mips", "packages") + "/kernel_*.ipk")[0]
    tap.ok(ran.status == 0 and ran.out.strip() not in named, "tl-wr703n: the config that was filled in has another hash than the feed")
    tap.ok(".config.set" in ran.err and ran.err.count("\n") == 1, "tl-wr703n: one line says why")
    tap.note(ran.err.strip())


def device(scratch):
    """Makes what an SDK for tl-wr703n has: the kernel's tree below build_dir, packages below bin."""
    tree = os.path.join(scratch, "sdk")
    kernel = os.path.join(tree, "build_dir/target-mips_34kc/linux-ar71xx_generic/linux-3.18.20")
    packages = os.path.join(tree, "bin/packages")
    os.makedirs(kernel)
    os.makedirs(packages)
    shutil.copy(tap.corpus("tl-wr703n-3.18.20-mips", "kernel.config"), os.path.join(kernel, ".config"))
    for name in ("kmod-tun", "kmod-dummy", "kmod-loop"):
        for path in glob.glob(tap.corpus("tl-wr703n-3.18.20-mips", "packages") + f"/{name}_*.ipk"):
            shutil.copy(path, packages)
    return tree, kernel


def test_sides(scratch):
    image = glob.glob(tap.corpus("tl-wr703n-3.18.20-mips") + "/*squashfs-sysupgrade.bin")[0]
    given = tap.corpus("tl-wr703n-3.18.20-mips", "kernel.config")
    tree, kernel = device(scratch)

    report = tap.audit("--image-config", given, image, tree).report()
    config = report["image"]["kernel"]["config"]
    tap.ok(config["agrees"] is None and config["core"] > 500, "a config that was filled in: whether it agrees is not known")
    said = [f for f in report["image"]["findings"] if f["id"] == "config-contradicted"]
    tap.equal([f["level"] for f in said], ["note"], "nothing in the image contradicts its config")
    tap.note(said[0]["text"])
    tap.ok(report["config_difference"] is not None, "the .config in the SDK that is the feed is found, and compared")
    tap.equal(report["config_difference"]["core"], {"added": [], "removed": [], "changed": []}, "the same config on both sides: no difference")

    hashed = glob.glob(tap.corpus("tl-wr703n-3.18.20-mips", "packages") + "/kernel_*.ipk")[0]
    want = re.search(r"-1-([0-9a-f]{32})_", hashed).group(1)
    with open(os.path.join(kernel, ".config.set"), "w", encoding="ascii") as file:
        file.write("CONFIG_OTHER=y\n")
    config = os.path.join(kernel, ".config")
    report = tap.audit("--image-config", config, image, tree).report()
    tap.equal(report["image"]["kernel"]["config"]["agrees"], False, "a .config.set of another hash beside it: it does not agree")
    said = [f["text"] for f in report["image"]["findings"] if f["id"] == "config-contradicted"]
    tap.ok(said and want in said[0], "and the finding names both hashes")
    tap.equal(report["config_difference"], None, "and the config is not used")

    with open(config, encoding="ascii") as file:
        text = file.read()
    with open(config, "w", encoding="ascii") as file:
        file.write(text.replace("CONFIG_CPU_BIG_ENDIAN=y", "# CONFIG_CPU_BIG_ENDIAN is not set"))
    os.unlink(config + ".set")
    report = tap.audit("--image-config", given, image, tree).report()
    said = [f for f in report["feeds"][0]["findings"] if f["id"] == "config-contradicted"]
    tap.ok(said and said[0]["level"] == "warning" and "BIG_ENDIAN" in said[0]["text"], "a config of another machine in the SDK is a finding")
    tap.equal(report["config_difference"], None, "and is not used")


def test_twins(scratch):
    packages = by_abi(tap.corpus("x86_64-4.19.108", "packages"))
    main = max(packages, key=lambda abi: len(packages[abi]))
    root = os.path.join(scratch, "root")
    directory = os.path.join(root, "lib/modules/4.19.108")
    os.makedirs(directory)
    os.mkdir(os.path.join(root, "boot"))
    shutil.copy(tap.corpus("x86_64-4.19.108", "openwrt-x86-64-vmlinuz"), os.path.join(root, "boot/vmlinuz"))
    # every fourth package is not in the image, so that it must be installed; nor is the config, which would be a better proof
    new = set()
    for number, (name, modules) in enumerate(packages[main]):
        if number % 4 == 0 and modules:
            new.add(name.split("_")[0])
            continue
        for module, data in modules.items():
            if module != "configs.ko":
                with open(os.path.join(directory, module), "wb") as file:
                    file.write(data)

    other = tap.corpus("x86_64-4.19.108-rebuild", "packages")
    foreign = {name.split("_")[0] for abi, held in by_abi(other).items() if not abi.startswith("4.19.108") for name, modules in held if modules}
    policy = os.path.join(scratch, "twins.yaml")
    with open(policy, "w", encoding="ascii") as file:
        file.write("accept: [symbol-crcs, identity, config-core, twins]\n")

    report = tap.audit(root, other).report()
    judged = {p["name"]: p for p in report["packages"]}
    tap.equal([n for n in judged if judged[n]["verdict"] == "safe"], [], "another hash, no configs: nothing is safe by default")
    mine = [n for n in sorted(new) if n in judged and judged[n]["verdict"] != "installed"]
    stated = [n for n in mine if any(f["id"] == "twins" and re.search(r"\d+ of \d+ modules", f["text"]) for f in judged[n]["findings"])]
    tap.ok(mine and stated == mine, "each of them states how many twins are equal")
    tap.note(next(f["text"] for f in judged[mine[0]]["findings"] if f["id"] == "twins"))

    report = tap.audit("--policy", policy, root, other).report()
    judged = {p["name"]: p for p in report["packages"]}
    counts = collections.Counter(judged[n]["verdict"] for n in mine)
    tap.note(f"of {len(mine)} new packages, twins accepted: {dict(counts)}")
    tap.ok(counts["safe"] > 0 and not counts["unsafe"], "a policy that accepts twins makes those safe whose imports twins cover")
    tap.ok(all("of its" in f["text"] for n in mine if judged[n]["verdict"] == "unproven" for f in judged[n]["findings"] if f["id"] == "twins"),
           "of the others it says which import is not covered")
    wrong = sorted(n for n in foreign if n in judged and judged[n]["verdict"] in ("safe", "installed"))
    tap.equal(wrong, [], f"none of the {len(foreign)} packages of other kernels is safe")


test_vermagic()
with tap.Scratch() as place:
    test_sides(place)
with tap.Scratch() as place:
    test_twins(place)
tap.done()
