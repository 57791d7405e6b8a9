/* SPDX-License-Identifier: ISC */
/* Reads the repositories that are configured for FreeBSD's pkg (libpkg/pkg_config.c:
 * load_repo_file, add_repo, config_parser_vars_register). */
#include "facts/freebsd/pkg_conf.h"
#include "facts/ucl/ucl.h"

#include <string.h>
#include <strings.h>

/* UCL; keys in either case:
 *     FreeBSD: { url: "pkg+https://pkg.FreeBSD.org/${ABI}/quarterly", enabled: yes,
 *                signature_type: "fingerprints", fingerprints: "/usr/share/keys/pkg" }
 *     mine: { url: "file:///repo", signature_type: "pubkey", pubkey: "/usr/local/etc/pkg/keys/x" }
 * Without signature_type nothing is verified. One without a url that no other file gave is none. */
enum { CONFIGURED_MOST = 1024 };

static bool trust_read(const char *word, enum pkg_trust *ret)
{
	static const char *const words[] = {[PKG_TRUST_NONE] = "none",
					    [PKG_TRUST_PUBKEY] = "pubkey",
					    [PKG_TRUST_FINGERPRINTS] = "fingerprints"};

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(word, words[i]) == 0) {
			*ret = (enum pkg_trust)i;
			return true;
		}
	return false;
}

/* The text of a key, copied; *BAD if it is no string: pkg then
 * ignores the repository. */
static const char *text_of(struct arena *arena, const struct ucl *value, bool *bad)
{
	*bad |= value->kind != UCL_STRING;
	return *bad ? NULL : arena_string(arena, span_text(value->text));
}

/* Sets what the members of OBJECT say. False: pkg ignores them all. */
static bool members_read(struct arena *arena, const struct ucl *object, struct pkg_configured *ret,
			 bool *has_url)
{
	bool bad = false;

	ucl_each(value, object)
	{
		const char *text = NULL;

		if (strcasecmp(value->key, "enabled") == 0) {
			ret->enabled = value->kind == UCL_BOOLEAN &&
				       (strcasecmp(value->text, "yes") == 0 ||
					strcasecmp(value->text, "true") == 0 ||
					strcasecmp(value->text, "on") == 0);
		} else if (strcasecmp(value->key, "url") == 0) {
			*has_url |= text_of(arena, value, &bad) != NULL;
		} else if (strcasecmp(value->key, "signature_type") == 0) {
			text = text_of(arena, value, &bad);
			bad |= text && !trust_read(text, &ret->trust);
		} else if (strcasecmp(value->key, "fingerprints") == 0) {
			text = text_of(arena, value, &bad);
			ret->fingerprints = text ? text : ret->fingerprints;
		} else if (strcasecmp(value->key, "pubkey") == 0) {
			text = text_of(arena, value, &bad);
			ret->pubkey = text ? text : ret->pubkey;
		}
	}
	return !bad;
}

bool pkg_conf_add(struct arena *arena, struct span text, struct pkg_configuration *ret,
		  struct error *error)
{
	_cleanup_arena_ struct arena values = {0};
	const struct ucl *top;

	if (!ucl_read(&values, text, &top, error))
		return false;
	if (top->kind != UCL_OBJECT)
		return true;
	ucl_each(object, top)
	{
		struct pkg_configured *known =
			array_find(other, ret, strcasecmp(other->name, object->key) == 0);
		struct pkg_configured one =
			known ? *known : (struct pkg_configured){.enabled = true};
		bool has_url = known != NULL;

		if (object->kind != UCL_OBJECT || !members_read(arena, object, &one, &has_url) ||
		    !has_url)
			continue;
		if (!known && ret->count == CONFIGURED_MOST)
			return fail(error, "more than %d repositories", CONFIGURED_MOST);
		if (!known) {
			known = array_add(arena, ret);
			one.name = arena_string(arena, span_text(object->key));
		}
		*known = one;
	}
	return true;
}

const char *pkg_conf_expand(struct arena *arena, const char *text, uint64_t osversion)
{
	const struct {
		const char *name;
		uint64_t value;
	} variables[] = {{"VERSION_MAJOR", osversion / 100000},
			 {"VERSION_MINOR", osversion / 1000 % 100},
			 {"RELEASE", osversion / 100000},
			 {"OSVERSION", osversion}};

	for (size_t i = 0; osversion > 0 && i < sizeof variables / sizeof *variables; i++) {
		const char *mark = arena_format(arena, "${%s}", variables[i].name);
		const char *at = strstr(text, mark);

		if (at)
			text = arena_format(arena, "%.*s%llu%s", (int)(at - text), text,
					    (unsigned long long)variables[i].value,
					    at + strlen(mark));
	}
	return text;
}
