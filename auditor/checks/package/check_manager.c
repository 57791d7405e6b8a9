/* SPDX-License-Identifier: ISC */
/* Writes the findings about what opkg or apk answers when asked for a package, and the
 * shell commands that install it (answers: manager_opkg.c, manager_apk.c). */
#include "checks/proof/identity.h"
#include "base/text.h"
#include "checks/package/manager.h"

#include <stdlib.h>
#include <string.h>

/* Writes the messages for the answers that manager_opkg.c and manager_apk.c compute,
 * and the commands that install a package despite a refusal. */
enum { FILES_SHOWN = COMPANY_LISTED - 1 };

struct managing {
	struct arena *arena;
	const struct world *world;
	const struct states *states;
	const struct company *company; /* packages that would be installed together */
	size_t asked; /* index in the world of the requested package */
	const struct package *package; /* the same */
	const struct findings *own; /* its findings */
};

const struct finding *checksum_wrong(const struct findings *findings)
{
	return array_find(finding, findings,
			  finding->outcome == OUTCOME_FAILS &&
				  strcmp(finding->id, "package-checksum") == 0);
}

/* TEXT quoted as one word for a shell: users paste these commands, and names come
 * from hostile files. */
static const char *shell_word(struct arena *arena, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-~@%/:=,";
	struct span rest = span_text(text), part;
	const char *word = "'";

	if (text[strspn(text, plain)] == '\0')
		return text;
	while (span_split(rest, '\'', &part, &rest))
		word = arena_format(arena, "%s%.*s'\\''", word, (int)part.size,
				    (const char *)part.data);
	return arena_format(arena, "%s%.*s'", word, (int)rest.size, (const char *)rest.data);
}

/* The package number AT, the requested one first; NULL after the last
 * that is listed. */
static const struct package *file_at(const struct managing *managing, size_t at)
{
	const struct company *company = managing->company;
	size_t before = 0;

	if (at == 0)
		return managing->package;
	while (before < company->listed && company->list[before] != managing->asked)
		before++;
	if (at <= before)
		at--;
	return at < company->listed ? world_package(managing->world, company->list[at]) : NULL;
}

/* The package files as shell words, each between BEFORE and BEHIND,
 * separated by BETWEEN. */
static const char *files_joined(const struct managing *managing, const char *before,
				const char *behind, const char *between)
{
	const struct package *package;
	const char *words = "";

	for (size_t i = 0; i < FILES_SHOWN && (package = file_at(managing, i)); i++) {
		const char *file = package->file;
		const char *word =
			file ? arena_format(managing->arena, "./%s", path_last(file)) : NULL;

		if (word)
			words = arena_format(managing->arena, "%s%s%s%s%s", words,
					     *words ? between : "", before,
					     shell_word(managing->arena, word), behind);
	}
	return words;
}

static const char *file_words(const struct managing *managing)
{
	const char *words = files_joined(managing, " ", "", "");
	const struct company *company = managing->company;

	return company->listed > FILES_SHOWN
		       ? arena_format(managing->arena, "%s and %zu more", words,
				      company->count(company->context) - FILES_SHOWN)
		       : words;
}

/* The line "kernel=..." of etc/apk/world, or NULL. */
static const char *world_pin(const struct image *image)
{
	array_each(line, &image->apk_world)
		if (strncmp(*line, "kernel", 6) == 0 && (*line)[6] && strchr("=~<>", (*line)[6]))
			return *line;
	return NULL;
}

/* True if --force-depends works. Since 2020-11 opkg ignores packages with unsatisfied
 * dependencies (libopkg/pkg_hash.c, pkg_hash_check_unresolved); OpenWrt 21.02 (kernel
 * 5.4) and later have this opkg. */
static bool opkg_forces(const struct image *image)
{
	const char *release = image->distribution_release.value, *kernel = image->release.value;
	long year = release ? strtol(release, NULL, 10) : 0;

	if (year > 0)
		return year < 21;
	return kernel && strtol(kernel, NULL, 10) < 5;
}

/* Cause, command and risk are clauses of one text: see
 * text_clauses in report/text/text_parts.h. */
static const char *force_opkg(const struct managing *managing)
{
	if (opkg_forces(world_image(managing->world)))
		return arena_format(
			managing->arena,
			"; install it all the same: opkg install --force-depends%s; risk: opkg "
			"then checks no dependency, and each new firmware needs a new audit",
			file_words(managing));
	return arena_format(
		managing->arena,
		"; install it all the same (--force-depends has no effect since OpenWrt 21.02): "
		"%s; risk: opkg neither upgrades nor removes these files, and each new firmware "
		"needs a new audit",
		files_joined(managing, "tar -xzOf ", " ./data.tar.gz | tar -xz -C /", " && "));
}

static const char *force_apk(const struct managing *managing)
{
	const struct package *package = managing->package;
	const char *release = package->releases.count > 0 ? package->releases.list[0] : "RELEASE";
	const char *word = shell_word(managing->arena, release);

	return arena_format(
		managing->arena,
		"; install it all the same (no option of apk does), on a computer: mkdir x && apk "
		"extract --allow-untrusted --no-chown --destination x%s; then copy "
		"x/lib/modules/%s/*.ko to /lib/modules/%s and x/etc/modules.d/* to /etc/modules.d "
		"on the device, and there modprobe %s; risk: apk neither upgrades nor removes "
		"these files, and each new firmware needs a new audit",
		file_words(managing), word, word,
		package->modules.count > 0
			? shell_word(managing->arena, package->modules.list[0].name)
			: "each of them");
}

static const char *refusing_text(const struct managing *managing, const struct answering *answering,
				 bool fits)
{
	const struct package *package = managing->package;
	const char *pin =
		package->apk && answering->kernel ? world_pin(world_image(managing->world)) : NULL;
	const char *text = arena_format(
		managing->arena, "%s refuses it: %s%s%s%s", package_manager(package),
		answering->text, pin && !strstr(answering->text, pin) ? " (etc/apk/world has " : "",
		pin && !strstr(answering->text, pin) ? pin : "",
		pin && !strstr(answering->text, pin) ? ")" : "");

	if (!fits || !answering->kernel)
		return text;
	if (!answering->unvetted)
		text = arena_format(managing->arena,
				    "%s; without force: kmodaudit vet writes a feed for this "
				    "image, which %s installs",
				    text, package_manager(package));
	return arena_format(managing->arena, "%s%s", text,
			    package->apk ? force_apk(managing) : force_opkg(managing));
}

static const char *replacing_text(const struct managing *managing,
				  const struct answering *answering)
{
	const struct image *image = world_image(managing->world);
	const struct package *package = managing->package;
	const char *old = abi_text(managing->arena, &image->abi);

	if (!answering->kernel)
		return arena_format(managing->arena,
				    "%s accepts it and replaces or removes installed packages: %s",
				    package_manager(package), answering->text);
	if (package->apk)
		return arena_format(
			managing->arena,
			"do not install it: apk would replace package kernel %s with %s, and the "
			"%zu installed packages for the old one, but not the kernel in flash "
			"(openwrt#16808); pin the kernel in etc/apk/world first",
			old, answering->text,
			array_count(installed, &image->packages,
				    abi_equal(&installed->abi, &image->abi)));
	return arena_format(managing->arena,
			    "do not install it: opkg would replace package kernel %s with %s, even "
			    "if it is held, but neither the kernel in flash nor the installed "
			    "packages for it; use a feed whose index does not list kernel",
			    old, answering->text);
}

/* A clause for a feed whose signature is not valid: opkg update discards its list
 * (libopkg/opkg_cmd.c), but a file given by hand is not verified. */
static const char *unsigned_words(const struct managing *managing)
{
	const struct image *image = world_image(managing->world);
	const struct package *package = managing->package;
	const struct feed *feed = &world_feeds(managing->world)->list[package->feed];

	if (package->apk || !image->check_signature || !feed->has_index ||
	    feed->signature == SIGNATURE_VALID || !feed->signature_why)
		return "";
	return arena_format(managing->arena,
			    " (as a file, not by name: %s sets check_signature, and opkg update "
			    "discards the list of a feed whose signature is not valid)",
			    image->check_signature);
}

static const char *named_words(const struct managing *managing)
{
	bool lacks = false;
	const struct package *package = managing->package;
	const struct package *named = manager_named(managing->states, package, &lacks);

	if (!named || (!lacks && !manager_instead(managing->arena, managing->states, package)))
		return "";
	return arena_format(
		managing->arena, " (as a file, not by name: for the name %s chooses version %s%s)",
		package_manager(package), named->version, lacks ? ", which it then refuses" : "");
}

static const char *accepting_text(const struct managing *managing, bool fits)
{
	const struct package *package = managing->package;
	const struct finding *clash;

	if (fits)
		return arena_format(
			managing->arena, "%s accepts it: %s%s%s%s", package_manager(package),
			package->apk ? "apk add --allow-untrusted" : "opkg install",
			file_words(managing), unsigned_words(managing), named_words(managing));
	clash = array_find(finding, managing->own,
			   finding->outcome == OUTCOME_FAILS &&
				   strcmp(finding->id, "file-conflict") == 0);
	if (clash)
		return arena_format(managing->arena,
				    "%s accepts it, and of the two files %s one overwrites the "
				    "other",
				    package_manager(package), clash->subject);
	return arena_format(managing->arena,
			    "%s accepts it: it compares names, versions and hashes, not modules",
			    package_manager(package));
}

static const char *const answer_words[] = {
	[ANSWER_ACCEPTS] = "accepts", [ANSWER_KEEPS] = "keeps",	  [ANSWER_REPLACES] = "replaces",
	[ANSWER_REFUSES] = "refuses", [ANSWER_BREAKS] = "breaks", [ANSWER_UNKNOWN] = NULL,
};

static const char *answer_text(const struct managing *managing, const struct answering *answering,
			       bool fits)
{
	switch (answering->answer) {
	case ANSWER_ACCEPTS:
		return accepting_text(managing, fits);
	case ANSWER_REPLACES:
		return replacing_text(managing, answering);
	case ANSWER_REFUSES:
		return refusing_text(managing, answering, fits);
	case ANSWER_KEEPS:
		return arena_format(managing->arena, "%s does nothing: %s",
				    package_manager(managing->package), answering->text);
	case ANSWER_BREAKS:
	case ANSWER_UNKNOWN:
		break;
	}
	return answering->text;
}

/* The text if the answer depends on packages whose files are missing: a local feed may
 * be a partial copy, whose index lists files that the device may be able to get. */
static const char *listed_text(const struct managing *managing, const struct answering *own,
			       bool fits, const struct answering *listed)
{
	const char *manager = package_manager(managing->package);
	const char *with = listed->answer == ANSWER_ACCEPTS
				   ? arena_format(managing->arena, "%s accepts it", manager)
				   : answer_text(managing, listed, false);

	return arena_format(
		managing->arena,
		"the answer of %s depends on packages that the feed's index lists and whose files "
		"are not here%s%s%s; with these files: %s; without them: %s",
		manager, listed->absent ? " (" : "", listed->absent ? listed->absent : "",
		listed->absent ? ")" : "", with, answer_text(managing, own, fits));
}

static const char *managing_text(const struct managing *managing, bool fits, const char **answer)
{
	const struct package *package = managing->package;
	struct answering answering = manager_answers(managing->arena, managing->states, package),
			 listed;
	const struct finding *checksum = NULL;

	/* opkg notices a wrong checksum only when it has the file */
	if (answering.answer == ANSWER_ACCEPTS) {
		checksum = checksum_wrong(managing->own);
		checksum = checksum ? checksum : managing->company->checksum;
	}
	if (checksum)
		answering = (struct answering){.answer = ANSWER_REFUSES, .text = checksum->text};
	if (!checksum && manager_answers_listed(managing->arena, managing->states, package,
						answering.answer, &listed))
		return listed_text(managing, &answering, fits, &listed);
	*answer = answer_words[answering.answer];
	return answer_text(managing, &answering, fits);
}

/* Why the answer is unknown: the image does not show its package manager or the data
 * that it uses. NULL if it does. */
static const char *unknown_text(struct arena *arena, const struct image *image,
				const struct package *package)
{
	if (!installed_known(image))
		return "it is not known what the package manager does: the image's packages are "
		       "not known";
	if (!image->abi.version)
		return "it is not known what the package manager does: the image's package kernel "
		       "is not known";
	if (image->database_known && image->packages.list[0].apk != package->apk)
		return arena_format(arena, "the image uses %s, which cannot read a package for %s",
				    image->packages.list[0].apk ? "apk" : "opkg",
				    package_manager(package));
	return NULL;
}

void check_manager(struct arena *arena, const struct states *states, const struct company *company,
		   size_t asked, const struct findings *own, bool fits, struct findings *findings)
{
	const struct package *package = world_package(states->world, asked);
	const struct image *image = world_image(states->world);
	struct managing managing = {arena, states->world, states, company, asked, package, own};
	const char *unknown = unknown_text(arena, image, package);

	if (package->pkg) {
		check_manager_pkg(arena, states, package, fits, findings);
		return;
	}
	if (package->origin != PACKAGE_FILE || package->problem ||
	    !(package_pinned(package) || package_names_kernel(package)))
		return;

	struct finding *finding = finding_add(arena, findings, "package-manager",
					      unknown ? OUTCOME_UNKNOWN : OUTCOME_REMARK, NULL,
					      package_manager(package));
	finding->witness[0] = image->database_known || !image->manifest.count
				      ? image->database_witness
				      : image->manifest.list[0].witness;
	finding->witness[1] = package->witness;
	finding->text = unknown ? unknown : managing_text(&managing, fits, &finding->found);
	finding->settle = unknown && !installed_known(image) ? "--image-manifest" : NULL;
}
