/* SPDX-License-Identifier: ISC */
/* Reads digests of a FreeBSD repository and compares it with packagesite.yaml (pkg 1.3:
 * libpkg/repo/binary/update.c; what is digested: pkg 1.12, libpkg/pkg_checksum.c,
 * pkg_checksum_generate; older: libpkg/pkg_manifest.c, pkg_emit_manifest_generic). */
#include "facts/catalogue/pkg_digests.h"
#include "facts/package/pkg_sum.h"
#include "facts/ucl/ucl.h"

/* A line, sorted by origin; the last two fields came later:
 *     security/pfSense-rc:2$0$x5ydou...:2077:0:647:4084de64...
 *     origin              digest        |    | |   sum of the package, as in its row
 *                                       |    | bytes of the row without its "\n"
 *                                       |    offset in filesite.yaml
 *                                       offset in packagesite.yaml
 * The digest is "2$" and a sum (pkg_sum.h) of these pairs, key and value without anything between,
 * sorted by key and value: name, origin, version, arch, each option with its name as the key,
 * required_shlib, provided_shlib, user, group, depend (NAME~ORIGIN), provide, require. In pkg
 * before 1.3 it is the sha256 of the row, in hex. */
enum { DIGESTS_MOST = 1 << 18, FIELDS_FEW = 3, FIELDS = 6 };

static int offset_compare(const void *a, const void *b)
{
	const struct pkg_digest *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->line < right->line ? -1 : left->line > right->line;
}

static bool line_read(struct arena *arena, struct span line, struct pkg_digest *ret)
{
	struct span fields[FIELDS] = {{0}}, rest = line, field;
	size_t count = 0;
	uint64_t files;

	while (count + 1 < FIELDS && span_split(rest, ':', &field, &rest))
		fields[count++] = field;
	fields[count++] = rest;
	if (count < FIELDS_FEW || fields[0].size == 0 || fields[1].size == 0 ||
	    !span_number(fields[2], 10, &ret->offset) ||
	    (count > 3 && !span_number(fields[3], 10, &files)) ||
	    (count > 4 && !span_number(fields[4], 10, &ret->length)))
		return false;
	ret->origin = arena_string(arena, fields[0]);
	ret->digest = arena_string(arena, fields[1]);
	ret->sum = count == FIELDS && fields[5].size > 0 ? arena_string(arena, fields[5]) : NULL;
	return true;
}

bool pkg_digests_read(struct arena *arena, struct span text, struct pkg_digests *ret, size_t *bad,
		      struct error *error)
{
	struct span rest = text, line;
	size_t number = 0;

	/* a line without its end: the text was cut */
	*bad += text.size > 0 && text.data[text.size - 1] != '\n';
	while (span_line(&rest, &line)) {
		struct pkg_digest digest = {.line = ++number};

		if (number > DIGESTS_MOST)
			return fail(error, "more than %d lines", DIGESTS_MOST);
		if (line_read(arena, line, &digest))
			*array_add(arena, ret) = digest;
		else
			(*bad)++;
	}
	array_sort(ret, offset_compare);
	return true;
}

/* One pair that is digested. */
struct pair {
	const char *key, *value;
};

struct pairs {
	struct pair *list;
	size_t count, room;
};

static int pair_compare(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	return order ? order : strcmp(left->value, right->value);
}

static void pair_add(struct arena *arena, struct pairs *pairs, const char *key, const char *value)
{
	if (value)
		*array_add(arena, pairs) = (struct pair){key, value};
}

static void lists_add(struct arena *arena, const struct ucl *row, struct pairs *pairs)
{
	static const struct {
		const char *list, *key;
	} lists[] = {
		{"shlibs_required", "required_shlib"},
		{"shlibs_provided", "provided_shlib"},
		{"users", "user"},
		{"groups", "group"},
		{"provides", "provide"},
		{"requires", "require"},
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		ucl_each(value, ucl_get(row, lists[i].list))
			pair_add(arena, pairs, lists[i].key, value->text);
	ucl_each(option, ucl_get(row, "options")) pair_add(arena, pairs, option->key, option->text);
	ucl_each(dep, ucl_get(row, "deps"))
	{
		const char *origin = ucl_text(dep, "origin");

		pair_add(arena, pairs, "depend",
			 arena_format(arena, "%s~%s", dep->key, origin ? origin : ""));
	}
}

/* The digest of ROW, which says its architecture in the form of the key ARCH. */
static const char *pairs_digest(struct arena *arena, const struct ucl *row, const char *arch,
				const char *form)
{
	static const char *const keys[] = {"name", "origin", "version"};
	struct pairs pairs = {0};
	size_t size = 0;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		pair_add(arena, &pairs, keys[i], ucl_text(row, keys[i]));
	pair_add(arena, &pairs, "arch", ucl_text(row, arch));
	lists_add(arena, row, &pairs);
	array_sort(&pairs, pair_compare);
	array_each(pair, &pairs)
		size += strlen(pair->key) + strlen(pair->value);

	char *text = arena_raw(arena, size + 1), *end = text;

	array_each(pair, &pairs) {
		end = mempcpy(end, pair->key, strlen(pair->key));
		end = mempcpy(end, pair->value, strlen(pair->value));
	}

	const char *sum = pkg_sum_of(arena, form, span_from(text, size));

	return sum ? arena_format(arena, "2$%s", sum) : NULL;
}

/* The digest of ROW, whose text is LINE, in the form of STATED; NULL: that form
 * is not known. */
static const char *row_digest(struct arena *arena, const struct ucl *row, struct span line,
			      const char *stated)
{
	const char *digest;

	if (strncmp(stated, "2$", 2) != 0)
		return strchr(stated, '$') ? NULL : pkg_sum_of(arena, stated, line);
	digest = pairs_digest(arena, row, "arch", stated + 2);
	if (!digest || strcmp(digest, stated) == 0 || !ucl_text(row, "abi"))
		return digest;

	const char *other = pairs_digest(arena, row, "abi", stated + 2);
	return strcmp(other, stated) == 0 ? other : digest;
}

/* The state of comparing. */
struct comparing {
	struct arena *arena, values;
	struct pkg_contradictions *ret;
};

static struct pkg_contradiction *differs(struct comparing *comparing, const struct ucl *row,
					 const struct pkg_digest *digest)
{
	struct pkg_contradiction *found = array_add(comparing->arena, comparing->ret);
	const char *name = row ? ucl_text(row, "name") : NULL;
	const char *path = row ? ucl_text(row, "repopath") : NULL;

	if (row && !path)
		path = ucl_text(row, "path");
	found->name = name     ? arena_string(comparing->arena, span_text(name))
		      : digest ? digest->origin
			       : "a row without a name";
	found->path = path ? arena_string(comparing->arena, span_text(path)) : NULL;
	found->line = digest ? digest->line : 0;
	return found;
}

static void value_compare(struct comparing *comparing, const struct ucl *row,
			  const struct pkg_digest *digest, const char *what, const char *stated,
			  const char *found)
{
	if (!stated || (found && strcmp(stated, found) == 0))
		return;

	struct pkg_contradiction *one = differs(comparing, row, digest);
	one->what = what;
	one->stated = stated;
	one->found = arena_string(comparing->arena, span_text(found ? found : "nothing"));
}

static void row_compare(struct comparing *comparing, const struct ucl *row, struct span line,
			const struct pkg_digest *digest)
{
	struct arena *arena = comparing->arena;
	const char *own = row_digest(&comparing->values, row, line, digest->digest);

	value_compare(comparing, row, digest, "origin", digest->origin, ucl_text(row, "origin"));
	if (digest->length > 0)
		value_compare(comparing, row, digest, "length",
			      arena_format(arena, "%llu", (unsigned long long)digest->length),
			      arena_format(arena, "%zu", line.size));
	if (own)
		value_compare(comparing, row, digest, "digest", digest->digest, own);
	value_compare(comparing, row, digest, "sum", digest->sum, ucl_text(row, "sum"));
}

/* The offset of the line NEXT; behind all texts if there is no such line. */
static uint64_t offset_at(const struct pkg_digests *digests, size_t next)
{
	return next < digests->count ? digests->list[next].offset : UINT64_MAX;
}

void pkg_digests_compare(struct arena *arena, const struct pkg_digests *digests, struct span text,
			 struct pkg_contradictions *ret)
{
	struct comparing comparing = {.arena = arena, .ret = ret};
	size_t next = 0;
	struct span rest = text, line;
	struct error ignored;

	while (rest.size > 0) {
		size_t offset = text.size - rest.size;
		bool listed = false;

		if (!span_line(&rest, &line))
			break;

		const struct ucl *row = NULL;

		/* a row that cannot be read is counted where the catalogue is read */
		arena_reset(&comparing.values);
		if (span_trim(line).size > 0 && !ucl_read(&comparing.values, line, &row, &ignored))
			row = NULL;
		for (; offset_at(digests, next) < offset; next++)
			differs(&comparing, NULL, &digests->list[next]);
		for (; row && offset_at(digests, next) == offset; next++) {
			if (listed)
				differs(&comparing, NULL, &digests->list[next]);
			else
				row_compare(&comparing, row, line, &digests->list[next]);
			listed = true;
		}
		if (row && !listed)
			differs(&comparing, row, NULL);
	}
	for (; next < digests->count; next++)
		differs(&comparing, NULL, &digests->list[next]);
	arena_free(&comparing.values);
}
