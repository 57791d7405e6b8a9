#!/usr/bin/python3
"""`kmodaudit abi` names the build behind a hash, a set, an image, a feed and a package; --lines; the difference of two. What the
other commands do with a hash, and with sets that are damaged."""

import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import yaml  # noqa: E402
import tap  # noqa: E402

os.environ.pop("KMODAUDIT_SEARCH", None)  # the default is tested here, too

X86 = "a21259e4f338051d27a6443a3a7f7f1f"  # 24.10.0 x86/64
NOBODY = "0123456789abcdef0123456789abcdef"
PLAIN = "11781e7e4eb24cef4bd4e4d6e905a2a7"  # 24.10.1 ath79/generic with KERNEL_KALLSYMS=y
WORLD = f"""build x86
	machine x86_64
	release 6.6.73
	abi {X86}
	exports printk
	filler 400
	module dummy
		imports printk
	module more
		imports printk
	package kmod-dummy
		contains dummy
	package kmod-dummy-too
		contains more
build other like x86
	abi {NOBODY}
image known.bin from x86
	installed kmod-dummy
image own.bin from other
	installed kmod-dummy
image newer.bin from other
	wrapped directory
	installed kmod-dummy
image bare.bin from x86
	database none
build officials like x86
	machine mips
	builder builder@buildhost
	date 1738624177
	release 6.6.86
build nobodys like x86
	builder builder@buildhost
	release 6.6.1
image official.bin from officials
	database none
image boot.bin from officials
	root none
	database none
build strangers like officials
	machine x86_64
image other-machine.bin from strangers
	database none
image nobodys.bin from nobodys
	database none
feed known from x86
	holds kmod-dummy
feed mixed from x86
	holds kmod-dummy
	holds kmod-dummy-too from other
feed strange from other
	holds kmod-dummy-too
feed more from x86
	holds kmod-dummy-too
manifest known.manifest from x86
"""
# official pairs of shared hashes, and what differs between their sets
DIFFERENCES = [
    ("60aeaf7e722ca0f86e06f61157755da3", "52df30f2d262b6dc1a85ff7bbe197cc7", """-CONFIG_REGULATOR_USERSPACE_CONSUMER=y
+CONFIG_MIKROTIK=y
+CONFIG_MIKROTIK_RB_SYSFS=y
+CONFIG_MIKROTIK_WLAN_DECOMPRESS_LZ77=y
+CONFIG_MTD_ROUTERBOOT_PARTS=y
+CONFIG_MTD_SPI_NOR_USE_VARIABLE_ERASE=y
+CONFIG_MTD_SPLIT_MINOR_FW=y
"""),
    ("958e53724f35ee7f1537611d1d00ee1b", "0a6c4860dbbf757fd2f071b4f2df31ea", """-CONFIG_CPU_THERMAL=y
-CONFIG_NVMEM_LAYOUT_U_BOOT_ENV=y
+CONFIG_MTD_NAND_CORE=y
+CONFIG_MTD_NAND_ECC=y
+CONFIG_MTD_NAND_ECC_REALTEK=y
+CONFIG_MTD_SPI_NAND=y
+CONFIG_MTD_UBI=y
+CONFIG_MTD_UBI_BLOCK=y
+CONFIG_SPI_REALTEK_SNAND=y
+CONFIG_UBIFS_FS=y
"""),
]


def lines_of(text):
    """TEXT without the comments at the ends of lines"""
    return "".join(line.partition("  # ")[0] + "\n" for line in text.splitlines())


def put(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def test_hash():
    ran = tap.kmodaudit("abi", X86)
    tap.equal((ran.status, ran.err), (0, ""), "a known hash: status 0")
    tap.equal(ran.out, f"{X86}\n  OpenWrt 24.10.0 x86/64, official\n  kernel 6.6.73, 2660 lines\n  OpenWrt publishes this hash\n",
              "the release, the target, the kernel, and who says so")
    tap.equal(tap.kmodaudit("abi", X86.upper()).out, ran.out, "upper case is the same hash")
    version = tap.kmodaudit("abi", f"6.6.73~{X86}-r1")
    tap.ok(version.status == 0 and "OpenWrt 24.10.0 x86/64, official" in version.out, "the version of a package kernel names its hash")
    ran = tap.kmodaudit("abi", "--search", "50", NOBODY)
    tap.ok(ran.status == 2 and "not found: tried " in ran.out, "an unknown hash: status 2, and how many sets were tried")
    tap.equal(tap.kmodaudit("abi", X86[:31]).status, 3, "31 digits are no hash: no answer")


def test_shared():
    """19.07.1 to .9: one request, many kernels"""
    first = yaml.safe_load(tap.kmodaudit("abi", "--format", "yaml", NOBODY).out or "{}")
    rows = [line.split() for line in open(os.path.join(tap.ROOT, "rules/abi/19.07.2.sets"), encoding="utf-8") if line.startswith("target ath79/generic ")]
    digest = rows[0][rows[0].index("hash") + 1]
    ran = tap.kmodaudit("abi", digest)
    tap.ok("official; also 19.07." in ran.out and "kernel 4.14." in ran.out, "releases that share a hash are named together")
    document = yaml.safe_load(tap.kmodaudit("abi", "--format", "yaml", digest).out)["answers"][0]
    releases = [build["release"] for build in document["builds"]]
    tap.ok(document["known"] and "19.07.2" in releases and len(releases) > 1, "yaml has one row for each")
    tap.equal(first["answers"][0]["known"], False, "a hash that nobody has is not known")


def test_files(at):
    text = tap.kmodaudit("abi", "--lines", X86).out
    tap.equal(hashlib.md5(text.encode()).hexdigest(), X86, "--lines prints what is hashed")
    ran = tap.kmodaudit("abi", put(os.path.join(at, "x.set"), text))
    tap.ok(ran.status == 0 and "OpenWrt 24.10.0 x86/64" in ran.out, "a set is known by its hash")
    config = "".join(f"{line}\n# CONFIG_NOT_{number} is not set\nCONFIG_N{number}=7\n"
                     for number, line in enumerate(reversed(text.splitlines())))
    ran = tap.kmodaudit("abi", put(os.path.join(at, ".config.set"), config))
    tap.ok(ran.status == 0 and X86 in ran.out, "of a .config.set the lines are selected and sorted")
    tap.equal(tap.kmodaudit("vermagic", os.path.join(at, ".config.set")).out, X86 + "\n", "vermagic of it")
    tap.equal(tap.kmodaudit("vermagic", X86).out, X86 + "\n", "vermagic of a known hash")
    tap.equal(tap.kmodaudit("vermagic", NOBODY).status, 3, "vermagic of a hash that is not known: no answer")
    one = put(os.path.join(at, "one.set"), text.replace("CONFIG_AIO=y\n", ""))
    ran = tap.kmodaudit("abi", X86, one)
    tap.equal((ran.status, lines_of(ran.out)), (0, "-CONFIG_AIO=y\n"), "a hash against an unknown set")
    tap.ok("not found: tried " in tap.kmodaudit("abi", one).out, "a set that nobody has is not found")
    document = yaml.safe_load(tap.kmodaudit("config", X86, one).out)
    tap.equal(document["config_difference"]["core"]["removed"], ["CONFIG_AIO"], "config takes a hash and a set")
    tap.equal(document["a"]["release"], "6.6.73", "and knows the kernel of the hash")


def test_not_a_set(at):
    for name, text, why in (
        ("unsorted.set", "CONFIG_B=y\nCONFIG_A=y\n", "line 2 sorts before the line before (LC_ALL=C sort): CONFIG_A=y"),
        ("twice.set", "CONFIG_A=y\nCONFIG_A=y\n", "line 2 repeats the line before (LC_ALL=C sort): CONFIG_A=y"),
        ("nul.set", "CONFIG_A=y\0\n", "line 1 has a control byte"),
        ("endless.set", "CONFIG_A=y", "line 1 has no end"),
        ("long.set", "CONFIG_" + "A" * 5000 + "=y\n", "line 1 is too long"),
        ("other.set", "CONFIG_A=y\nCONFIG_B=7\n", "line 2 is not a =y or =m line of a kernel config"),
        ("empty.set", "", "no =y or =m line of a kernel config"),
        ("huge.set", "A" * (17 << 20), f"{17 << 20} bytes, more than the 16777216 allowed"),
    ):
        path = put(os.path.join(at, name), text)
        ran = tap.kmodaudit("abi", path)
        tap.equal((ran.status, ran.out, ran.err), (3, "", f"kmodaudit: {path}: {why}\n"), f"{name} is refused in one line")
        os.remove(path)


def test_config_set(at):
    path = put(os.path.join(at, "config.set"), "CONFIG_B=y\n# CONFIG_X is not set\nCONFIG_C=7\nCONFIG_A=m\n")
    plain = put(os.path.join(at, "plain.set"), "CONFIG_A=m\nCONFIG_B=y\n")
    first, second = (tap.kmodaudit("abi", one).out.split()[1] for one in (path, plain))
    tap.ok(first == second and len(first) == 32, "config.set, as .config.set: its =y and =m lines are the set")


def test_hints(at):
    ran = tap.kmodaudit("abi", "85e005e1", cwd=at)
    tap.equal((ran.status, ran.err), (3, "kmodaudit: 85e005e1: no such file, and no abi hash: a hash has 32 digits, this has 8\n"),
              "hex digits that are no file: how many a hash has")
    put(os.path.join(at, "abcdef"), "CONFIG_A=y\n")
    tap.equal(tap.kmodaudit("abi", "abcdef", cwd=at).status, 2, "a file of that name is read")
    tap.ok("No such file" in tap.kmodaudit("abi", "nothing", cwd=at).err, "another name is that of a file")
    ran = tap.kmodaudit("abi", "85e005e1" * 4, "--search", "10")
    tap.ok(ran.status == 2 and "give the image or the feed that names it" in ran.out, "an unknown hash: what leads a search")


def test_images(at):
    ran = tap.kmodaudit("abi", "known.bin", cwd=at)
    tap.ok(ran.status == 0 and "usr/lib/opkg/status: line " in ran.out and "OpenWrt 24.10.0 x86/64" in ran.out,
           "an image: the place that names its hash, and the build")
    tap.equal(tap.kmodaudit("abi", "--search", "50", "own.bin", cwd=at).status, 2, "an image of an unknown build: status 2")
    ran = tap.kmodaudit("abi", "bare.bin", cwd=at)
    tap.ok(ran.status == 3 and "names no abi hash" in ran.err, "an image that names no hash: no answer")
    ran = tap.kmodaudit("abi", "official.bin", cwd=at)
    tap.ok(ran.status == 2 and "official.bin: names no abi hash, kernel 6.6.86" in ran.out and
           "  OpenWrt 24.10.1 ath79/generic, official: 64576e1418bd4546fdb49285deb3b11c\n" in ran.out and
           "from sources of 2025-02-03 23:09:37 UTC, as official builds are; nothing proves that it is this one" in ran.out,
           "a kernel of OpenWrt's builders without a hash: the official build of its kernel, release and target")
    ran = tap.kmodaudit("abi", "boot.bin", cwd=at)
    tap.ok(ran.status == 2 and "  OpenWrt 24.10.1 ath79/nand, official: " in ran.out and "x86" not in ran.out and
           "nothing shows which of these" in ran.out, "the kernel alone: those of its kernel and machine")
    ran = tap.kmodaudit("abi", "other-machine.bin", cwd=at)
    tap.equal(ran.status, 3, "its files name a target of another machine: no answer")
    ran = tap.kmodaudit("abi", "--lines", "official.bin", cwd=at)
    tap.ok(ran.status == 3 and ran.out == "" and "names no abi hash" in ran.err, "none of them is taken for it")
    tap.equal(tap.kmodaudit("abi", "nobodys.bin", cwd=at).status, 3, "a kernel that no official build has: no answer")
    ran = tap.kmodaudit("abi", "--image-manifest", "known.manifest", "bare.bin", cwd=at)
    tap.ok(ran.status == 0 and "named by known.manifest: line " in ran.out, "its manifest names it")
    ran = tap.kmodaudit("abi", "known", cwd=at)
    tap.ok(ran.status == 0 and f"known: {X86}, kernel 6.6.73" in ran.out, "a feed of one build")
    package = next(name for name in os.listdir(os.path.join(at, "known")) if name.startswith("kmod-dummy"))
    tap.equal(tap.kmodaudit("abi", os.path.join("known", package), cwd=at).status, 0, "one package")
    ran = tap.kmodaudit("abi", "--search", "50", "--format", "json", "mixed", cwd=at)
    answers = yaml.safe_load(ran.out)["answers"]
    tap.equal((ran.status, [(answer["hash"], answer["known"], answer["packages"]) for answer in answers]),
              (2, [(NOBODY, False, 1), (X86, True, 1)]), "a feed of two builds: an answer for each hash")
    ran = tap.kmodaudit("abi", "--search", "50", "--lines", "mixed", cwd=at)
    tap.ok(ran.status == 3 and "name 2 abi hashes" in ran.err, "--lines of two hashes: no answer")


def test_settle(at):
    """what would settle an unproven package names the side whose lines are not known"""
    for image, feed, side in (("known.bin", "strange", "the abi hash of the package"), ("own.bin", "more", "the abi hash of the image")):
        ran = tap.kmodaudit("audit", "--format", "yaml", image, feed, cwd=at)
        settles = [finding.get("settle") for package in (ran.report() or {"packages": []})["packages"] for finding in package["findings"]
                   if finding["id"] == "no-proof"]
        tap.ok(ran.status == 2 and settles and all(f"--abi DIR with the lines behind {side} (scripts/abi-learn " in settle
                                                   for settle in settles), f"{image}, {feed}: the lines behind {side}")


    put(os.path.join(at, "newer.bin", "etc", "openwrt_release"), "DISTRIB_RELEASE='99.10.1'\nDISTRIB_TARGET='ath79/generic'\n")
    ran = tap.kmodaudit("audit", "--format", "yaml", "newer.bin", "more", cwd=at)
    settles = [finding.get("settle") for package in (ran.report() or {"packages": []})["packages"] for finding in package["findings"]
               if finding["id"] == "no-proof"]
    tap.ok(settles and all("the release 99.10.1 is newer than the built-in ones: \"scripts/abi-learn TREE --seed config.buildinfo -o DIR\"" in settle
                           for settle in settles), "an image of a newer release: the command that adds it")


def test_difference():
    for a, b, lines in DIFFERENCES:
        ran = tap.kmodaudit("abi", a, b)
        tap.equal((ran.status, lines_of(ran.out)), (0, lines), f"{a[:8]} against {b[:8]}")
    document = yaml.safe_load(tap.kmodaudit("abi", "--format", "yaml", *DIFFERENCES[0][:2]).out)
    tap.equal("".join(line["line"] + "\n" for line in document["difference"]), DIFFERENCES[0][2], "the same as yaml")
    tap.equal(tap.kmodaudit("abi", X86, X86).out, "", "a set does not differ from itself")
    tap.equal(tap.kmodaudit("abi", "--search", "50", X86, NOBODY).status, 2, "the lines of one are not known: status 2")


def test_folder(at):
    """--abi DIR: a set of another builder, and a set with a wrong hash"""
    folder = os.path.join(at, "sets")
    os.mkdir(folder)
    digest = hashlib.md5(b"CONFIG_A=y\nCONFIG_B=m\n").hexdigest()
    put(os.path.join(folder, "r1.sets"), f"release r1\n+CONFIG_A=y\ntarget a/b kernel 6.6.1 hash {digest} lines 2 confirmed none\n+CONFIG_B=m\n"
        f"target a/c hash {NOBODY} like a/b\n")
    ran = tap.kmodaudit("abi", "--abi", folder, digest)
    tap.ok(ran.status == 0 and f"  r1 a/b, from {folder}\n" in ran.out, "--abi: a set of a folder is found")
    tap.equal(tap.kmodaudit("abi", digest).status, 2, "without it the hash is not known")
    tap.equal(tap.kmodaudit("abi", "--abi", folder, NOBODY).status, 2, "a set that is not the one of its hash is not used")
    put(os.path.join(folder, "r2.sets"), "release r2\nnonsense\n")
    ran = tap.kmodaudit("abi", "--abi", folder, digest)
    tap.ok(ran.status == 3 and f"{folder}/r2.sets: line 2: expected release" in ran.err, "a file that is none is named with its line")
    tap.equal(tap.kmodaudit("abi", "--abi", os.path.join(at, "none"), digest).status, 3, "a folder that is not there: no answer")


def test_search(at):
    """the hash of 24.10.1 ath79/generic, as the image names it, with KERNEL_KALLSYMS, as a plain build has it"""
    folder = os.path.join(at, "search")
    os.mkdir(folder)
    tap.world(put(os.path.join(folder, "search.world"), WORLD.replace(NOBODY, PLAIN)), folder)
    own = os.path.join(folder, "own.bin")
    ran = tap.kmodaudit("abi", own)
    tap.ok(ran.status == 0 and "  24.10.1 ath79/generic + KERNEL_KALLSYMS\n  self-made: found by search, " in ran.out,
           "a self-made build is found")
    lines = tap.kmodaudit("abi", "--lines", own).out
    tap.equal(hashlib.md5(lines.encode()).hexdigest(), PLAIN, "its lines have the hash")
    tap.ok("CONFIG_KALLSYMS=y\n" in lines, "and the option")
    answer = yaml.safe_load(tap.kmodaudit("abi", "--format", "yaml", own).out)["answers"][0]
    tap.equal((answer["known"], answer["found"], answer["turned"]),
              (False, "24.10.1 ath79/generic + KERNEL_KALLSYMS", ["+ KERNEL_KALLSYMS"]), "yaml says so, too")
    ran = tap.kmodaudit("abi", "--search", "0", own)
    tap.ok(ran.status == 2 and "  not found: tried 0 sets (--search 0); " in ran.out, "--search 0: nothing is tried")
    ran = tap.kmodaudit("abi", own, env={"KMODAUDIT_SEARCH": "0"})
    tap.ok(ran.status == 2 and "  not found: tried 0 sets (--search 0); " in ran.out, "KMODAUDIT_SEARCH is the default")
    tap.equal(tap.kmodaudit("abi", "--search", "50000", own, env={"KMODAUDIT_SEARCH": "0"}).status, 0, "and the option goes before it")
    ran = tap.kmodaudit("abi", own, env={"KMODAUDIT_SEARCH": "many"})
    tap.ok(ran.status == 3 and "KMODAUDIT_SEARCH needs a number up to 1000000, not 'many'" in ran.err, "a wrong default is an error")
    tap.equal(tap.kmodaudit("abi", "--search", "100", PLAIN).status, 2, "without a release or target it is not found")


with tap.Scratch() as scratch:
    tap.world(put(os.path.join(scratch, "abi.world"), WORLD), scratch)
    test_hash()
    test_shared()
    test_files(scratch)
    test_not_a_set(scratch)
    test_config_set(scratch)
    test_hints(scratch)
    test_images(scratch)
    test_settle(scratch)
    test_difference()
    test_folder(scratch)
    test_search(scratch)
tap.done()
