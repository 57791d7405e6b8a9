/* SPDX-License-Identifier: ISC */
/* Orders version numbers as opkg does (libopkg/pkg.c, verrevcmp) and decides whether a
 * version satisfies a dependency. */
#include "facts/package/version.h"
#include "facts/package/apk.h"

#include <string.h>

/* opkg's order (libopkg/pkg.c, verrevcmp; pkg_parse.c, parse_version), which is Debian's:
 *     version  = [digits ":"] upstream ["-" revision], the revision after the last "-"
 * Epochs are compared first, then upstreams, then revisions; each as alternating runs of
 * non-digits and digits. */
struct parts {
	struct span epoch, upstream, revision;
};

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static struct parts parts_of(const char *version)
{
	struct parts parts = {.upstream = span_trim(span_text(version ? version : ""))};
	struct span whole = parts.upstream;
	size_t dash = whole.size;

	span_split(whole, ':', &parts.epoch, &parts.upstream);
	whole = parts.upstream;
	for (dash = whole.size; dash > 0 && whole.data[dash - 1] != '-';)
		dash--;
	if (dash > 0) {
		parts.upstream = span_head(whole, dash - 1);
		parts.revision = span_skip(whole, dash);
	}
	return parts;
}

/* The sort value of a character: 0 for a digit or the end of the text, below 0 for '~',
 * above 0 for letters, and the highest values for other characters. */
static int weight(struct span text, size_t at)
{
	uint8_t byte = at < text.size ? text.data[at] : '0';
	bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');

	if (is_digit(byte))
		return 0;
	if (byte == '~')
		return -1;
	return letter ? byte : byte + 256;
}

static struct span digits_cut(struct span *rest)
{
	size_t zeros = 0, end;

	while (zeros < rest->size && rest->data[zeros] == '0')
		zeros++;
	for (end = zeros; end < rest->size && is_digit(rest->data[end]);)
		end++;

	struct span digits = span_skip(span_head(*rest, end), zeros);
	*rest = span_skip(*rest, end);
	return digits;
}

static int digits_compare(struct span a, struct span b)
{
	if (a.size != b.size)
		return a.size < b.size ? -1 : 1;
	return a.size ? memcmp(a.data, b.data, a.size) : 0;
}

static int runs_compare(struct span a, struct span b)
{
	while (a.size > 0 || b.size > 0) {
		size_t at = 0;
		int difference;

		for (; (at < a.size && !is_digit(a.data[at])) ||
		       (at < b.size && !is_digit(b.data[at]));
		     at++) {
			difference = weight(a, at) - weight(b, at);
			if (difference)
				return difference;
		}
		a = span_skip(a, at);
		b = span_skip(b, at);

		struct span left = digits_cut(&a), right = digits_cut(&b);
		difference = digits_compare(left, right);
		if (difference)
			return difference;
	}
	return 0;
}

/* opkg reads the epoch with strtoul, which stops at the first character that is
 * not a digit. */
static struct span epoch_digits(struct span epoch)
{
	epoch = span_trim(epoch);
	return digits_cut(&epoch);
}

int version_compare(const char *a, const char *b)
{
	struct parts left = parts_of(a), right = parts_of(b);
	int difference = digits_compare(epoch_digits(left.epoch), epoch_digits(right.epoch));

	if (!difference)
		difference = runs_compare(left.upstream, right.upstream);
	if (!difference)
		difference = runs_compare(left.revision, right.revision);
	return difference;
}

bool version_satisfies(const char *version, const struct dependency *dependency)
{
	enum relation relation = dependency->relation;
	const char *own = version ? version : "";
	bool apk = dependency->apk;
	bool fuzzy = relation == RELATION_FUZZY || relation == RELATION_FUZZY_LESS ||
		     relation == RELATION_FUZZY_GREATER;
	int order;

	if (relation == RELATION_ANY)
		return true;
	if (!version && !apk)
		return false;
	if (fuzzy && apk_version_fuzzy(own, dependency->version))
		return true;
	order = (apk ? apk_version_compare : version_compare)(own, dependency->version);
	switch (relation) {
	case RELATION_EQUAL:
		return order == 0;
	case RELATION_LESS:
		return apk ? order < 0 : order <= 0;
	case RELATION_LESS_EQUAL:
	case RELATION_FUZZY_LESS:
		return order <= 0;
	case RELATION_GREATER:
		return apk ? order > 0 : order >= 0;
	case RELATION_GREATER_EQUAL:
	case RELATION_FUZZY_GREATER:
		return order >= 0;
	case RELATION_FUZZY:
	case RELATION_IDENTITY:
		return false;
	case RELATION_ANY:
		break;
	}
	return true;
}
