#!/usr/bin/python3
"""Facts of FreeBSD modules, kernels and images: the same story gives the same facts on twelve machines of both word sizes and byte
orders, whatever the form of the files; readelf finds no fault in them."""

import json
import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

MACHINES = "amd64 i386 armv6 armv7 aarch64 riscv64 powerpc powerpc64 mips mipsel mips64 mips64el".split()
STORY = """
build b
	machine {machine}
	release 14.2-RELEASE-p1
	osreldate 1402000
	exports malloc
	exports free
	locals static_one
	provides acl_nfs4 1
	provides g_part 0
	registers pci/re re_pci
	config SMP y
	module if_x
		imports malloc, free
		weak maybe
		exports x_get
		locals x_local
		needs pci 1
		needs g_part 0
		needs odd -1 2 1
		provides if_x 3
		registers pci/x x_pci
		pnp pci U16:vendor 7
	module if-y.2
		tied
	module bare
		no records
	module hidden
		shared
		hidden
		needs pci 1
	module damaged
		provides damaged 1
		truncated 700
image img from b
	modules if_x, if-y.2
	link boot/kernel/if_z.ko if_x.ko
	file boot/loader.conf.d/a.conf if_x_load="YES"
	file boot/loader.conf if_x_load="NO"
image gone from b
	no kernel
	modules if_x
image packed from b
	kernel gz
	wrapped tar.gz
	modules if_x
feed feed from b
	bare if_x, if-y.2, bare, hidden, damaged
build old like b
	release 14.1-RELEASE
	osreldate 1401000
image img from old
	boot kernel.old
	modules if_x
"""


def facts(*args):
    ran = tap.kmodaudit("facts", "--format", "json", *args)
    return json.loads(ran.out) if ran.out else ran


def module_facts(place, machine):
    found = facts(f"{place}/img/boot/kernel/if_x.ko")
    kld = found["kld"]
    return {
        "records": (kld["depends"], kld["provides"], kld["registers"], kld["pnp"], kld["records"]),
        "imports": found["imports"],
        "exports": [one for one in found["exports"] if not one["name"].startswith("__st")],
        "type": kld["type"] == ("relocatable" if machine in ("amd64", "x86_64") or machine.startswith("mips") else "shared"),
    }


def one_machine(place, machine, first):
    own = module_facts(place, machine)
    tap.equal(own, first or own, f"{machine}: the module's facts")
    kernel = facts(f"{place}/img/boot/kernel/kernel")
    tap.equal((kernel["release"], kernel["osreldate"], kernel["ident"], kernel["kld"]["provides"], kernel["exports"]["complete"]),
              ("14.2-RELEASE-p1", 1402000, "GENERIC", [{"name": "kernel", "version": 1402000}, {"name": "acl_nfs4", "version": 1},
                                                       {"name": "g_part", "version": 0}], True), f"{machine}: the kernel's facts")
    images = [facts(f"{place}/{name}")["boot"] for name in ("img", "packed", "gone")]
    tap.equal([(image["source"], image["osreldate"], image["provides"]) for image in images],
              [(source, 1402000, kernel["kld"]["provides"]) for source in ("kernel", "kernel", "linker.hints")],
              f"{machine}: with kernel, kernel.gz in an archive, and without")
    read = subprocess.run(["readelf", "-aW", f"{place}/img/boot/kernel/if_x.ko", f"{place}/img/boot/kernel/kernel"],
                          capture_output=True, text=True, check=False)
    tap.equal(read.stderr, "", f"{machine}: readelf finds no fault in the files")
    return own


def details(place):
    ko = facts(f"{place}/img/boot/kernel/if_x.ko")
    tap.equal(ko["kld"]["depends"], [
        {"name": "kernel", "minimum": 1402000, "preferred": 1402000, "maximum": 1499999},
        {"name": "pci", "minimum": 1, "preferred": 1, "maximum": 1},
        {"name": "g_part", "minimum": 0, "preferred": 0, "maximum": 0},
        {"name": "odd", "minimum": -1, "preferred": 2, "maximum": 1},
    ], "ranges: a body in .bss is zeros, numbers are signed")
    tap.equal((ko["kld"]["registers"], ko["imports"], ko["exports"]), (
        [{"name": "pci/x", "label": "x_pci"}], [{"name": "free"}, {"name": "malloc"}, {"name": "maybe", "weak": True}],
        [{"name": "x_get"}, {"name": "x_local", "local": True}]), "moduledata's name, weak imports, local symbols")
    tied = facts(f"{place}/feed/if-y.2.ko")
    tap.equal((tied["name"], tied["kld"]["depends"][0]["maximum"]), ("if-y.2", 1402000), "names keep '-' and dots; a tied module")
    tap.equal(facts(f"{place}/feed/bare.ko")["kld"]["records"], "none", "a module without records is read")
    hidden = facts(f"{place}/feed/hidden.ko")["kld"]
    tap.equal((hidden["records"], len(hidden["depends"])), ("hidden", 2), "a set without its symbols is hidden, and shown")
    damaged = tap.kmodaudit("facts", f"{place}/feed/damaged.ko")
    tap.ok(damaged.status == 3 and "truncated" in damaged.err, "a truncated module is an error that says so")


def links(image):
    """Links as people place them by hand: absolute, to another directory, to a link, to nothing, in a circle."""
    own = f"{image}/boot/kernel"
    os.makedirs(f"{image}/boot/modules", exist_ok=True)
    added = {f"{image}/boot/modules/if_a.ko": "/boot/kernel/if_x.ko", f"{own}/if_b.ko": "../../boot/./kernel//if_x.ko", f"{own}/if_c.ko": "if_b.ko"}
    for path, target in added.items():
        os.symlink(target, path)
    for place in (image, f"{image}/boot"):
        found = facts(place)
        tap.equal((found["modules"], found.get("unread", [])), (6, []), f"{os.path.basename(place)}: links that lead to a module are modules")
    for path, target in {f"{own}/gone.ko": "/boot/kernel/none.ko", f"{own}/circle.ko": "circle.ko"}.items():
        os.symlink(target, path)
        added[path] = target
    os.makedirs(f"{image}/usr/local/modules")
    with open(f"{image}/usr/local/modules/far.ko", "wb"):
        pass
    os.symlink("/usr/local/modules/far.ko", f"{own}/far.ko")
    added[f"{own}/far.ko"] = ""
    found = facts(image)
    tap.equal((found["boot"]["broken_links"], len(found["unread"])), (
        [{"path": "boot/kernel/circle.ko", "target": "circle.ko"}, {"path": "boot/kernel/gone.ko", "target": "/boot/kernel/none.ko"}], 1),
              "a link to nothing and a circle are no files; a link to a module that is not read is something that was not read")
    tap.ok("far.ko: a link to /usr/local/modules/far.ko, which is not read" in found["unread"][0], "and the facts say which")
    for path in added:
        os.unlink(path)


def images(place):
    image = facts(f"{place}/img")
    tap.equal((image["modules"], image["boot"]["directory"], image["boot"]["loads"]), (3, "boot/kernel", [{"name": "if_x", "path": "boot/kernel/if_x.ko"}]),
              "modules of kernel.old are left out, a link is a module, the later of loader.conf's files counts")
    tap.ok(any("kernel.old" in remark for remark in image["remarks"]), "and a remark says so")
    ran = tap.kmodaudit("symvers", f"{place}/img")
    tap.ok(ran.status == 3 and "FreeBSD has no symbol versions" in ran.err, "symvers says that there are none")
    old = facts("--image-part", "2", f"{place}/img")
    tap.equal((old["boot"]["directory"], old["boot"]["osreldate"], old["modules"]), ("boot/kernel.old", 1401000, 1),
              "--image-part 2 selects kernel.old and its modules")
    whole, inner = facts(f"{place}/img")["boot"], facts(f"{place}/img/boot")["boot"]
    tap.equal([inner[key] for key in ("directory", "provides", "module_path", "loads")],
              [whole[key] for key in ("directory", "provides", "module_path", "loads")], "the directory boot alone is an image as well")
    with open(f"{place}/img/boot/loader.conf.local", "w", encoding="ascii") as file:
        file.write('# comment\nkernel="kernel.old"\nmodule_path="/boot/modules;/boot/extra" # more\nre_load="YES"\nre_name="/boot/modules/if_re.ko"\n'
                   'blob_load="YES"\nblob_type="md_image"\n')
    boot = facts(f"{place}/img")["boot"]
    tap.equal((boot["directory"], boot["module_path"], boot["loads"]),
              ("boot/kernel.old", ["boot/kernel.old", "boot/modules", "boot/extra"], [
                  {"name": "if_x", "path": "boot/kernel.old/if_x.ko"}, {"name": "re", "file": "/boot/modules/if_re.ko", "path": None}]),
              "loader.conf chooses the kernel, module_path and what is loaded")


def loads(image):
    """Which file the boot loader takes for NAME_load="YES"."""
    own, more = f"{image}/boot/kernel", f"{image}/boot/modules"
    os.makedirs(more, exist_ok=True)
    for name in ("a.ko.gz", "b.ko", "b.ko.gz", "c", "d.ko.gz", "f.ko.zst", "g.ko.gz"):
        shutil.copy(f"{own}/if_x.ko", f"{own}/{name}")
    for name in ("b.ko", "d.ko", "e.ko"):
        shutil.copy(f"{own}/if_x.ko", f"{more}/{name}")
    with open(f"{image}/boot/loader.conf.local", "w", encoding="ascii") as file:
        file.writelines(f'{name}_load="YES"\n' for name in "abdefghijkl")
        file.write('g_name="/boot/kernel/g.ko"\nh_name="/boot/kernel/a.ko.gz"\ni_name="/boot/kernel/i.ko"\nj_name="b.ko"\nk_name="acl_nfs4"\nl_name="if_x"\n')
    found = facts(image)
    tap.equal({load["name"]: load["path"] for load in found["boot"]["loads"] if load["name"] != "if_x"}, {
        "a": "boot/kernel/a.ko.gz", "b": "boot/kernel/b.ko", "d": "boot/kernel/d.ko.gz", "e": "boot/modules/e.ko", "f": None, "g": "boot/kernel/g.ko.gz",
        "h": "boot/kernel/a.ko.gz", "i": None, "j": "boot/kernel/b.ko", "k": None, "l": "boot/kernel/if_x.ko"},
              "the boot loader finds a file by linker.hints, by its name and by that with .gz, in the first directory that has one")
    absent = [remark for remark in found["remarks"] if "finds no file" in remark]
    tap.equal([remark.split(": ")[-2:] for remark in absent], [["f_load", "the boot loader finds no file for f"],
                                                               ["i_load", "the boot loader finds no file for /boot/kernel/i.ko"]],
              "what is not there is said, but not of what the kernel has")


def order(image):
    """Which of several files of the boot loader has the last word about module_path."""
    def paths(files):
        for name, text in files.items():
            os.makedirs(os.path.dirname(f"{image}/boot/{name}"), exist_ok=True)
            with open(f"{image}/boot/{name}", "w", encoding="ascii") as file:
                file.write(text if "=" in text else f'module_path="/boot/{text}"\n')
        found = facts(image)
        for name in files:
            os.unlink(f"{image}/boot/{name}")
        return found["boot"]["module_path"][-1][5:], [why for why in found.get("unread", []) if "told to read" in why]

    old = 'loader_conf_files="/boot/loader.conf /boot/loader.conf.local"\nloader_conf_dirs="/boot/loader.conf.d"\nmodule_path="/boot/defaults"\n'
    new = 'loader_conf_files="/boot/loader.conf"\nloader_conf_dirs="/boot/loader.conf.d"\nlocal_loader_conf_files="/boot/loader.conf.local"\n'
    some = {"loader.conf": "one", "loader.conf.local": "own"}
    more = {**some, "loader.conf.d/b.conf": "b", "loader.conf.d/a.conf": "a", "loader.conf.d/c.txt": "c"}
    chain = {f"c{n}.conf": f'loader_conf_files="/boot/c{n + 1}.conf"\n' for n in range(40)}
    for what, files, wanted in (
            ("loader.conf.local", some, "own"), ("loader.conf.local, after loader.conf.d", more, "own"),
            ("the last of loader.conf.d, with older defaults", {**more, "defaults/loader.conf": old}, "b"),
            ("loader.conf.local, with newer defaults", {**more, "defaults/loader.conf": new}, "own"),
            ("the defaults", {"defaults/loader.conf": old}, "defaults"),
            ("what no file says", {"loader.conf": "a=1\n"}, "modules"),
            ("a file that loader.conf names", {"loader.conf": 'module_path="/boot/x"\nloader_conf_files="/boot/more.conf"\n', "more.conf": "named"}, "named"),
            ("a file that names itself", {"loader.conf": 'loader_conf_files="/boot/loader.conf"\nmodule_path="/boot/self"\n'}, "self")):
        tap.equal(paths(files), (wanted, []), f"module_path is that of {what}")
    path, remarks = paths({"loader.conf": 'loader_conf_files="/etc/other.conf /boot/c0.conf"\n', **chain})
    tap.equal((path, len(remarks)), ("modules", 2), "a file outside boot, and a long chain of files, are not read, and said so")
    with open(f"{image}/boot/nextboot.conf", "w", encoding="ascii") as file:
        file.write('nextboot_enable="YES"\nmodule_path="/boot/once"\n')
    with open(f"{image}/boot/loader.conf", "w", encoding="ascii") as file:
        file.writelines(f'm{n}_load="YES"\n' for n in range(100000))
    ran = tap.kmodaudit("facts", "--format", "json", image, cpu=20)
    found = json.loads(ran.out)
    tap.ok(any("nextboot.conf: it counts for the next boot only" in remark for remark in found["remarks"]), "nextboot.conf is a remark")
    tap.equal((found["boot"]["module_path"][-1], len(found["boot"]["loads"]), "more than 1024 modules" in str(found["unread"])), ("boot/modules", 1024, True),
              "100,000 loads: the first 1024 are read, and the facts say so")
    os.unlink(f"{image}/boot/loader.conf")
    os.unlink(f"{image}/boot/nextboot.conf")
    with open(f"{image}/boot/other.conf", "w", encoding="ascii") as file:
        file.write('module_path="/boot/linked"\n')
    for target, wanted in (("other.conf", ("boot/linked", False)), ("/etc/none.conf", ("boot/modules", True)), ("loader.conf", ("boot/modules", False))):
        os.symlink(target, f"{image}/boot/loader.conf")
        found = facts(image)
        tap.equal((found["boot"]["module_path"][-1], "loader.conf: a link to /etc/none.conf, which is not followed" in str(found.get("unread"))), wanted,
                  f"loader.conf as a link to {target}")
        os.unlink(f"{image}/boot/loader.conf")
    before = facts(image)["boot"]
    os.rename(f"{image}/boot/kernel", f"{image}/boot/kernel.GENERIC")
    os.symlink("kernel.GENERIC", f"{image}/boot/kernel")
    found = facts(image)
    tap.equal((found["boot"]["directory"], found["boot"]["provides"], found.get("unread", [])), ("boot/kernel.GENERIC", before["provides"], []),
              "boot/kernel may be a link to the directory")
    os.symlink("/usr/modules", f"{image}/boot/modules")
    tap.ok("boot/modules: a link to /usr/modules, which is not followed" in str(facts(image)["unread"]), "boot/modules as a link is not read, and the facts say so")


def relatives(place):
    with open(f"{place}/img/boot/kernel/kernel", "rb") as file:
        kernel = bytearray(file.read())
    for name in ("NetBSD", "OpenBSD", "DragonFly"):
        other = bytes(kernel).replace(b"@(#)FreeBSD 14.2", f"@(#){name} 14.2".encode()[:16].ljust(16, b"x")).replace(b"/red/herring", b"\0" * 12)
        path = f"{place}/{name}"
        with open(path, "wb") as file:
            file.write(other)
        ran = tap.kmodaudit("facts", path)
        tap.ok(ran.status == 3 and f"a kernel of {name}" in ran.err, f"a kernel of {name} is named: {ran.err.strip()}")


def common(place):
    """a symbol that a relocation uses becomes a common one, as a link without -d leaves it"""
    with open(f"{place}/feed/if_x.ko", "rb") as file:
        data = bytearray(file.read())
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, struct.unpack_from("<Q", data, 40)[0] + 64 * i) for i in range(struct.unpack_from("<H", data, 60)[0])]
    table = next(section for section in sections if section[1] == 2)
    names = sections[table[6]][4]
    for at in range(table[4], table[4] + table[5], 24):
        name = names + struct.unpack_from("<I", data, at)[0]
        if data[name:].startswith(b"malloc\0"):
            struct.pack_into("<H", data, at + 6, 0xfff2)
    with open(f"{place}/common.ko", "wb") as file:
        file.write(data)
    ran = tap.audit(f"{place}/img", f"{place}/common.ko")
    tap.ok(ran.status == 1 and "symbol malloc is common, and the kernel takes its alignment for its address" in ran.out, "a common symbol has no address")


with tap.Scratch() as scratch:
    first = None
    for machine in MACHINES:
        place = f"{scratch}/{machine}"
        with open(f"{place}.world", "w", encoding="ascii") as story:
            story.write(STORY.format(machine=machine))
        tap.world(f"{place}.world", place)
        first = one_machine(place, machine, first)
    details(f"{scratch}/amd64")
    links(f"{scratch}/amd64/img")
    images(f"{scratch}/amd64")
    loads(f"{scratch}/i386/img")
    order(f"{scratch}/mips/gone")
    relatives(f"{scratch}/amd64")
    common(f"{scratch}/amd64")
tap.done()
