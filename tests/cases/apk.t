#!/usr/bin/python3
"""apk packages are judged as ipk packages are: packages, indexes, databases, dependencies, versions. The program and a reader in
Python (tests/adb.py) read the files made here, and real feeds."""

import glob
import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import adb  # noqa: E402
import tap  # noqa: E402
from tap import write  # noqa: E402
import yaml  # noqa: E402

HASH, OTHER = "d2e0a589214daa7e43fd1bd18e88034c", "0123456789abcdef0123456789abcdef"
RELEASE = "6.12.74"
ARCH = "aarch64_cortex-a53"


def kernel(digest=HASH):
    return f"{RELEASE}~{digest}-r1"


def package(name, version="1-r1", digest=HASH, **more):
    depends = [f"kernel={kernel(digest)}", *more.pop("depends", [])]
    return {"name": name, "version": version, "arch": ARCH, "depends": depends, **more}


def image(root, installed=(), world=None):
    own = {"name": "kernel", "version": kernel(), "arch": ARCH}
    write(f"{root}/lib/apk/db/installed", adb.installed_text([own, *installed]))
    write(f"{root}/lib/modules/{RELEASE}/base.ko", "not looked at")
    if world:
        write(f"{root}/etc/apk/world", world)
    return root


def feed(folder, *packages):
    rows = []
    for one in packages:
        data = adb.make_package(one, {f"lib/apk/packages/{one['name']}.list": b"x\n", f"etc/link-{one['name']}": "../lib"})
        write(f"{folder}/{one['name']}-{one['version']}.apk", data)
        rows.append((one, data))
    write(f"{folder}/packages.adb", adb.make_index(rows))
    return folder


def results(*args):
    ran = tap.audit(*args)
    report = ran.report() or {"packages": [], "install": []}
    return {f"{one['name']} {one['version']}": one for one in report["packages"]}, report["install"]


def said(result, name):
    return [one["text"] for one in result["findings"] if one["id"] == name]


def test_containers(at):
    one = package("kmod-x", depends=["libc", "!kmod-bad", "a>=1", "b~2.3", "c<4"], provides=["kmod-x-any", "kmod-y=3-r1"])
    files = {f"lib/modules/{RELEASE}/x.ko": b"\x7fELF" + b"x" * 70000, "etc/modules.d/30-x": b"x\n", "etc/empty": b"",
             "etc/modules-boot.d/30-x": "../modules.d/30-x"}
    for packing in ("raw", "deflate", "zstd"):
        path = write(f"{at}/{packing}.apk", adb.make_package(one, files, packing))
        ours, theirs = yaml.safe_load(tap.kmodaudit("facts", path).out), adb.read_package(path)
        tap.equal((ours["name"], ours["version"], ours["files"]), ("kmod-x", "1-r1", sorted(files)), f"{packing}: read whole")
        tap.equal((ours["depends"], ours["conflicts"]), ([d for d in theirs["depends"] if d[0] != "!"], ["!kmod-bad"]),
                  f"{packing}: dependencies and conflicts")
        tap.equal(ours["provides"], theirs["provides"], f"{packing}: provides")
        tap.equal(ours["abi"], {"version": f"{RELEASE}-r1", "hash": HASH}, f"{packing}: the kernel's identity")
        tap.equal(ours["autoload"], [{"file": "etc/modules.d/30-x", "module": "x"}], f"{packing}: autoload")
    whole = b"\x7fELF" + b"z" * 5000
    names = {f"lib/modules/{RELEASE}/{name}.ko": content for name, content in
             (("a", adb.Hard(f"lib/modules/{RELEASE}/b.ko")), ("b", whole), ("c", adb.Hard("usr/spare")), ("d", adb.Hard("usr/spare")),
              ("e", adb.Hard("usr/nothing")))}
    path = write(f"{at}/hard.apk", adb.make_package(one, {**names, "usr/spare": whole}))
    modules = {module["name"]: module for module in yaml.safe_load(tap.kmodaudit("facts", path).out)["modules"]}
    tap.equal([modules[name]["sha256"] for name in "abcd"], [hashlib.sha256(whole).hexdigest()] * 4,
              "a hard link is the file that it names, before or behind it, module or not")
    tap.ok("link to usr/nothing" in modules["e"]["problem"], "one that names no file is told") or tap.note(modules["e"])
    data = open(f"{at}/raw.apk", "rb").read()
    for size in [2 ** n for n in range(2, 17)]:
        ran = tap.kmodaudit("facts", write(f"{at}/cut.apk", data[:size]))
        tap.ok(ran.sane() and ran.status == 3, f"cut at {size} bytes: an error with its reason")
    at_byte = data.index(b"xxxxxxxx")
    ran = tap.kmodaudit("facts", write(f"{at}/bad.apk", data[:at_byte] + b"y" + data[at_byte + 1:]))
    tap.ok("sha256 of the data differs" in ran.out + ran.err, "a byte changed in a file: its hash tells")


def test_versions(at):
    old, new = package("kmod-y", "1.9-r1"), package("kmod-y", "1.10-r1")
    needs = [package("kmod-a", depends=["kmod-y>=1.10"]), package("kmod-b", depends=["kmod-y~1.10"]),
             package("kmod-c", depends=["kmod-y<1.10"]), package("kmod-d", depends=["kmod-y>1.10-r1"]),
             package("kmod-e", depends=["kmod-y=1.10-r1"]), package("kmod-f", depends=["kmod-y~1.1"]),
             package("kmod-g", depends=["kmod-y=1.10_rc1-r1"])]
    found, _ = results(image(f"{at}/root"), feed(f"{at}/feed", old, new, *needs))
    verdicts = {name.split()[0][5:]: one["verdict"] for name, one in found.items() if not name.startswith("kmod-y")}
    lacking = {name.split()[0][5:] for name, one in found.items() if said(one, "package-missing") or said(one, "package-depends")}
    tap.equal(lacking, {"d", "f", "g"}, "operators: >= ~ < = are met by what there is, > and other versions are not")
    tap.ok(verdicts["a"] == verdicts["b"] == verdicts["e"] == "safe", f"operators: safe where met: {verdicts}")
    newest, _ = results(image(f"{at}/root2"), feed(f"{at}/feed2", old, new, package("kmod-z", depends=["kmod-y"])))
    tap.ok("./kmod-y-1.10-r1.apk" in said(newest["kmod-z 1-r1"], "package-manager")[0], "of two versions the newest in apk's order")
    installed = [package("kmod-y", "1.10-r1")]
    found, _ = results(image(f"{at}/root3", installed), feed(f"{at}/feed3", old, new))
    tap.equal((found["kmod-y 1.10-r1"]["verdict"], found["kmod-y 1.9-r1"]["verdict"]), ("installed", "safe"),
              "installed is what the database has in this version")


def test_provides(at):
    y = package("kmod-y", "2-r1", provides=["virtual=5-r1", "kmod-y-any"])
    found, _ = results(image(f"{at}/root"), feed(
        f"{at}/feed", y, package("kmod-a", depends=["virtual>=5"]), package("kmod-b", depends=["virtual>=6"]),
        package("kmod-c", depends=["kmod-y-any"]), package("kmod-d", depends=["nobody"])))
    lacking = {name.split()[0] for name, one in found.items() if said(one, "package-missing") or said(one, "package-depends")}
    tap.equal(lacking, {"kmod-b", "kmod-d"}, "provides: with versions, and NAME-any without")
    tap.equal(found["kmod-c 1-r1"]["needs"], ["kmod-y"], "provides: who fills the need is needed")
    found, _ = results(image(f"{at}/root2", [package("kmod-old", "1-r1", provides=["virtual=1-r1"])]), feed(
        f"{at}/feed2", package("kmod-a", depends=["!kmod-old"]), package("kmod-b", depends=["!kmod-old>1-r1"]),
        package("kmod-c", depends=["!virtual"])))
    against = {name.split()[0] for name, one in found.items() if said(one, "package-conflicts")}
    tap.equal(against, {"kmod-a", "kmod-c"}, "conflicts: by name, by version, by what is provided")
    found, _ = results(image(f"{at}/root3", [package("kmod-old")]), feed(
        f"{at}/feed3", package("kmod-a"), package("kmod-b", install_if=["kmod-a", "kmod-old"]),
        package("kmod-c", install_if=["kmod-a", "nobody"])))
    tap.equal(said(found["kmod-a 1-r1"], "install-if"), ["apk installs kmod-b with it, which asks for that (install-if)"],
              "install-if: said when all of it would be there")


def test_kernels(at):
    other = {"name": "kernel", "version": kernel(OTHER), "arch": ARCH, "depends": []}
    has = [package("kmod-base"), package("kmod-two")]
    base, two, x = (package(name, digest=OTHER) for name in ("kmod-base", "kmod-two", "kmod-x"))
    free, pinned = image(f"{at}/free", has), image(f"{at}/pinned", has, f"base-files\nkernel={kernel()}\n")

    def manager(root, folder):
        found, _ = results(root, folder)
        tap.ok(all(one["proof"] is None for one in found.values()),
               f"{folder[len(at) + 1:]}: nothing of another kernel abi is proven, least by identity")
        return said(found["kmod-x 1-r1"], "package-manager")[0]

    tap.ok(manager(free, feed(f"{at}/alone", x)).startswith(f"apk refuses it: cannot satisfy kernel={kernel(OTHER)}"),
           "no such kernel in the feed: apk refuses")
    said_so = manager(free, feed(f"{at}/whole", x, base, two, other))
    tap.ok("would replace package kernel" in said_so and "2 installed packages" in said_so,
           "the kernel and all that hangs on it in the feed: apk replaces them (openwrt#16808)")
    said_so = manager(free, feed(f"{at}/part", x, base, other))
    tap.ok("the installed kmod-two needs kernel=" in said_so and "openwrt#16808" in said_so,
           "not all in the feed: apk refuses, and the danger is named")
    tap.ok(f"etc/apk/world has kernel={kernel()}" in manager(pinned, f"{at}/whole"), "pinned in world: apk refuses")


def test_rows_without_files(at):
    other = {"name": "kernel", "version": kernel(OTHER), "arch": ARCH, "depends": []}
    has = [package("kmod-base"), package("kmod-two")]
    plain, needs = package("kmod-x"), package("kmod-z", depends=["kmod-y"])

    def manager(root, folder, *gone):
        for name in gone:
            os.remove(glob.glob(f"{folder}/{name}-*.apk")[0])
        found, _ = results(root, folder)
        return {name.split()[0]: finding for name, one in found.items() for finding in one["findings"]
                if finding["id"] == "package-manager"}

    found = manager(image(f"{at}/root"), feed(f"{at}/part", plain, needs, package("kmod-y")), "kmod-y")
    text = found["kmod-z"]["text"]
    tap.ok(found["kmod-z"]["found"] is None and "whose files are not here (kmod-y); with these files: apk accepts it; " in text
           and "without them: apk refuses it: cannot satisfy kmod-y" in text,
           "what is needed has a row and no file: the answer depends on the file")
    tap.equal(found["kmod-x"]["found"], "accepts", "what needs no such row: apk takes it")
    found = manager(image(f"{at}/root2", has), feed(f"{at}/kernel", package("kmod-x", digest=OTHER), other,
                                                    *[package(one["name"], digest=OTHER) for one in has]), "kernel")
    text = found["kmod-x"]["text"]
    tap.ok(found["kmod-x"]["found"] is None and "(kernel); with these files: do not install it: apk would replace package kernel" in text
           and "without them: apk refuses it" in text, "a row of another kernel's package, without its file: the danger is named")
    found = manager(image(f"{at}/root3", has, f"kernel={kernel()}\n"), f"{at}/kernel")
    tap.equal(found["kmod-x"]["found"], "refuses", "pinned in world: refused with and without that file")


def test_named(at):
    other = {"name": "kernel", "version": kernel(OTHER), "arch": ARCH, "depends": []}
    mixed = feed(f"{at}/mixed", package("kmod-x"), package("kmod-x", "2-r1", OTHER), package("kmod-z"), other)
    found, install = results(image(f"{at}/root"), mixed)
    tap.equal((found["kmod-x 1-r1"]["verdict"], install), ("safe", ["kmod-z"]),
              "a newer version for another kernel that is in the feed: the name would bring that kernel, and is not in install")
    text = said(found["kmod-x 1-r1"], "package-manager")[0]
    tap.ok("for the name apk chooses version 2-r1" in text, f"the text says so: {text}")
    _, install = results(image(f"{at}/pinned", (), f"kernel={kernel()}\n"), mixed)
    tap.equal(install, ["kmod-x", "kmod-z"], "with the kernel pinned in world the name brings the version for it")
    part = feed(f"{at}/part", package("kmod-x"), package("kmod-x", "2-r1"), package("kmod-z"))
    os.remove(f"{part}/kmod-x-2-r1.apk")
    tap.equal(results(image(f"{at}/root2"), part)[1], ["kmod-z"], "nor is a name whose newer version has a row and no file")


def test_kept(at):
    def kept(name, row, *packages):
        found, _ = results(image(f"{at}/{name}", [row]), feed(f"{at}/feed-{name}", *packages))
        finding = next(one for one in found[f"{packages[0]['name']} {packages[0]['version']}"]["findings"] if one["id"] == "package-manager")
        return finding["found"], finding["text"].split("; ")[-1]

    tap.equal(kept("older", package("kmod-x", "1-r1"), package("kmod-x", "2-r1")),
              ("keeps", "given as a file, version 2-r1 would take its place"), "by name an older version is kept, the file takes its place")
    tap.equal(kept("newer", package("kmod-x", "3-r1"), package("kmod-x", "2-r1"))[1],
              "given as a file, version 2-r1 would take its place", "so does an older file")
    answer, text = kept("other", package("kmod-x", "1-r1"), package("kmod-x", "2-r1", digest=OTHER))
    tap.ok(answer == "keeps" and "given as a file, version 2-r1 is refused: cannot satisfy kernel=" in text,
           "the file of another kernel is refused, the name is kept")


def own_facts(path):
    theirs = adb.read_package(path)
    modules = sorted(name for name in theirs["files"] if name.endswith(".ko"))
    return {"name": theirs["name"], "version": theirs["version"], "architecture": theirs["arch"],
            "depends": [one for one in theirs["depends"] if one[0] != "!"], "provides": theirs["provides"],
            "files": sorted(theirs["files"]), "modules": sorted(os.path.basename(name)[:-3].replace("-", "_") for name in modules)}


def facts_of(document):
    return {**{key: document[key] for key in ("name", "version", "architecture", "depends", "provides", "files")},
            "modules": sorted(one["name"] for one in document["modules"])}


def test_architecture(at):
    story = "build k\n\tmachine mips\n\trelease 6.6.86\n\texports printk\n\tmodule base\n\t\timports printk\n"
    tap.world(write(f"{at}/story", story + "image bare from k\n\twrapped directory raw\n\tdatabase none\n\tmodules base\n"), at)
    found, _ = results(f"{at}/bare", feed(f"{at}/feed", {**package("kmod-x"), "arch": "x86_64"}))
    tap.ok("the package's Architecture is x86_64, and the image is for mips: apk refuses it" in said(found["kmod-x 1-r1"], "package-architecture"),
           "what refuses a package of apk is apk")


def test_real(at):
    if not os.path.isdir(tap.CORPUS):
        return tap.skip("real feeds", "no corpus")
    packages = {}
    for name in "ab":
        folder = tap.corpus(f"aarch64-6.12.74-apk-{name}")
        paths = sorted(glob.glob(f"{folder}/*.apk"))
        ran = tap.kmodaudit("facts", *paths, cpu=300)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        ours = [facts_of(document) for document in yaml.load_all(ran.out, Loader=loader)]
        theirs = [own_facts(path) for path in paths]
        differing = [one["name"] for one, two in zip(ours, theirs) if one != two]
        tap.equal((len(ours), differing), (len(paths), []), f"apk-{name}: {len(paths)} packages as the other reader has them")
        index = yaml.load(tap.kmodaudit("facts", f"{folder}/packages.adb").out, Loader=loader)
        rows = {(one["name"], one["version"]) for one in index["contents"]}
        rows |= {(one["package"], one["expected"]) for one in index["disagreements"] if one["trouble"] == "row-without-file"}
        tap.equal(rows, {(one["name"], one["version"]) for one in adb.read_index(f"{folder}/packages.adb")},
                  f"apk-{name}: {len(rows)} rows of the index, too")
        troubles = {one["trouble"] for one in index["disagreements"]}
        tap.equal(troubles, {"row-without-file"}, f"apk-{name}: sizes and identities of all files are those of their rows")
        packages[name] = [adb.read_package(path) for path in paths]
    prototype = os.path.join(tap.CORPUS, "..", "prototypes", "apk_read.py")
    if os.path.exists(prototype):
        path = glob.glob(tap.corpus("aarch64-6.12.74-apk-a") + "/kmod-tun-*.apk")[0]
        out = subprocess.run([sys.executable, prototype, path], capture_output=True, text=True, check=True).stdout
        tap.ok(f"identity {adb.read_package(path)['identity']}" in out, "the prototype's identity is the reader's")
    root, has = f"{at}/root", [one for one in packages["a"][::2] if "ath10k" not in one["name"]]
    for one in has:
        adb.unpack(one, root)
    own = next(word for one in has for word in one["depends"] if word.startswith("kernel="))[7:]
    write(f"{root}/lib/apk/db/installed", adb.installed_text([{"name": "kernel", "version": own, "arch": ARCH}, *has]))
    found, _ = results(root, tap.corpus("aarch64-6.12.74-apk-b"))
    counts = {verdict: sum(one["verdict"] == verdict for one in found.values()) for verdict in ("installed", "safe", "unproven", "unsafe")}
    tap.ok(counts["installed"] == 0 and all(one["proof"] is None and not (one["verdict"] == "safe" and one["modules"])
                                            for one in found.values()),
           f"feed b on an image of a: {counts}: nothing installed, no module safe")
    tap.ok(all(any(finding["id"] == "kernel-abi" and "cannot satisfy" in finding["text"] for finding in one["findings"])
               for name, one in found.items()), "feed b: every kernel identity differs, and it is said")
    found, _ = results(root, tap.corpus("aarch64-6.12.74-apk-a"))
    names = {one["name"] for one in has}
    tap.equal({one["name"] for one in found.values() if one["verdict"] == "installed"}, names,
              f"feed a on it: the {len(names)} packages that are in it are installed, no other")
    safe = [one for one in found.values() if one["verdict"] == "safe"]
    tap.ok(len(safe) > 4 and all(one["proof"] == "identity" for one in safe), f"feed a: {len(safe)} more are safe by identity")


for test in (test_containers, test_versions, test_provides, test_kernels, test_rows_without_files, test_named, test_kept, test_architecture, test_real):
    with tap.Scratch() as scratch:
        test(scratch)
tap.done()
