/* SPDX-License-Identifier: ISC */
/* Parses a kernel .config (Linux scripts/kconfig/confdata.c) and computes OpenWrt's md5
 * of its =y and =m lines (include/kernel-defaults.mk). */
#include "facts/config/config.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"
#include "unpack/reader.h"

#include <ctype.h>

/* U+FEFF in UTF-8, which some editors put before the first line. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static int option_compare(const void *a, const void *b)
{
	const struct option *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static bool is_option_name(struct span name)
{
	if (!span_starts(name, "CONFIG_") || name.size == sizeof "CONFIG_" - 1)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		uint8_t byte = name.data[i];

		if (!(byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		      (byte >= 'a' && byte <= 'z')))
			return false;
	}
	return true;
}

/* Parses "CONFIG_X=value" or "# CONFIG_X is not set" (Linux
 * scripts/kconfig/confdata.c); the latter gives the value "n". False for
 * any other line. */
static bool option_parse(struct span line, struct span *name, struct span *value)
{
	static const char unset[] = " is not set";

	if (span_starts(line, "# CONFIG_")) {
		size_t at = span_find(line, 2, SPAN_OF(" "));

		*name = span_skip(span_head(line, at), 2);
		*value = SPAN_OF("n");
		return at != SIZE_MAX && span_is(span_skip(line, at), unset) &&
		       is_option_name(*name);
	}
	return span_split(line, '=', name, value) && is_option_name(*name);
}

/* True if kconfig does not write LINE, which is no option: it writes comments after "#
 * ", and none of them is an option with a value (scripts/kconfig/confdata.c,
 * conf_write). Such a line sets nothing. */
static bool line_is_odd(struct span line)
{
	struct span rest = span_trim(line), name, value;

	if (rest.size == 0)
		return false;
	if (!span_starts(line, "#"))
		return true;
	rest = span_trim(span_skip(line, 1));
	if (span_split(rest, '=', &name, &value))
		return is_option_name(span_trim(name));
	return span_split(rest, ' ', &name, &value) && is_option_name(name) &&
	       span_is(span_trim(value), "is not set");
}

/* The release in "# Linux/mips 4.14.275 Kernel Configuration", or before 2.6.37 in "#
 * Linux kernel version: 2.6.32.59"; NULL for any other line. */
static const char *release_parse(struct arena *arena, struct span line)
{
	struct span rest = line, hash, first, second, third;

	if (!span_token(&rest, &hash) || !span_is(hash, "#") || !span_token(&rest, &first) ||
	    !span_token(&rest, &second))
		return NULL;
	if (span_starts(first, "Linux/") && span_starts(span_trim(rest), "Kernel Configuration"))
		return arena_string(arena, second);
	if (span_is(first, "Linux") && span_is(second, "kernel") && span_token(&rest, &third) &&
	    span_is(third, "version:") && span_token(&rest, &third))
		return arena_string(arena, third);
	return NULL;
}

struct lines {
	struct span *list;
	size_t count, room;
};

static int line_compare(const void *a, const void *b)
{
	const struct span *left = a, *right = b;
	size_t shorter = left->size < right->size ? left->size : right->size;
	int order = shorter ? memcmp(left->data, right->data, shorter) : 0;

	return order ? order : (left->size > right->size) - (left->size < right->size);
}

/* OpenWrt's include/kernel-defaults.mk: grep '=[ym]' | LC_ALL=C sort | md5. The pattern
 * matches anywhere in a line. */
static const char *vermagic_of(struct arena *arena, struct arena *scratch, struct span text)
{
	struct lines lines = {.list = NULL};
	size_t size = 0, at = 0;

	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		struct span line = span_head(text, end ? (size_t)(end - text.data) : text.size);

		text = span_skip(text, line.size + 1);
		if (span_find(line, 0, SPAN_OF("=y")) == SIZE_MAX &&
		    span_find(line, 0, SPAN_OF("=m")) == SIZE_MAX)
			continue;
		*array_add(scratch, &lines) = line;
		size += line.size + 1;
	}
	array_sort(&lines, line_compare);

	uint8_t *sorted = arena_raw(scratch, size + 1);

	array_each(line, &lines) {
		memcpy(sorted + at, line->data, line->size);
		at += line->size + 1;
		sorted[at - 1] = '\n';
	}
	return md5_hex(arena, span_from(sorted, size));
}

/* Keeps the last value of each option, as kconfig does, and sorts by name. The list
 * must be in the file's order. */
static void options_settle(struct arena *arena, struct arena *scratch, struct config *config)
{
	struct map last = {.slots = NULL};
	size_t kept = 0;

	for (size_t i = config->count; i-- > 0;)
		map_put(&last, scratch, config->list[i].name, (uint32_t)i);
	for (size_t i = 0; i < config->count; i++) {
		uint32_t at = map_get(&last, config->list[i].name);

		if (at == i)
			config->list[kept++] = config->list[i];
		else if (!config->edited)
			config->edited = arena_format(arena, "%s is there more than once",
						      config->list[i].name);
	}
	config->count = kept;
	array_sort(config, option_compare);
	array_each(option, config) {
		config->core += strcmp(option->value, "y") == 0;
		config->modules += strcmp(option->value, "m") == 0;
	}
}

/* Why the end of TEXT, which kconfig wrote, is missing; NULL: nothing shows that.
 * kconfig ends each line, and newer ones each menu with "# end of TITLE"
 * (scripts/kconfig/confdata.c, conf_write); the last menu that every kernel has is
 * "Kernel hacking" (Kconfig: source "lib/Kconfig.debug"). */
static const char *text_cut(struct span text)
{
	if (span_find(text, 0, SPAN_OF("\n# end of Kernel hacking")) != SIZE_MAX)
		return NULL;
	if (span_find(text, 0, SPAN_OF("\n# end of ")) != SIZE_MAX)
		return "it has no line \"# end of Kernel hacking\"";
	return text.data[text.size - 1] == '\n' ? NULL : "its last line does not end";
}

bool config_read(struct arena *arena, const char *witness, struct span text, struct config *ret,
		 struct error *error)
{
	_cleanup_arena_ struct arena scratch = {.top = NULL};
	struct config config = {.witness = witness};
	struct span plain = text, rest, line, name, value;
	size_t number = 1;

	if (compression_of(text) == COMPRESSION_GZIP &&
	    !decompress(&scratch, COMPRESSION_GZIP, text, LIMIT_CONFIG, &plain, NULL, error))
		return within(error, "%s", witness);
	if (plain.size > LIMIT_CONFIG)
		return fail(error, "%s: too large for a kernel config: %zu bytes", witness,
			    plain.size);
	rest = span_skip(plain, span_starts(plain, BYTE_ORDER_MARK) ? 3 : 0);
	for (; span_line(&rest, &line); number++) {
		if (option_parse(line, &name, &value))
			*array_add(arena, &config) = (struct option){arena_string(arena, name),
								     arena_string(arena, value)};
		else if (!config.edited && line_is_odd(line))
			config.edited = arena_format(arena, "line %zu: %s", number,
						     arena_string(arena, span_head(line, 80)));
		else if (!config.release)
			config.release = release_parse(arena, line);
	}
	if (config.count == 0)
		return fail(error, "%s: not a kernel config: no line sets a CONFIG_ option",
			    witness);
	config.cut = config.release ? text_cut(plain) : NULL;
	config.resolved = config.release && !config.cut;
	config.vermagic = vermagic_of(arena, &scratch, plain);
	config.text = sha256_of(plain);
	options_settle(arena, &scratch, &config);
	*ret = config;
	return true;
}

bool config_named(const char *witness, const char *config_release, const char *release)
{
	const char *minor = strchr(config_release, '.');
	size_t series = minor ? (size_t)(minor - config_release) + 1 + strcspn(minor + 1, ".-")
			      : strlen(config_release);

	return strncmp(path_last(witness), "config", 6) == 0 &&
	       span_is(release_in_name(witness), release) && strchr(release, '-') &&
	       strncmp(release, config_release, series) == 0 &&
	       (release[series] == '.' || release[series] == '-');
}

bool release_extends(const char *release, const char *config_release)
{
	size_t size = strlen(config_release);

	return strncmp(release, config_release, size) == 0 &&
	       !isdigit((unsigned char)release[size]) && release[size] != '.';
}

struct span release_in_name(const char *path)
{
	static const char *const compressed[] = {".gz", ".xz", ".bz2", ".zst"};
	const char *last = path_last(path), *dash = strchr(last, '-');
	struct span name = span_text(dash ? dash + 1 : "");

	if (name.size == 0 || !isdigit(name.data[0])) {
		struct span rest = span_from(path, (size_t)(last - path)), part;
		struct span folder = {0}, above = {0};

		while (span_item(&rest, '/', &part)) {
			above = folder;
			folder = part;
		}
		return span_is(above, "modules") ? folder : (struct span){NULL, 0};
	}
	for (size_t i = 0; i < sizeof compressed / sizeof *compressed; i++)
		if (text_ends(path, compressed[i]))
			return span_head(name, name.size - strlen(compressed[i]));
	return name;
}

const char *option_bare(const char *option)
{
	return strncmp(option, "CONFIG_", 7) == 0 ? option + 7 : option;
}

const char *config_get(const struct config *config, const char *option)
{
	struct option key = {.name = option};
	const struct option *found = config->count ? bsearch(&key, config->list, config->count,
							     sizeof key, option_compare)
						   : NULL;

	return found ? found->value : NULL;
}
