#!/usr/bin/python3
"""scripts/abi-learn over a small tree in the form of OpenWrt's: what it computes is the set that the tree's rules give, and kmodaudit finds
a build of that tree by it."""

import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import tap  # noqa: E402

os.environ.pop("KMODAUDIT_SEARCH", None)

LEARN = os.path.join(HERE, "../../scripts/abi-learn")

TREE = {
    "include/version.mk": "VERSION_NUMBER:=$(call qstrip,$(CONFIG_VERSION_NUMBER))\n"
                          "VERSION_NUMBER:=$(if $(VERSION_NUMBER),$(VERSION_NUMBER),31.05.2)\n",
    "include/kernel-6.6": "LINUX_VERSION-6.6 = .73\n",
    "target/linux/generic/config-6.6": "CONFIG_EXT=y\nCONFIG_NET=y\nCONFIG_DEBUG_FS=y\nCONFIG_HZ=100\nCONFIG_CMDLINE=\"root=mtd\"\n"
                                       "CONFIG_INITRAMFS_SOURCE_X=y\n# CONFIG_SPI is not set\n",
    "target/linux/toy/Makefile": "BOARD:=toy\nSUBTARGETS:=big small\nKERNEL_PATCHVER:=6.6\nDEFAULT_PACKAGES += kmod-leds \\\n\tkmod-usb\n",
    "target/linux/toy/config-6.6": "CONFIG_SPI=y\nCONFIG_SOC_TOY=y\n",
    "target/linux/toy/big/target.mk": "ARCH:=mips\n",
    "target/linux/toy/big/config-default": "# CONFIG_EXT is not set\nCONFIG_SMP=y\n",
    "target/linux/toy/small/target.mk": "ARCH:=mips\nFEATURES+=small_flash\n",
    "package/kernel/linux/modules/net.mk": """
define KernelPackage/a
  TITLE:=first
  KCONFIG:=CONFIG_A CONFIG_A_DEBUG=n \\
\tCONFIG_A_NEW@ge6.1 CONFIG_A_OLD@lt5.4
  DEPENDS:=+kmod-b @!TARGET_other
endef

$(eval $(call KernelPackage,a))

define KernelPackage/b
  KCONFIG:=CONFIG_B CONFIG_C=y
endef

$(eval $(call KernelPackage,b))

define KernelPackage/unused
  KCONFIG:=CONFIG_UNUSED
endef

$(eval $(call KernelPackage,unused))

define KernelPackage/last
  KCONFIG:=CONFIG_B=n CONFIG_C=n CONFIG_NET=m
endef

$(eval $(call KernelPackage,last))
""",
    "package/kernel/leds/Makefile": "define KernelPackage/leds\n  KCONFIG:=CONFIG_LEDS\nendef\n\n$(eval $(call KernelPackage,leds))\n",
    "config/Config-kernel.in": """
config KERNEL_DEBUG_FS
	bool "debugfs"
	default y
	help
	  config KERNEL_NOT_ONE

config KERNEL_DEBUG_KERNEL
	bool

config KERNEL_DEBUG_INFO
	bool "debug info"
	select KERNEL_DEBUG_KERNEL
	default y if !SMALL_FLASH

if KERNEL_DEBUG_INFO
config KERNEL_DEBUG_INFO_REDUCED
	bool "less"
	default y
endif

choice
	prompt "stack"
	default KERNEL_STACK_REGULAR

config KERNEL_STACK_NONE
	bool "none"

config KERNEL_STACK_REGULAR
	bool "regular"
endchoice
""",
}
SEED = "CONFIG_TARGET_toy=y\nCONFIG_TARGET_toy_big=y\nCONFIG_PACKAGE_kmod-a=m\nCONFIG_PACKAGE_kmod-last=y\n# CONFIG_KERNEL_DEBUG_FS is not set\n"
# HZ is a number, CMDLINE has "=m" in it, DEBUG_FS is off, B=n and C=n of kmod-last: the last wins for B, but C=y and NET=y stay
BIG = """CONFIG_A=m
CONFIG_A_NEW=m
CONFIG_C=y
CONFIG_CMDLINE="root=mtd"
CONFIG_DEBUG_INFO=y
CONFIG_DEBUG_INFO_REDUCED=y
CONFIG_DEBUG_KERNEL=y
CONFIG_KALLSYMS_UNCOMPRESSED=y
CONFIG_LEDS=m
CONFIG_NET=y
CONFIG_SMP=y
CONFIG_SOC_TOY=y
CONFIG_SPI=y
CONFIG_STACK_REGULAR=y
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def learn(*arguments):
    return subprocess.run([LEARN, *arguments], capture_output=True, text=True, check=False)


def test_seed():
    ran = learn("tree", "--seed", write("seeds/config.buildinfo", SEED), "-o", "data")
    digest = hashlib.md5(BIG.encode()).hexdigest()
    tap.equal(ran.returncode, 0, "abi-learn of a tree and a seed: status 0 " + ran.stderr)
    tap.equal(ran.stdout, f"{digest} 31.05.2 toy/big 6.6.73 14 lines, 4 packages ask for some\n", "it prints the hash")
    tap.equal(sorted(os.listdir("data")), ["31.05.2.parts", "31.05.2.sets"], "it writes sets and parts")
    ran = tap.kmodaudit("abi", "--abi", "data", "--lines", digest)
    tap.equal((ran.status, ran.out), (0, BIG), "kmodaudit has the lines from there")


def test_plain():
    ran = learn("tree", "-o", "plain", "--by", "us", "--release", "1.2")
    rows = [line.split(" ", 4)[1:4] for line in ran.stdout.splitlines()]
    tap.equal(rows, [["1.2", "toy/big", "6.6.73"], ["1.2", "toy/small", "6.6.73"]], "without a seed: every target")


def digest_of(lines):
    return hashlib.md5("".join(line + "\n" for line in sorted(lines)).encode()).hexdigest()


def test_other_build():
    more = BIG.splitlines() + ["CONFIG_UNUSED=m"]
    ran = tap.kmodaudit("abi", "--abi", "data", digest_of(more))
    tap.ok(ran.status == 0 and "  31.05.2 toy/big + kmod-unused\n" in ran.out, "a build with one package more is found near it")
    less = [line for line in BIG.splitlines() if not line.startswith("CONFIG_DEBUG_")]
    ran = tap.kmodaudit("abi", "--abi", "data", digest_of(less + ["CONFIG_DEBUG_KERNEL=y"]))
    tap.ok(ran.status == 0 and "- KERNEL_DEBUG_INFO, - KERNEL_DEBUG_INFO_REDUCED" in ran.out, "one option less, and what depends on it")
    far = [line for line in more if not line.startswith(("CONFIG_STACK", "CONFIG_SMP"))]
    ran = tap.kmodaudit("abi", "--abi", "data", digest_of(far))
    tap.ok(ran.status == 2 and "  not found: tried " in ran.out, "three changes away it is not found")


# the form of 25.12 and main: the kernel's version below target/linux/generic, a feed as symbolic links, a seed for apk
NEW = {
    "include/version.mk": "VERSION_NUMBER:=$(if $(VERSION_NUMBER),$(VERSION_NUMBER),31.12-SNAPSHOT)\n",
    "target/linux/generic/kernel-6.12": "LINUX_VERSION-6.12 = .74\nLINUX_KERNEL_HASH-6.12.74 = 00\n",
    "target/linux/generic/config-6.12": "CONFIG_NET=y\n",
    "target/linux/toy/Makefile": "ARCH:=aarch64\nBOARD:=toy\nSUBTARGETS:=big\nKERNEL_PATCHVER:=6.12\n",
    "target/linux/toy/big/target.mk": "BOARDNAME:=big\n",
    "target/linux/toy/big/config-6.12": "CONFIG_SMP=y\n",
    "package/kernel/linux/modules/net.mk": "define KernelPackage/a\n  KCONFIG:=CONFIG_A CONFIG_OLD@lt6.12 CONFIG_YOUNG@ge6.12\n"
                                          "endef\n\n$(eval $(call KernelPackage,a))\n",
    "feeds/routing/mesh/Makefile": "define KernelPackage/mesh\n  KCONFIG:=CONFIG_MESH_CRC=y\n  DEPENDS:=+kmod-a\nendef\n\n"
                                   "$(eval $(call KernelPackage,mesh))\n",
    "config/Config-kernel.in": "config KERNEL_AIO\n\tbool \"aio\"\n\tdefault y\n",
}
NEW_LINES = "CONFIG_A=m\nCONFIG_AIO=y\nCONFIG_KALLSYMS_UNCOMPRESSED=y\nCONFIG_MESH_CRC=y\nCONFIG_NET=y\nCONFIG_SMP=y\nCONFIG_YOUNG=m\n"


def test_new_form():
    for path, text in NEW.items():
        write(os.path.join("new", path), text)
    os.makedirs("new/package/feeds/routing")
    os.symlink("../../../feeds/routing/mesh", "new/package/feeds/routing/mesh")
    seed = write("seeds/apk", "CONFIG_TARGET_toy=y\nCONFIG_TARGET_toy_big=y\nCONFIG_USE_APK=y\nCONFIG_PACKAGE_kmod-mesh=m\n")
    ran = learn("new", "--seed", seed, "-o", "new-data")
    digest = hashlib.md5(NEW_LINES.encode()).hexdigest()
    tap.equal((ran.returncode, ran.stdout), (0, f"{digest} 31.12-SNAPSHOT toy/big 6.12.74 7 lines, 2 packages ask for some\n"),
              "a tree in the form of main, with a feed " + ran.stderr)
    ran = tap.kmodaudit("abi", "--abi", "new-data", "--lines", f"6.12.74~{digest}-r1")
    tap.equal((ran.status, ran.out), (0, NEW_LINES), "its hash in a version as apk has it")
    ran = tap.kmodaudit("abi", "--abi", "new-data", f"6.12.74~{digest_of(set(NEW_LINES.split()) - {'CONFIG_MESH_CRC=y'})}-r1")
    tap.ok(ran.status == 0 and "31.12-SNAPSHOT toy/big - kmod-mesh" in ran.out, "the same without the package of the feed, although official builds have this kernel: " + ran.out)


def test_refused():
    os.makedirs("empty", exist_ok=True)
    tap.equal(learn("empty", "-o", "x").stderr, "abi-learn: empty: no tree of OpenWrt: target/linux and package are not there\n", "no tree")
    ran = learn("tree", "--seed", write("seeds/none", "CONFIG_X=y\n"), "-o", "x")
    tap.equal(ran.stderr, "abi-learn: seeds/none: names no target (CONFIG_TARGET_x_y=y)\n", "a seed without a target")
    ran = learn("tree", "--seed", write("seeds/other", "CONFIG_TARGET_a=y\nCONFIG_TARGET_a_b=y\n"), "-o", "x")
    tap.equal(ran.stderr, "abi-learn: tree has no target a/b\n", "a target that the tree does not have")
    tap.equal(learn("tree").stderr, "abi-learn: needs TREE and -o DIR; see --help\n", "no folder to write to")


with tap.Scratch() as scratch:
    os.chdir(scratch)
    for place, content in TREE.items():
        write("tree/" + place, content)
    test_seed()
    test_plain()
    test_other_build()
    test_new_form()
    test_refused()
    os.chdir("/")
tap.done()
