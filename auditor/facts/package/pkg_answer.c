/* SPDX-License-Identifier: ISC */
/* Says whether FreeBSD's pkg accepts a package on a system, which it decides by ABI and
 * FreeBSD_version. */
#include "facts/package/pkg.h"

#include <fnmatch.h>
#include <strings.h>

enum { ASKS_BELOW = 100000 };

/* The machine as a package's old "arch" writes it, and as MACHINE_ARCH has it
 * (libpkg/pkg_abi.c). */
static const struct {
	const char *arch, *machine;
} machines[] = {
	{"x86:32", "i386"},
	{"x86:64", "amd64"},
	{"powerpc:32:eb", "powerpc"},
	{"powerpc:64:eb", "powerpc64"},
	{"powerpc:64:el", "powerpc64le"},
	{"sparc64:64", "sparc64"},
	{"ia64:64", "ia64"},
	{"armv6:32:el:eabi:hardfp", "armv6"},
	{"armv7:32:el:eabi:hardfp", "armv7"},
	{"aarch64:64", "aarch64"},
	{"mips:32:el:o32", "mipsel"},
	{"mips:32:eb:o32", "mips"},
	{"mips:64:el:n64", "mips64el"},
	{"mips:64:eb:n64", "mips64"},
	{"riscv:32:hf", "riscv32"},
	{"riscv:64:hf", "riscv64"},
};

const char *pkg_system_abi(struct arena *arena, uint64_t osversion, const char *machine)
{
	if (!osversion || !machine)
		return NULL;
	return arena_format(arena, "FreeBSD:%u:%s", (unsigned)(osversion / 100000), machine);
}

/* "freebsd:14:x86:64" as "freebsd:14:amd64"; any other text as it is. */
static const char *arch_modern(struct arena *arena, const char *arch)
{
	const char *colon = strchr(arch, ':'), *rest = colon ? strchr(colon + 1, ':') : NULL;

	for (size_t i = 0; rest && i < sizeof machines / sizeof *machines; i++)
		if (strcmp(rest + 1, machines[i].arch) == 0)
			return arena_format(arena, "%.*s%s", (int)(rest + 1 - arch), arch,
					    machines[i].machine);
	return arch;
}

static bool abi_fits(const char *own, const char *system)
{
	return strncasecmp(own, system, strlen(own)) == 0 ||
	       fnmatch(own, system, FNM_CASEFOLD) == 0;
}

static enum pkg_answer abi_answer(struct arena *arena, const struct pkg *pkg, const char *system,
				  const char **why)
{
	const char *own = pkg->abi ? pkg->abi : pkg->arch;

	if (!own || !system) {
		*why = own ? "the system's ABI is not known" : "the package states no abi";
		return PKG_UNKNOWN;
	}
	if (abi_fits(own, system))
		return PKG_ACCEPTS;
	if (abi_fits(arch_modern(arena, own), system)) {
		*why = arena_format(arena,
				    "pkg before 2.0 accepts the old ABI word %s, later ones say: "
				    "wrong architecture: %s instead of %s",
				    own, own, system);
		return PKG_UNKNOWN;
	}
	*why = arena_format(arena, "wrong architecture: %s instead of %s", own, system);
	return PKG_REFUSES_ABI;
}

static enum pkg_answer version_answer(struct arena *arena, const struct package *package,
				      uint64_t system, const char **why)
{
	const struct pkg *pkg = package->pkg;

	if (!pkg->osversion_text)
		return PKG_ACCEPTS;
	if (!pkg->osversion) {
		*why = arena_format(arena, "Invalid FreeBSD version %s for package %s",
				    pkg->osversion_text, package->name);
		return PKG_REFUSES_VERSION;
	}
	if (!system) {
		*why = "the system's __FreeBSD_version is not known";
		return PKG_UNKNOWN;
	}
	if (pkg->osversion <= system)
		return PKG_ACCEPTS;
	*why = arena_format(arena,
			    "Newer FreeBSD version for package %s: package: %llu, running %s: %llu",
			    package->name, (unsigned long long)pkg->osversion,
			    pkg->osversion - system < ASKS_BELOW ? "userland" : "kernel",
			    (unsigned long long)system);
	return pkg->osversion - system < ASKS_BELOW ? PKG_ASKS : PKG_REFUSES_VERSION;
}

enum pkg_answer pkg_answers(struct arena *arena, const struct package *package,
			    const char *system_abi, uint64_t system, const char **why)
{
	enum pkg_answer by_abi, by_version;
	const char *version_why = NULL;

	*why = NULL;
	by_abi = abi_answer(arena, package->pkg, system_abi, why);
	if (by_abi == PKG_REFUSES_ABI)
		return by_abi;
	by_version = version_answer(arena, package, system, &version_why);
	if (by_version == PKG_ACCEPTS)
		return by_abi;
	if (by_abi == PKG_UNKNOWN && by_version != PKG_REFUSES_VERSION)
		return by_abi;
	*why = version_why;
	return by_version;
}
