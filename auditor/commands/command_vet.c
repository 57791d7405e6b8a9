/* SPDX-License-Identifier: ISC */
/* Implements the command vet: audits, writes a feed of what is safe, and judges that
 * feed before it takes its place. */
#include "commands/audit/auditing.h"

#include "base/pool.h"
#include "vet/vet.h"

struct vet_run {
	struct audit audit; /* output: the folder */
	const char *key_path, *url;
	bool key_out;
	struct secret_key key; /* for opkg */
	struct pem_key pem; /* for apk; one of the two is read */
	struct feed_folder folder;
	struct vetting vetting;
	size_t again; /* packages whose proof needs the same inputs again */
};

#define AT(member) offsetof(struct vet_run, audit.member)

const struct choice vet_choices[] = {
	{"--output", 'o', CHOICE_TEXT, AT(output), "DIR",
	 "the folder to write: a new one, or a vetted feed, which is replaced"},
	{"--sign", 0, CHOICE_TEXT, offsetof(struct vet_run, key_path), "FILE",
	 "sign the feed with this secret key: of usign or signify for opkg, in PEM for apk"},
	{"--key-out", 0, CHOICE_FLAG, offsetof(struct vet_run, key_out), NULL,
	 "put the public key into the feed, as etc/opkg/keys/ID or etc/apk/keys/ID.pem"},
	{"--url", 0, CHOICE_TEXT, offsetof(struct vet_run, url), "URL",
	 "where the device will find the feed (default: file:///root/vetted)"},
	AUDIT_INPUTS,
	AUDIT_TRUST,
	{"--only", 0, CHOICE_LIST, AT(only), "GLOB",
	 "only packages whose name matches, and what they need; repeatable"},
	CHOICE_POLICY,
	CHOICE_BASE_RULES,
	CHOICE_JOBS,
	{"--color", 0, CHOICE_WORD, AT(color), "auto|always|never", "colour of what is printed"},
	CHOICE_QUIET,
	CHOICE_END,
};

/* The report in memory: its digest stands in every package. */
static bool report_bytes(struct arena *arena, const struct verdicts *verdicts, struct span *ret,
			 struct error *error)
{
	const struct report_style style = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return fail(error, "out of memory");

	bool good = report_formats[0].print(file, verdicts, &style, error);
	good = fclose(file) == 0 && good;
	if (good)
		*ret = arena_copy(arena, span_from(text, size));
	free(text);
	return good;
}

static const char *refusal_of(struct arena *arena, const struct result *result)
{
	if (result->verdict == VERDICT_UNSAFE)
		return arena_format(arena, "in the new feed it would be unsafe: %s",
				    result->deciding ? result->deciding->text : "-");

	const struct finding *finding = array_find(
		one, &result->findings,
		!strcmp(one->id, "package-manager") && one->found &&
			strcmp(one->found, "accepts") != 0 && strcmp(one->found, "replaces") != 0);
	if (!finding)
		return NULL;

	/* the advice behind the cause is for a feed that is not vetted */
	struct span text = span_text(finding->text);
	size_t end = span_find(text, 0, SPAN_OF("; without force: "));

	return end == SIZE_MAX ? finding->text : arena_string(arena, span_head(text, end));
}

/* Judges what was written and leaves out what the image would refuse. RET: nothing was
 * left out. */
static bool feed_rejudge(struct vet_run *run, bool *ret, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *path = run->folder.temporary;
	struct feed_options options = {.threads = pool_size(run->audit.jobs)};
	struct feeds feeds = {.twins = &run->audit.image_modules};
	struct rules rules = run->audit.loaded.rules;
	struct pair pair = audit_pair(&arena, &run->audit);
	struct vetting *vetting = &run->vetting;
	struct verdicts verdicts;
	size_t before = vetting->packages.count;

	rules.signature = WANTED_ANY; /* it has none yet */
	pair.rules = &rules;
	pair.feeds = &feeds;
	if (!feeds_open(&arena, &path, 1, &options, &feeds, error) ||
	    !pair_judge(&arena, &pair, &verdicts, error))
		return false;
	run->again = 0;
	array_each(result, &verdicts.results) {
		const char *why = refusal_of(&arena, result);

		if (result->package->problem)
			return fail(error, "%s", result->package->problem);
		if (why)
			vet_leave_out(
				vetting,
				arena_string(vetting->arena, span_text(result->package->name)),
				arena_string(vetting->arena, span_text(why)));
		else
			run->again += result->verdict == VERDICT_UNPROVEN;
	}
	*ret = vetting->packages.count == before;
	return true;
}

static struct vet_key key_of(const struct vet_run *run)
{
	return (struct vet_key){run->key.id ? &run->key : NULL, run->pem.id ? &run->pem : NULL,
				run->key_out};
}

/* opkg and apk verify different signatures. */
static bool key_fits(const struct vet_run *run, struct error *error)
{
	if (run->pem.id && !run->vetting.apk)
		return fail(error,
			    "%s: a PEM key, which opkg cannot use: --sign needs a secret key of "
			    "usign or signify",
			    run->key_path);
	return !run->key.id || !run->vetting.apk ||
	       fail(error,
		    "%s: a key of usign or signify, which apk cannot use: --sign needs an ECDSA "
		    "or RSA key in PEM",
		    run->key_path);
}

static bool feed_write(struct arena *arena, struct vet_run *run, struct error *error)
{
	struct vetting *vetting = &run->vetting;
	struct vet_words how = {.key = key_of(run), .url = run->url};
	bool unchanged = false;

	while (!unchanged) {
		feed_folder_drop(&run->folder);
		if (!feed_folder_open(arena, &run->folder, error) ||
		    !vet_packages_write(vetting, &run->folder, error) ||
		    !feed_rejudge(run, &unchanged, error))
			return false;
		if (vetting->packages.count == 0)
			return true;
	}

	const char *readme =
		arena_format(arena, FEED_MARK "\n\n%s", vet_words(arena, vetting, &how));
	return vet_index_write(vetting, &run->folder, &how.key, error) &&
	       feed_folder_write(&run->folder, FEED_README, span_text(readme), error) &&
	       feed_folder_finish(&run->folder, error);
}

static void result_print(struct arena *arena, const struct vet_run *run,
			 const struct verdicts *verdicts)
{
	const struct vetting *vetting = &run->vetting;
	struct vet_words how = {
		.key = key_of(run), .url = run->url, .color = color_wanted(run->audit.color, NULL)};
	bool written = vetting->packages.count > 0;

	if (written)
		printf("%s: %zu package%s written\n%s\n\n", quote(arena, run->folder.path),
		       vetting->packages.count, vetting->packages.count == 1 ? "" : "s",
		       verdicts_headline(arena, verdicts));
	else
		printf("nothing to write: %s\n%s\n",
		       verdicts->count[VERDICT_SAFE] > 0
			       ? "every package that is safe is left out"
			       : "no package is safe and not yet installed",
		       verdicts_headline(arena, verdicts));
	array_each(left, &vetting->left)
		printf("%s  %s: %s\n", left == vetting->left.list ? "Left out:\n" : "",
		       quote(arena, left->name), quote(arena, left->why));
	if (vet_lacks_asked(vetting))
		puts("The feed lacks what --only names, so the status is not 0.");
	if (vetting->left.count > 0)
		putchar('\n');
	if (written)
		fputs(vet_words(arena, vetting, &how), stdout);
	else if (verdicts_status(verdicts) != STATUS_SAFE)
		puts("kmodaudit audit says why, with the same image and feeds, and what would "
		     "settle it.");
	if (written && run->again > 0)
		printf("An audit of the feed proves %zu of its packages only with the inputs of "
		       "this run: give\nthem again.\n",
		       run->again);
}

/* The status is that of the audit; but if a package was asked for by name and the feed
 * lacks it, the command has failed, even if the package is safe. */
static enum status vet_finish(struct arena *arena, struct vet_run *run,
			      const struct verdicts *verdicts)
{
	struct vetting *vetting = &run->vetting;
	struct pair pair = audit_pair(arena, &run->audit);
	struct verdicts needed;
	struct error error = {0};
	struct span report;
	const struct image *image = world_image(verdicts->world);
	enum status status = (enum status)verdicts_status(verdicts);
	bool some = run->audit.only.count > 0;

	if (image->loader != LOADER_LINUX)
		return complain("%s: an image of %s: vet writes feeds for opkg and apk",
				image->source, loader_name[image->loader]);
	/* what the packages of --only need is judged as well, and not reported */
	if ((some && !pair_judge(arena, &pair, &needed, &error)) ||
	    !vet_choose(arena, some ? &needed : verdicts, verdicts, &run->audit.only, vetting,
			&error) ||
	    !key_fits(run, &error) || !report_bytes(arena, verdicts, &report, &error))
		return complain("%s", error.text);
	if (vetting->packages.count > 0) {
		vet_report(vetting, report);
		bool written = feed_write(arena, run, &error);
		feed_folder_drop(&run->folder);
		if (!written)
			return complain("%s", error.text);
	}
	result_print(arena, run, verdicts);
	return status == STATUS_SAFE && vet_lacks_asked(vetting) ? STATUS_UNSAFE : status;
}

/* Key and folder are looked at before the large files are read, and again the folder
 * when all feeds are known. */
static bool plan(struct arena *arena, struct vet_run *run, struct error *error)
{
	struct strings inputs = {0};

	array_append(arena, &inputs, &run->audit.wanted.paths);
	array_each(feed, &run->audit.feeds)
		*array_add(arena, &inputs) = feed->source;
	if (strcmp(run->audit.image_path, "-") != 0)
		*array_add(arena, &inputs) = run->audit.image_path;
	if (run->key_path &&
	    !(pem_key_is(run->key_path) ? pem_key_read(arena, run->key_path, &run->pem, error)
					: secret_key_read(arena, run->key_path, &run->key, error)))
		return false;
	return feed_folder_plan(arena, run->audit.output, &inputs, &run->folder, error);
}

enum status command_vet(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct vet_run run = {.audit = {.format = FORMAT_NONE,
					.tries = ABI_TRIES,
					.command = command->name,
					.writes = true}};
	struct audit *audit = &run.audit;
	struct strings operands = {0};
	struct verdicts verdicts;
	struct error error = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &run, &arena, &operands, &status))
		return status;
	if (audit_operands(command, &arena, audit, &operands) != STATUS_SAFE)
		return STATUS_NO_ANSWER;
	if (!audit->output)
		return usage_error(command, "vet: name the folder to write: -o DIR");
	if (run.key_out && !run.key_path)
		return usage_error(command, "vet: --key-out needs --sign");
	if (!plan(&arena, &run, &error))
		return complain("%s", error.text);
	status = audit_reach(&arena, audit, &verdicts);
	if (status != STATUS_SAFE || !only_fits(&arena, audit, &verdicts))
		return STATUS_NO_ANSWER;
	if (!plan(&arena, &run, &error))
		return complain("%s", error.text);
	return vet_finish(&arena, &run, &verdicts);
}
