/* SPDX-License-Identifier: ISC */
/* Cases about modules of FreeBSD: kernel 1402000 of 14.2-RELEASE, the module base in boot/kernel,
 * and the package kmod-x with boot/modules/x.ko. */
#include "facts/package/pkg.h"

#include <elf.h>

/* A copy of the module's records that can be changed. */
static struct kld *kld_records(struct made *made, struct module *module)
{
	struct kld *kld = arena_new(&made->arena, struct kld);

	if (module->kld)
		*kld = *module->kld;
	kld->type = ET_REL;
	kld->set = KLD_SET_FOUND;
	module->kld = kld;
	return kld;
}

static void kld_needs_add(struct made *made, struct module *module, const char *name,
			  int32_t minimum, int32_t preferred, int32_t maximum)
{
	*MADE_ADD(made, &kld_records(made, module)->depends) =
		(struct kld_depend){name, minimum, preferred, maximum};
}

static void kld_provides_add(struct made *made, struct module *module, const char *name,
			     int32_t version)
{
	*MADE_ADD(made, &kld_records(made, module)->versions) = (struct kld_version){name, version};
}

static struct kld_boot *kld_boot_of(struct made *made)
{
	struct kld_boot *boot = arena_new(&made->arena, struct kld_boot);

	if (made->image.boot)
		*boot = *made->image.boot;
	made->image.boot = boot;
	return boot;
}

static void kld_kernel_add(struct made *made, const char *name, int32_t version)
{
	*MADE_ADD(made, &kld_boot_of(made)->interfaces) = (struct kld_version){name, version};
}

static void kld_module_set(struct made *made, struct module *module, const char *path)
{
	module->path = path;
	module->loader = LOADER_FREEBSD;
	module->modinfo = (struct modinfo){0};
	module->this_module = (struct this_module){0};
	kld_needs_add(made, module, "kernel", 1402000, 1402000, 1499999);
	kld_provides_add(made, module, module->name, 1);
}

static void kld_hint_add(struct made *made, size_t directory, const char *name, int32_t version,
			 const char *file)
{
	struct kld_hints *hints = &kld_boot_of(made)->hints.list[directory];

	*MADE_ADD(made, hints) = (struct kld_hint){HINT_VERSION, name, version, file};
}

/* A package without any words of OpenWrt, with one module in boot/modules. */
static struct package *kld_package_set(struct made *made, struct package *package)
{
	struct module *module = &package->modules.list[0];

	package->abi = (struct abi){0};
	package->depends = (struct formulas){0};
	package->releases = (struct strings){0};
	package->architecture = NULL;
	kld_module_set(made, module,
		       arena_format(&made->arena, "boot/modules/%s.ko", module->name));
	return package;
}

static struct module *kld_package(struct made *made, const char *name, const char *module)
{
	return &kld_package_set(made, made_kmod(made, name, module))->modules.list[0];
}

static void kld_image(struct made *made)
{
	struct kld_boot *boot;

	made->image.loader = LOADER_FREEBSD;
	made->image.abi = (struct abi){0};
	made->image.packages = (struct packages){0};
	made->image.database_known = false;
	made->image.releases = (struct strings){0};
	made->image.release = (struct fact){"14.2-RELEASE-p1", "fw.bin: boot/kernel/kernel"};
	made->image.vermagic = (struct fact){0};
	made->image.this_module = (struct this_module){0};
	boot = kld_boot_of(made);
	boot->directory = "boot/kernel";
	boot->source = KLD_SOURCE_KERNEL;
	boot->source_witness = "fw.bin: boot/kernel/kernel";
	boot->osreldate = 1402000;
	boot->registered_whole = true;
	*MADE_ADD(made, &boot->module_path) = "boot/kernel";
	*MADE_ADD(made, &boot->module_path) = "boot/modules";
	*MADE_ADD(made, &boot->hints) =
		(struct kld_hints){.directory = "boot/kernel", .witness = "fw.bin: linker.hints"};
	*MADE_ADD(made, &boot->hints) =
		(struct kld_hints){.directory = "boot/modules", .witness = "fw.bin: linker.hints"};
	kld_kernel_add(made, "kernel", 1402000);
	kld_module_set(made, made->base, "boot/kernel/base.ko");
	kld_hint_add(made, 0, "base", 1, "base.ko");
	kld_package_set(made, made->x);
}

static void kld_linux_module(struct made *made)
{
	kld_image(made);
	made->xm->loader = LOADER_LINUX;
}

static void kld_on_linux(struct made *made)
{
	made->xm->loader = LOADER_FREEBSD;
}

static void kld_range(struct made *made, int32_t minimum, int32_t preferred, int32_t maximum)
{
	kld_image(made);
	kld_records(made, made->xm)->depends.count = 0;
	kld_needs_add(made, made->xm, "kernel", minimum, preferred, maximum);
}

static void kld_newer(struct made *made)
{
	kld_range(made, 1402501, 1402501, 1499999);
}

/* what the kernel file says is sure, whatever else cannot be read */
static void kld_newer_unread(struct made *made)
{
	kld_newer(made);
	made_string(made, &made->image.unread, "fw.bin: boot/kernel/lost.ko: cut short");
}

static void kld_newer_hinted(struct made *made)
{
	kld_newer_unread(made);
	kld_boot_of(made)->source = KLD_SOURCE_HINTS;
}

static void kld_older(struct made *made)
{
	kld_range(made, 1303000, 1303000, 1399999);
}

static void kld_tied(struct made *made)
{
	kld_range(made, 1401000, 1401000, 1401000);
}

static void kld_client_range(struct made *made)
{
	kld_range(made, 1401000, 1401000, 1499999);
}

static void kld_empty_range(struct made *made)
{
	kld_range(made, 1402000, 1402000, 1401999);
}

static void kld_empty_range_other(struct made *made)
{
	kld_range(made, 1401000, 1401000, 1400999);
}

static void kld_no_record(struct made *made)
{
	kld_image(made);
	kld_records(made, made->xm)->depends.count = 0;
}

static void kld_current(struct made *made)
{
	kld_image(made);
	made->image.release.value = "15.0-CURRENT";
}

static void kld_stable_number(struct made *made)
{
	kld_range(made, 1402501, 1402501, 1499999);
	made->image.release.value = NULL;
	kld_boot_of(made)->osreldate = 1402501;
	kld_boot_of(made)->interfaces.list[0].version = 1402501;
	kld_records(made, made->base)->depends.list[0].preferred = 1402501;
}

static void kld_current_accepted(struct made *made)
{
	kld_current(made);
	made->rules.accepted[PROOF_OSRELDATE_BRANCH] = true;
}

static void kld_kernel_unknown(struct made *made)
{
	kld_image(made);
	kld_boot_of(made)->interfaces.count = 0;
	kld_boot_of(made)->osreldate = 0;
	kld_boot_of(made)->source = KLD_SOURCE_NONE;
}

static void kld_present(struct made *made)
{
	kld_image(made);
	kld_kernel_add(made, "x", 1);
}

static void kld_present_version(struct made *made)
{
	kld_image(made);
	kld_kernel_add(made, "x", 2);
}

static void kld_present_any(struct made *made)
{
	kld_present_version(made);
	kld_records(made, made->xm)->versions.list[0].version = 0;
}

static void kld_absent(struct made *made)
{
	kld_image(made);
	kld_kernel_add(made, "lindebugfs", 1);
	kld_needs_add(made, made->xm, "debugfs", 1, 1, 1);
}

static void kld_absent_unknown(struct made *made)
{
	kld_absent(made);
	kld_boot_of(made)->source = KLD_SOURCE_NONE;
}

static void kld_in_image(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "base", 1, 1, 1);
	made_import(made, made->xm, "base_open", 0);
}

static void kld_other_version(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "base", 2, 2, 3);
}

static void kld_gone(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "lost", 1, 1, 1);
	kld_hint_add(made, 0, "lost", 1, "lost.ko");
}

static void kld_from_feed(struct made *made)
{
	struct module *other;

	kld_image(made);
	other = kld_package(made, "kmod-y", "y");
	made_export(made, &other->exports, "y_open", 0);
	kld_needs_add(made, made->xm, "y", 1, 1, 1);
	made_import(made, made->xm, "y_open", 0);
}

static void kld_inherited(struct made *made)
{
	kld_in_image(made);
	made_import(made, made->base, "kmem_object_store", 0);
}

static void kld_cycle(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "y", 1, 1, 1);
	kld_needs_add(made, kld_package(made, "kmod-y", "y"), "x", 1, 1, 1);
}

static void kld_own_interface(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "x", 7, 7, 7);
}

static void kld_garbage(struct made *made)
{
	kld_image(made);
	kld_boot_of(made)->source = KLD_SOURCE_HINTS;
	kld_kernel_add(made, "g_part", 852157148);
	kld_needs_add(made, made->xm, "g_part", 0, 0, 0);
}

static void kld_undefined(struct made *made)
{
	kld_image(made);
	made_import(made, made->xm, "kmem_object_store", 0);
}

static void kld_weak(struct made *made)
{
	kld_image(made);
	made_import(made, made->xm, "kmem_object_store", 0)->weak = true;
}

/* the linker looks only in what the module depends on itself */
static void kld_indirect(struct made *made)
{
	kld_image(made);
	made_import(made, made->xm, "base_open", 0);
}

static void kld_no_kernel(struct made *made)
{
	kld_image(made);
	made->image.kernel = NULL;
	kld_boot_of(made)->source = KLD_SOURCE_HINTS;
}

static void kld_no_kernel_symbol(struct made *made)
{
	kld_no_kernel(made);
	made_import(made, made->xm, "kmalloc", 0);
}

static void kld_no_kernel_range(struct made *made)
{
	kld_no_kernel_symbol(made);
	kld_records(made, made->base)->depends.list[0].preferred = 1401000;
	made_import(made, made->base, "kmalloc", 0);
}

static void kld_registers(struct made *made, const char *name)
{
	*MADE_ADD(made, &kld_records(made, made->xm)->modules) =
		(struct kld_module){"pci/re", "re_pci"};
	*MADE_ADD(made, &kld_boot_of(made)->registered) = (struct kld_module){name, "re_pci"};
}

static void kld_registered(struct made *made)
{
	kld_image(made);
	kld_registers(made, "pci/re");
}

static void kld_registered_other(struct made *made)
{
	kld_image(made);
	kld_registers(made, "pci/em");
}

static void kld_registered_unknown(struct made *made)
{
	kld_image(made);
	kld_registers(made, "pci/em");
	kld_boot_of(made)->registered_whole = false;
}

static void kld_module_add(struct made *made, struct module *module, const char *name)
{
	*MADE_ADD(made, &kld_records(made, module)->modules) = (struct kld_module){name, name};
}

/* the file that x depends on registers a module of that name */
static void kld_twins(struct made *made, const char *name)
{
	kld_image(made);
	kld_needs_add(made, made->xm, "base", 1, 1, 1);
	kld_module_add(made, made->base, "twin");
	kld_module_add(made, made->xm, name);
}

static void kld_twin(struct made *made)
{
	kld_twins(made, "twin");
}

static void kld_no_twin(struct made *made)
{
	kld_twins(made, "other");
}

static void kld_twin_nameless(struct made *made)
{
	kld_twins(made, NULL);
}

static void kld_booted(struct made *made)
{
	kld_image(made);
	kld_module_add(made, made->base, "twin");
	kld_module_add(made, made->xm, "twin");
	*MADE_ADD(made, &kld_boot_of(made)->loads) =
		(struct kld_load){.name = "base", .path = "boot/kernel/base.ko"};
}

static void kld_hiding(struct made *made)
{
	kld_image(made);
	kld_module_set(made, made_module(made, &made->image.modules, "x"), "boot/kernel/x.ko");
	kld_hint_add(made, 0, "x", 1, "x.ko");
}

static void kld_outside(struct made *made)
{
	kld_image(made);
	made->xm->path = "usr/local/lib/vmware-tools/x.ko";
}

static void kld_hidden_records(struct made *made)
{
	kld_image(made);
	kld_records(made, made->xm)->set = KLD_SET_HIDDEN;
}

static void kld_image_updated(struct made *made)
{
	kld_image(made);
	kld_boot_of(made)->osreldate = 1402001;
	kld_boot_of(made)->interfaces.list[0].version = 1402001;
	kld_records(made, made->base)->depends.list[0].maximum = 1402000;
}

static void kld_image_lacks(struct made *made)
{
	kld_image(made);
	kld_needs_add(made, made->base, "mqueuefs", 1, 1, 1);
}

static void kld_hints_version(struct made *made)
{
	kld_image(made);
	kld_hint_add(made, 0, "base", 2, "base.ko");
}

static void kld_hints_damaged(struct made *made)
{
	kld_image(made);
	kld_boot_of(made)->hints.list[1].problem = "a record of length 0";
}

/* the package overwrites a file on which another module of the image depends */
static struct module *kld_overwrites(struct made *made, int32_t version)
{
	struct module *old, *user;

	kld_image(made);
	old = made_module(made, &made->image.modules, "x");
	kld_module_set(made, old, "boot/modules/x.ko");
	user = made_module(made, &made->image.modules, "user");
	kld_module_set(made, user, "boot/modules/user.ko");
	kld_needs_add(made, user, "x", 1, 1, 1);
	kld_hint_add(made, 1, "x", 1, "x.ko");
	kld_hint_add(made, 1, "user", 1, "user.ko");
	kld_records(made, made->xm)->versions.list[0].version = version;
	return user;
}

static void kld_upgrades(struct made *made)
{
	kld_overwrites(made, 1);
}

static void kld_breaks(struct made *made)
{
	kld_overwrites(made, 2);
}

static void kld_breaks_not_more(struct made *made)
{
	kld_needs_add(made, kld_overwrites(made, 2), "never", 1, 1, 1);
}

static void kld_breaks_symbol(struct made *made)
{
	struct module *user = kld_overwrites(made, 1);

	made_export(made, &made->image.modules.list[1].exports, "x_open", 0);
	made_import(made, user, "x_open", 0);
}

static void kld_pkg_whole(struct made *made)
{
	struct pkg *pkg = arena_new(&made->arena, struct pkg);

	kld_image(made);
	pkg->witness = "feed/kmod-x.pkg: +MANIFEST";
	made->x->pkg = pkg;
}

static void kld_pkg_changed(struct made *made)
{
	struct pkg *pkg = arena_new(&made->arena, struct pkg);

	kld_image(made);
	pkg->witness = "feed/kmod-x.pkg: +MANIFEST";
	*MADE_ADD(made, &pkg->differences) =
		(struct pkg_difference){"boot/modules/x.ko", HASH, HASH2};
	made->x->pkg = pkg;
}

static void kld_relocatable(struct made *made)
{
	kld_image(made);
	made->image.machine = (struct machine){.elf = EM_AARCH64, .bits = 64};
	made->xm->machine = made->base->machine = made->image.machine;
}

static void kld_not_dynamic(struct made *made)
{
	kld_image(made);
	kld_records(made, made->xm)->type = ET_DYN;
}

static void kld_segments(struct made *made)
{
	struct kld *kld;

	kld_image(made);
	kld = kld_records(made, made->xm);
	kld->type = ET_DYN;
	kld->dynamic = true;
	kld->segments = 5;
}

static void kld_secured(struct made *made)
{
	kld_image(made);
	kld_boot_of(made)->secured = "etc/rc.conf";
}

static void kld_secured_after(struct made *made)
{
	kld_secured(made);
	*array_add(&made->arena, &kld_boot_of(made)->klds) = "x";
}

static void kld_secured_maybe(struct made *made)
{
	kld_secured(made);
	kld_boot_of(made)->secured_doubt = "etc/rc.conf: line 1: . /etc/x";
}

static void kld_secured_early(struct made *made)
{
	kld_secured_after(made);
	kld_boot_of(made)->secured = "etc/sysctl.conf";
	kld_boot_of(made)->secured_early = true;
}

static void kld_secured_booted(struct made *made)
{
	kld_secured_early(made);
	*MADE_ADD(made, &kld_boot_of(made)->loads) =
		(struct kld_load){.name = "x", .path = "boot/modules/x.ko"};
}

static const struct rule_case kld_cases[] = {
	{"module-unreadable", OUTCOME_FAILS, true, kld_relocatable, UNSAFE,
	 "linker_load_file: x.ko - unsupported file type"},
	{"module-unreadable", OUTCOME_FAILS, true, kld_not_dynamic, UNSAFE,
	 "Object is not dynamically-linked"},
	{"module-unreadable", OUTCOME_UNKNOWN, true, kld_segments, UNPROVEN, "Too many sections"},
	{"module-unreadable", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"package-sums", OUTCOME_FAILS, true, kld_pkg_changed, -1, "another sum"},
	{"package-sums", OUTCOME_FAILS, false, kld_pkg_whole, SAFE, NULL},
	{"state-breaks", OUTCOME_FAILS, true, kld_breaks, UNSAFE,
	 "it replaces /boot/modules/x.ko of the image, and the image's module user then does not "
	 "load: KLD user.ko: depends on x"},
	{"state-breaks", OUTCOME_FAILS, true, kld_breaks_symbol, UNSAFE, "symbol x_open undefined"},
	{"state-breaks", OUTCOME_FAILS, false, kld_upgrades, SAFE, NULL},
	{"state-breaks", OUTCOME_FAILS, false, kld_breaks_not_more, SAFE, NULL},
	{"osreldate", OUTCOME_HOLDS, true, kld_image, SAFE, "1402000"},
	{"osreldate", OUTCOME_HOLDS, false, kld_client_range, UNPROVEN, NULL},
	{"no-proof", OUTCOME_UNKNOWN, true, kld_client_range, UNPROVEN,
	 "loads: built for 1401000, kernel 1402000, its range 1401000..1499999 is the client's "
	 "own word"},
	{"osreldate", OUTCOME_HOLDS, false, kld_no_record, UNPROVEN, NULL},
	{"kld-kernel", OUTCOME_REMARK, true, kld_no_record, UNPROVEN, "names no kernel version"},
	{"no-proof", OUTCOME_UNKNOWN, true, kld_current, UNPROVEN, "15.0-CURRENT"},
	{"no-proof", OUTCOME_UNKNOWN, true, kld_stable_number, UNPROVEN, "development branch"},
	{"osreldate", OUTCOME_HOLDS, true, kld_current_accepted, SAFE, NULL},
	{"foreign-system", OUTCOME_FAILS, true, kld_linux_module, UNSAFE, "module of Linux"},
	{"foreign-system", OUTCOME_FAILS, true, kld_on_linux, UNSAFE, "module of FreeBSD"},
	{"foreign-system", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"kld-kernel", OUTCOME_FAILS, true, kld_newer, UNSAFE,
	 "KLD x.ko: depends on kernel - not available or version mismatch: built for 1402501, "
	 "its range begins there, the image has 1402000: the kernel is older than the range"},
	{"kld-kernel", OUTCOME_FAILS, true, kld_newer_unread, UNSAFE, "the kernel is older"},
	{"kld-kernel", OUTCOME_UNKNOWN, true, kld_newer_hinted, UNPROVEN, "not read completely"},
	{"kld-kernel", OUTCOME_FAILS, true, kld_older, UNSAFE,
	 "its range ends at 1399999, the image has 1402000: the kernel is newer than the range"},
	{"kld-kernel", OUTCOME_FAILS, true, kld_tied, UNSAFE, "it takes no other version"},
	{"kld-kernel", OUTCOME_FAILS, true, kld_empty_range_other, UNSAFE,
	 "its range 1401000..1400999 is empty"},
	{"kld-kernel", OUTCOME_REMARK, true, kld_empty_range, SAFE, "1402000..1401999 is empty"},
	{"kld-kernel", OUTCOME_FAILS, false, kld_client_range, UNPROVEN, NULL},
	{"kld-kernel", OUTCOME_UNKNOWN, true, kld_kernel_unknown, UNPROVEN, "not known"},
	{"kld-interface", OUTCOME_FAILS, true, kld_present, UNSAFE,
	 "interface x.1 already present in the KLD 'kernel'!"},
	{"kld-interface", OUTCOME_FAILS, true, kld_present_any, UNSAFE, "interface x.0"},
	{"kld-interface", OUTCOME_FAILS, false, kld_present_version, SAFE, NULL},
	{"kld-depends", OUTCOME_FAILS, true, kld_absent, UNSAFE,
	 "KLD x.ko: depends on debugfs - not available or version mismatch: no file of the image "
	 "or the feeds provides debugfs in any version; the image has lindebugfs 1"},
	{"kld-depends", OUTCOME_UNKNOWN, true, kld_absent_unknown, UNPROVEN, "not known"},
	{"kld-depends", OUTCOME_FAILS, false, kld_in_image, SAFE, NULL},
	{"kld-depends", OUTCOME_FAILS, false, kld_from_feed, SAFE, NULL},
	{"kld-depends", OUTCOME_FAILS, false, kld_own_interface, SAFE, NULL},
	{"kld-depends", OUTCOME_FAILS, true, kld_other_version, UNSAFE,
	 "it needs version 2..3, preferably 2, and base.ko of the image has version 1"},
	{"kld-depends", OUTCOME_FAILS, true, kld_gone, UNSAFE, "/boot/kernel/lost.ko"},
	{"kld-depends", OUTCOME_FAILS, true, kld_inherited, UNSAFE,
	 "base.ko of the image provides it and does not load itself: link_elf_obj: symbol "
	 "kmem_object_store undefined"},
	{"kld-depends", OUTCOME_FAILS, true, kld_cycle, UNSAFE, "depends on y"},
	{"kld-depends", OUTCOME_UNKNOWN, true, kld_garbage, UNPROVEN, "852157148"},
	{"kld-symbol", OUTCOME_FAILS, true, kld_undefined, UNSAFE,
	 "link_elf_obj: symbol kmem_object_store undefined"},
	{"kld-symbol", OUTCOME_FAILS, true, kld_indirect, UNSAFE, "base.ko has it"},
	{"kld-symbol", OUTCOME_FAILS, false, kld_weak, SAFE, NULL},
	{"kld-symbol", OUTCOME_FAILS, false, kld_in_image, SAFE, NULL},
	{"kld-symbol", OUTCOME_UNKNOWN, true, kld_no_kernel_symbol, UNPROVEN, "not known"},
	{"kld-symbol", OUTCOME_UNKNOWN, true, kld_no_kernel_range, UNPROVEN, NULL},
	{"osreldate", OUTCOME_HOLDS, true, kld_no_kernel, SAFE, "modules of the image that load"},
	{"kld-register", OUTCOME_FAILS, true, kld_registered, SAFE,
	 "module_register: cannot register pci/re from x.ko; already loaded from kernel"},
	{"kld-register", OUTCOME_FAILS, false, kld_registered_other, SAFE, NULL},
	{"kld-register", OUTCOME_UNKNOWN, true, kld_registered_unknown, SAFE, "not known"},
	{"kld-register", OUTCOME_FAILS, true, kld_booted, SAFE,
	 "already loaded from base.ko: kldload is refused while base.ko is loaded"},
	{"kld-module", OUTCOME_FAILS, true, kld_twin, UNSAFE,
	 "module_register: cannot register twin from x.ko; already loaded from base.ko"},
	{"kld-module", OUTCOME_FAILS, false, kld_no_twin, SAFE, NULL},
	{"kld-module", OUTCOME_FAILS, false, kld_booted, SAFE, NULL},
	{"no-proof", OUTCOME_UNKNOWN, true, kld_twin_nameless, UNPROVEN, "cannot be read"},
	{"kld-hidden", OUTCOME_FAILS, true, kld_hiding, SAFE, "/boot/kernel/x.ko"},
	{"kld-hidden", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"kld-hidden", OUTCOME_REMARK, true, kld_outside, SAFE, "kern.module_path"},
	{"kld-records", OUTCOME_FAILS, true, kld_hidden_records, UNPROVEN, "does not find"},
	{"kld-records", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"kld-hints", OUTCOME_FAILS, true, kld_gone, UNSAFE, "lost.ko"},
	{"kld-hints", OUTCOME_FAILS, true, kld_hints_version, SAFE, "base.ko (base 2)"},
	{"kld-hints", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"kld-hints", OUTCOME_UNKNOWN, true, kld_hints_damaged, SAFE, "length 0"},
	{"kld-securelevel", OUTCOME_UNKNOWN, true, kld_secured, UNPROVEN,
	 "etc/rc.conf raises kern.securelevel while the system starts"},
	{"kld-securelevel", OUTCOME_UNKNOWN, false, kld_secured_after, SAFE, NULL},
	{"kld-securelevel", OUTCOME_UNKNOWN, true, kld_secured_maybe, UNPROVEN,
	 "only a run tells what this does (etc/rc.conf: line 1: . /etc/x)"},
	{"kld-securelevel", OUTCOME_UNKNOWN, true, kld_secured_early, UNPROVEN,
	 "and no loader.conf loads this module before"},
	{"kld-securelevel", OUTCOME_UNKNOWN, false, kld_secured_booted, SAFE, NULL},
	{"image-module", OUTCOME_FAILS, true, kld_image_updated, -1, "1 of the image's 1 modules"},
	{"image-module", OUTCOME_FAILS, true, kld_image_lacks, -1, "depends on mqueuefs"},
	{"image-module", OUTCOME_FAILS, false, kld_image, SAFE, NULL},
	{"image-exports", OUTCOME_UNKNOWN, true, kld_no_kernel, SAFE, "no kernel file"},
};
