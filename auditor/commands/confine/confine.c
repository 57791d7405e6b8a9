/* SPDX-License-Identifier: ISC */
/* Lists what the inputs of a run allow to open, and applies landlock and the filter
 * of system calls. */
#include "commands/confine/confine.h"

#include "base/digest.h"
#include "base/text.h"
#include "commands/confine/clerk.h"
#include "commands/confine/landlock.h"
#include "commands/confine/seccomp.h"
#include "facts/feed/index.h"
#include "fetch/fetch.h"
#include "unpack/limits.h"

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <time.h>

/* A sanitizer starts processes and opens files when it reports; coverage is written
 * at the end. */
#if defined(__SANITIZE_ADDRESS__) || defined(KMODAUDIT_UNCONFINED)
enum { CONFINED = 0 };
#else
enum { CONFINED = 1 };
#endif

/* What libraries open after their start: the number of processors, a seed, tables
 * of character sets. */
static const char *const of_libraries[] = {
	"/sys/devices/system/cpu",
	"/proc/stat",
	"/dev/urandom",
	"/usr/lib/gconv",
	"/usr/lib64/gconv",
#ifdef __x86_64__
	"/usr/lib/x86_64-linux-gnu/gconv",
#elif defined(__aarch64__)
	"/usr/lib/aarch64-linux-gnu/gconv",
#endif
};

/* The walk of a folder that looks for links; nftw(3) passes no context. */
static struct {
	int rules;
	size_t entries;
} links;

/* The file that a link leads to may be read, wherever it is. */
static int link_allow(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	struct stat target;

	(void)status, (void)place;
	if (++links.entries > LIMIT_ENTRIES)
		return 1;
	if (kind == FTW_SL && stat(path, &target) == 0 && S_ISREG(target.st_mode))
		landlock_allow(links.rules, path, true);
	return 0;
}

static void input_allow(struct arena *arena, int rules, const struct run_input *input,
			bool no_follow)
{
	enum { OPEN_AT_ONCE = 16 };
	const char *path = input->local;

	/* what an index lists lies beside it, and so do the lines that OpenWrt hashes
	 * (.config) and the sums of distribution sets (MANIFEST) */
	if (input->inside && index_is_path(path))
		path = path_folder(arena, path);
	if (text_ends(path, ".txz") || text_ends(path, ".pkg"))
		landlock_allow(rules, arena_format(arena, "%s/MANIFEST", path_folder(arena, path)),
			       true);
	if (strcmp(path_last(path), ".config") == 0)
		landlock_allow(rules, arena_format(arena, "%s.set", path), true);
	landlock_allow(rules, path, true);
	if (!input->inside)
		return;
	/* a feed's directory is below the one whose version.buildinfo
	 * tells its revision */
	landlock_allow(rules, arena_format(arena, "%s/../version.buildinfo", path), true);
	landlock_allow(rules, arena_format(arena, "%s/../../version.buildinfo", path), true);
	if (no_follow)
		return;
	links.rules = rules;
	links.entries = 0;
	nftw(path, link_allow, OPEN_AT_ONCE, FTW_PHYS);
}

static int rules_make(struct arena *arena, const struct confine_wanted *wanted, bool fetches)
{
	const char *cache = fetches ? fetch_cache_made(arena) : NULL;
	int rules = landlock_begin();

	if (rules < 0)
		return -1;
	array_each(input, wanted->inputs)
		input_allow(arena, rules, input, wanted->no_follow);
	/* its names are read for a suggestion */
	array_each(path, &wanted->inputs->absent)
		landlock_allow(rules, path_folder(arena, *path), false);
	for (size_t i = 0; i < sizeof of_libraries / sizeof *of_libraries; i++)
		landlock_allow(rules, of_libraries[i], true);
	if (cache)
		landlock_allow(rules, cache, true);
	if (wanted->cache)
		landlock_allow(rules, wanted->cache, true);
	return rules;
}

static void told(const struct confine_wanted *wanted, const char *what)
{
	if (wanted->verbose)
		complain("%s: %s", what, strerror(errno));
}

static bool host_is_allowed(void *context, const char *url)
{
	const struct confine_wanted *wanted = context;
	struct arena scratch _cleanup_arena_ = {0};

	return host_allowed(&scratch, &wanted->hosts, &wanted->inputs->remote, url);
}

bool confine(struct arena *arena, const struct confine_wanted *wanted, struct error *error)
{
	bool fetches = wanted->fetches || wanted->inputs->remote.count > 0;
	struct confine_wanted *kept = arena_new(arena, struct confine_wanted);
	struct clerk_limits limits = {wanted->outputs, wanted->cache, host_is_allowed, kept};

	if (wanted->off || !CONFINED)
		return true;
	*kept = *wanted;
	/* what these read once */
	digest_begin();
	tzset();
	if ((fetches || ((wanted->outputs.count > 0 || wanted->cache) && !wanted->writes)) &&
	    !clerk_start(&limits, error))
		return false;

	int rules = wanted->writes ? -1 : rules_make(arena, wanted, fetches);

	if (!wanted->writes && (rules < 0 || !landlock_apply(rules)))
		told(wanted, "files are not confined by landlock");
	if (!seccomp_apply(wanted->writes))
		told(wanted, "system calls are not confined by seccomp");
	return true;
}

#define AT(member) offsetof(struct reading_values, member)

const struct choice reading_choices[] = {
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

void confine_reports(struct arena *arena, const struct reports *reports, struct strings *outputs)
{
	array_each(report, reports)
		if (report->path)
			*array_add(arena, outputs) = report->path;
}

bool confine_reading(struct arena *arena, const struct strings *operands,
		     const struct strings *folders, bool off)
{
	struct run_inputs inputs = {0};
	struct confine_wanted wanted = {.inputs = &inputs, .off = off};
	struct error error = {0};

	run_inputs_add(arena, &inputs, operands, "an input", true);
	if (folders)
		run_inputs_add(arena, &inputs, folders, "a directory", true);
	return confine(arena, &wanted, &error) || (complain("%s", error.text), false);
}
