/* SPDX-License-Identifier: ISC */
/* Reads an operand of `kmodaudit abi` (a hash, a set, a config, an image, a feed) and
 * looks up its hash in the database. */
#include "commands/abi/abi_operand.h"

#include "base/pool.h"
#include "base/text.h"
#include "commands/image_source.h"
#include "facts/feed/feed.h"
#include "facts/feed/index.h"
#include "facts/feed/nature.h"
#include "facts/image/image_question.h"
#include "facts/kernel/banner.h"
#include "facts/search/abi_hints.h"
#include "facts/search/set_base.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

/* One operand being read. */
struct asked {
	struct arena *arena;
	const struct abi_asking *asking;
	const char *operand;
	struct hash_answers *answers;
	struct error *error;
};

/* Finds the set for the hash of ANSWER. QUESTION has what else is known
 * about the build. */
static void answer_identify(const struct asked *asked, struct abi_question question,
			    struct hash_answer *answer)
{
	const struct abi_answer *found;

	question.hash = answer->hash;
	if (answer->version)
		question.kernel = abi_read(asked->arena, answer->version, NULL).release;
	found = abi_identify(asked->asking->identifier, &question);
	answer->known = found->how == ABI_KNOWN;
	answer->found = found->how == ABI_SEARCHED ? found->text : NULL;
	answer->turned = found->turned;
	answer->tried = found->tried;
	answer->searched = found->how == ABI_NOT_FOUND ? found->text : NULL;
	answer->sets = abi_database_count(asked->asking->database);
	answer->has_set = found->how != ABI_NOT_FOUND;
	if (!answer->has_set)
		return;
	answer->builds = found->builds;
	answer->set = found->set;
}

static struct hash_answer *answer_add(const struct asked *asked, const char *source,
				      const char *hash)
{
	struct hash_answer *answer = array_add(asked->arena, asked->answers);

	answer->source = source;
	answer->hash = hash;
	return answer;
}

bool abi_is_hash(struct arena *arena, const char *operand, const char **ret_hash)
{
	char *lower = arena_chars(arena, span_text(operand));
	struct stat status;
	struct abi abi;

	for (char *at = lower; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	if (is_abi_hash(lower)) {
		*ret_hash = lower;
		return true;
	}
	abi = abi_read(arena, operand, NULL);
	if (!abi.hash || strchr(operand, '/') || stat(operand, &status) == 0)
		return false;
	*ret_hash = abi.hash;
	return true;
}

static bool hash_read(const struct asked *asked, const char *hash)
{
	struct hash_answer *answer = answer_add(asked, asked->operand, hash);

	if (is_abi_hash(hash) && strlen(asked->operand) == strlen(hash))
		answer->source = hash;
	else
		answer->version = abi_read(asked->arena, asked->operand, NULL).version;
	answer_identify(asked, (struct abi_question){.hash = NULL}, answer);
	if (!answer->has_set)
		answer->remark = "give the image or the feed that names it: their packages, target "
				 "and release lead a search";
	return true;
}

/* True if NAME is that of a set. A file named .config.set or config.set, as in a kernel's
 * build directory, is not sorted and has other lines as well. */
static bool is_set_name(const char *name)
{
	return text_ends(name, ".set") && !text_ends(name, ".config.set") &&
	       strcmp(path_last(name), "config.set") != 0;
}

static bool set_read(const struct asked *asked, const struct source *source)
{
	struct hash_answer *answer;
	struct config_set set = {0};
	struct config config;
	struct error ignored;
	struct span text;

	if (!file_read(asked->arena, source->local, LIMIT_CONFIG, &text, asked->error))
		return false;
	if (!(is_set_name(source->name) ? config_set_parse : config_set_select)(
		    asked->arena, source->name, text, &set, asked->error))
		return false;
	answer = answer_add(asked, source->name, set.hash);
	answer->set = set;
	answer->has_set = true;
	if (config_read(asked->arena, source->name, text, &config, &ignored) && config.resolved)
		answer->remark = "kconfig has completed this config; OpenWrt hashes the lines "
				 "before that (.config.set), so this is not its abi hash";
	answer->sets = abi_database_count(asked->asking->database);
	answer->known = abi_database_find(asked->asking->database, asked->arena, answer->hash, &set,
					  &answer->builds);
	return true;
}

/* The official builds that an image without a hash can be of: OpenWrt's builders name
 * themselves in the kernel's banner. False if there are none. */
static bool candidates_answer(const struct asked *asked, const struct source *source,
			      const struct image *image)
{
	struct abi_question question = image_place(asked->arena, image);
	struct banner banner =
		banner_parts(asked->arena, image->kernel ? image->kernel->banner.value : NULL);
	struct hash_answer *answer;
	struct abi_builds builds;

	question.kernel = image->release.value;
	if (!question.kernel || !banner.builder || strcmp(banner.builder, "builder@buildhost") != 0)
		return false;
	builds = set_bases_official(asked->arena, asked->asking->database, &question);
	if (builds.count == 0)
		return false;
	answer = answer_add(asked, source->name, NULL);
	answer->version = question.kernel;
	*array_add(asked->arena, &answer->witnesses) = image->abi.witness;
	answer->builds = builds;
	answer->remark = arena_format(
		asked->arena, "the kernel was built by %s%s%s%s%s, as official builds are; %s",
		banner.builder, banner.revision ? " with the compiler of OpenWrt " : "",
		text_or_empty(banner.revision), banner.date ? " from sources of " : "",
		banner.date ? date_text(asked->arena, banner.date) : "",
		builds.count == 1
			? "nothing proves that it is this one"
			: arena_format(asked->arena, "nothing shows which of these %zu it is",
				       builds.count));
	return true;
}

static bool image_answer(const struct asked *asked, const struct source *source)
{
	struct image_options options = {.threads = pool_size(0),
					.expected = "an abi hash is expected here, or an image, a "
						    "feed, a package or the lines behind a hash",
					.manifest = asked->asking->manifest,
					.local = source->local};
	struct hash_answer *answer;
	struct image image;

	if (!image_read(asked->arena, source->name, &options, &image, asked->error))
		return false;
	if (!image.abi.hash)
		return candidates_answer(asked, source, &image) ||
		       fail(asked->error, "%s: names no abi hash%s%s", source->name,
			    image.abi.witness ? ": " : "", text_or_empty(image.abi.witness));
	answer = answer_add(asked, source->name, image.abi.hash);
	answer->version = image.abi.version;
	*array_add(asked->arena, &answer->witnesses) = image.abi.witness;
	if (image.manifest_abi.hash && strcmp(image.manifest_abi.witness, image.abi.witness) != 0)
		*array_add(asked->arena, &answer->witnesses) = arena_format(
			asked->arena, "%s%s", image.manifest_abi.witness,
			abi_equal(&image.manifest_abi, &image.abi) ? "" : ", which differs");
	answer->remark = image.abi_doubt ? image.abi_doubt : image.abi_strays;
	answer_identify(asked, image_question(asked->arena, &image), answer);
	return true;
}

static int answer_compare(const void *a, const void *b)
{
	const struct hash_answer *left = a, *right = b;
	int order = strcmp(left->version, right->version);

	return order ? order : strcmp(left->hash, right->hash);
}

/* Returns the answer for ABI among those from FIRST on. */
static struct hash_answer *group_of(const struct asked *asked, size_t first, const char *source,
				    const struct abi *abi)
{
	struct hash_answers *answers = asked->answers;
	struct hash_answer *answer;

	for (size_t i = first; i < answers->count; i++)
		if (strcmp(answers->list[i].hash, abi->hash) == 0 &&
		    strcmp(answers->list[i].version, abi->version) == 0)
			return &answers->list[i];
	answer = answer_add(asked, source, abi->hash);
	answer->version = abi->version;
	*array_add(asked->arena, &answer->witnesses) = abi->witness;
	return answer;
}

/* What the packages of FEED that depend on the hash of ANSWER show
 * about their build. */
static struct abi_question feed_question(const struct asked *asked, const struct feed *feed,
					 const struct hash_answer *answer)
{
	struct abi_question question = {.hash = NULL};

	abi_hints_read(asked->arena, span_text(feed->source), &question);
	array_each(package, &feed->packages) {
		struct abi abi = package_own_abi(asked->arena, package);

		if (!abi.hash || strcmp(abi.hash, answer->hash) != 0)
			continue;
		*array_add(asked->arena, &question.packages) = package->name;
		if (package->modules.count > 0)
			question.machine = package->modules.list[0].machine;
	}
	return question;
}

static bool feed_answers(const struct asked *asked, const struct feed *feed)
{
	size_t first = asked->answers->count;

	array_each(package, &feed->packages) {
		struct abi abi = package_own_abi(asked->arena, package);

		if (abi.hash)
			group_of(asked, first, feed->source, &abi)->packages++;
	}
	for (size_t i = first; i < asked->answers->count; i++) {
		struct hash_answer *answer = &asked->answers->list[i];
		struct abi_question question = {.known_only = true};

		if (i - first < ABI_SEARCHES)
			question = feed_question(asked, feed, answer);
		answer_identify(asked, question, answer);
	}
	if (asked->answers->count > first)
		qsort(asked->answers->list + first, asked->answers->count - first,
		      sizeof *asked->answers->list, answer_compare);
	return asked->answers->count > first;
}

static bool feed_read(const struct asked *asked)
{
	struct feeds_wanted wanted = {.threads = pool_size(0)};
	struct feeds feeds = {.list = NULL};
	bool any = false;

	*array_add(asked->arena, &wanted.paths) = asked->operand;
	if (!feeds_gather(asked->arena, &wanted, NULL, &feeds, asked->error))
		return false;
	array_each(feed, &feeds)
		any = feed_answers(asked, feed) || any;
	return any || fail(asked->error, "%s: no package in it names an abi hash", asked->operand);
}

bool abi_operand_read(struct arena *arena, const struct abi_asking *asking, const char *operand,
		      struct hash_answers *ret, struct error *error)
{
	_cleanup_source_ struct source source = {.handle = -1};
	struct asked asked = {arena, asking, operand, ret, error};
	const struct feeds_wanted how = {.quiet = false};
	bool feed_url =
		url_is_remote(operand) && (text_ends(operand, "/") || text_ends(operand, ".ipk") ||
					   text_ends(operand, ".apk") || index_is_path(operand));
	size_t digits = strspn(operand, "0123456789abcdefABCDEF");
	struct stat status;
	const char *hash;

	if (abi_is_hash(arena, operand, &hash))
		return hash_read(&asked, hash);
	if (feed_url)
		return feed_read(&asked);
	/* hex digits that name no file: a hash of which a part is missing */
	if (digits >= 6 && !operand[digits] && stat(operand, &status) != 0)
		return fail(error,
			    "%s: no such file, and no abi hash: a hash has 32 digits, this has %zu",
			    operand, strlen(operand));
	if (!source_open(arena, operand, &how, &source, error))
		return false;
	if (is_set_name(source.name))
		return set_read(&asked, &source);

	struct nature nature = nature_of(source.local);

	if (nature.kind == NATURE_CONFIG)
		return set_read(&asked, &source);
	if (nature_is_feed(nature) && !nature_is_image(nature))
		return feed_read(&asked);
	return image_answer(&asked, &source);
}

bool abi_config(struct arena *arena, const char *hash, struct config *ret, struct error *error)
{
	const struct strings none = {.list = NULL};
	const struct abi_database *database;
	struct abi_builds builds = {0};
	struct config_set set = {0};

	if (!abi_database_open(arena, &none, &database, error))
		return false;
	if (!abi_database_find(database, arena, hash, &set, &builds))
		return fail(error, "%s: no build with this abi hash is known: tried %zu sets", hash,
			    abi_database_count(database));
	if (!config_read(arena,
			 arena_format(arena, "%s (OpenWrt %s %s)", hash, builds.list[0].release,
				      builds.list[0].target),
			 set.text, ret, error))
		return false;
	ret->release = *builds.list[0].kernel ? builds.list[0].kernel : NULL;
	return true;
}
