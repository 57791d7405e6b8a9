/* SPDX-License-Identifier: ISC */
/* Says what is in a vetted feed, how a device uses it, and what sysupgrade
 * does to it. */
#include "vet/vet.h"

#include "base/quote.h"
#include "base/text.h"

#include <string.h>

#define RED "\033[31m"
#define PLAIN "\033[0m"
#define DEVICE_FOLDER "/root/vetted"

enum { NAMES_MOST = 12 };

static const char *unproven_words(struct arena *arena, const struct vetting *vetting, bool color)
{
	const char *text = "";

	array_each(one, &vetting->packages) {
		if (!one->unproven)
			continue;
		const struct finding *why = one->result->deciding;

		/* it would list every proof that does not hold; report.yaml has it */
		text = arena_format(arena, "%s  %s: %s\n", text, one->package->name,
				    why && strcmp(why->id, "no-proof") != 0
					    ? quote(arena, why->text)
					    : "no accepted proof holds (report.yaml says why)");
	}
	if (!*text)
		return "";
	return arena_format(arena, "%sNOT PROVEN, here only because the policy names them:\n%s%s\n",
			    color ? RED : "", text, color ? PLAIN : "");
}

static const char *key_words(struct arena *arena, const struct image *image,
			     const struct vet_words *how)
{
	const struct secret_key *key = how->key.usign;

	if (key) {
		const char *plain = secret_key_number(key);

		return arena_format(
			arena, "  the public key %s as /" FEED_KEYS "/%s%s\n",
			how->key.out ? arena_format(arena, FEED_KEYS "/%s of the feed", key->id)
				     : arena_format(arena, "of key %s", key->id),
			key->id,
			strcmp(plain, key->id) == 0
				? ""
				: arena_format(arena,
					       ",\n  and as /" FEED_KEYS "/%s for older usign",
					       plain));
	}
	return !image->check_signature ? ""
				       : "  NOT SIGNED: the image's opkg checks signatures "
					 "(option check_signature) and will\n"
					 "  refuse this feed; sign it with --sign KEY --key-out\n";
}

static const char *apk_key_words(struct arena *arena, const struct vet_words *how)
{
	const struct pem_key *key = how->key.pem;

	if (!key)
		return "  NOT SIGNED: apk refuses an index without a signature of a key in "
		       "/etc/apk/keys; sign it\n  with --sign KEY --key-out, or give apk the "
		       "option --allow-untrusted\n";
	return arena_format(
		arena, "  the public key %s as /" FEED_APK_KEYS "/%s.pem\n",
		how->key.out ? arena_format(arena, FEED_APK_KEYS "/%s.pem of the feed", key->id)
			     : arena_format(arena, "of key %s", key->id),
		key->id);
}

static const char *device_words(struct arena *arena, const struct vetting *vetting,
				const struct vet_words *how)
{
	const struct image *image = world_image(vetting->verdicts->world);
	const char *url = how->url ? quote(arena, how->url) : "file://" DEVICE_FOLDER;
	const char *folder = how->url ? "" : "  the feed as the folder " DEVICE_FOLDER "\n";
	bool custom = array_any(list, &image->feed_lists,
				strcmp(list->path, "etc/opkg/customfeeds.conf") == 0);
	bool old = array_any(list, &image->feed_lists, strcmp(list->path, "etc/opkg.conf") == 0);
	/* the file on the device in which its owner adds feeds */
	const char *conf = old && !custom ? "/etc/opkg.conf" : "/etc/opkg/customfeeds.conf";
	const char *names = "";
	size_t count = 0;

	array_each(one, &vetting->packages)
		if (count++ < NAMES_MOST)
			names = arena_format(arena, "%s %s", names, one->package->name);
	if (count > NAMES_MOST)
		names = arena_format(arena, "%s ...", names);
	/* copied by hand, the folder has the index in it; apk takes the address
	 * of the index */
	if (vetting->apk)
		return arena_format(arena,
				    "On the device:\n%s%s"
				    "  echo '%s/" FEED_APK_INDEX "' >>/etc/apk/repositories.d/"
				    "customfeeds.list\n"
				    "  apk update\n"
				    "  apk add%s\n",
				    folder, apk_key_words(arena, how), url, names);
	return arena_format(arena,
			    "On the device:\n%s%s"
			    "  echo 'src/gz vetted %s' >>%s\n"
			    "  opkg update\n"
			    "  opkg install%s\n",
			    folder, key_words(arena, image, how), url, conf, names);
}

const char *vet_words(struct arena *arena, const struct vetting *vetting,
		      const struct vet_words *how)
{
	const struct image *image = world_image(vetting->verdicts->world);
	const char *packages = "";

	array_each(one, &vetting->packages)
		packages = arena_format(
			arena, "%s  %s %s: %s\n", packages, one->package->name, one->version,
			one->unproven			    ? "NOT PROVEN"
			: one->result && one->result->proof ? one->result->proof
							    : "no module, needed by others");
	return arena_format(
		arena,
		"%sFor the image %s only, with kernel\n%s. The packages, with the proof of each:\n"
		"%s\n%s\n"
		"Sysupgrade removes these packages, and " DEVICE_FOLDER " unless "
		"/etc/sysupgrade.conf names it. The\nnew firmware has another kernel, and its %s "
		"refuses them: run kmodaudit vet again\nfor the new image. The line and the key "
		"stay "
		"as long as settings are kept.\n\n"
		"The audit is report.yaml, sha256 %s.\n",
		unproven_words(arena, vetting, how->color), quote(arena, image->source),
		quote(arena, vetting->kernel), packages, device_words(arena, vetting, how),
		vetting->apk ? "apk" : "opkg", vetting->digest);
}
