/* SPDX-License-Identifier: ISC */
/* Follows what rc of FreeBSD does, up to the script securelevel, with kern.securelevel
 * (libexec/rc/rc.subr, load_rc_config; rc.d/sysctl, kld, securelevel, local). */
#include "facts/freebsd/kld_secure.h"
#include "base/text.h"
#include "facts/rc/rc_conf.h"
#include "facts/rc/sysctl_conf.h"

/* What a file is to rc. */
enum rc_kind {
	RC_CONF, /* all scripts obey it */
	RC_CONF_OWN, /* etc/rc.conf.d/NAME: only the script NAME obeys it */
	RC_SYSCTL,
	RC_SCRIPT, /* below usr/local/etc/rc.d: it may run before the script kld */
	RC_LOCAL, /* it runs last */
	RC_FOLDER, /* a link in place of a directory of these files */
	RC_NOTHING, /* rc of FreeBSD does not read it */
};

static enum rc_kind kind_of(const struct rc_file *file)
{
	static const struct {
		const char *path;
		enum rc_kind kind;
	} paths[] = {
		{"etc/defaults/rc.conf", RC_CONF}, {"etc/defaults/vendor.conf", RC_CONF},
		{"etc/rc.conf", RC_CONF},	   {"etc/rc.conf.local", RC_CONF},
		{"etc/sysctl.conf", RC_SYSCTL},	   {"etc/sysctl.conf.local", RC_SYSCTL},
		{"etc/rc.local", RC_LOCAL},
	};
	static const char *const folders[] = {"etc",
					      "etc/defaults",
					      "etc/rc.conf.d",
					      "usr/local",
					      "usr/local/etc",
					      "usr/local/etc/rc.conf.d",
					      "usr/local/etc/rc.d"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (strcmp(file->path, paths[i].path) == 0)
			return paths[i].kind;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strcmp(file->path, folders[i]) == 0)
			return file->problem ? RC_FOLDER : RC_NOTHING;
	if (strncmp(file->path, "usr/local/etc/rc.d/", 19) == 0)
		return RC_SCRIPT;
	return strncmp(file->path, "etc/rc.conf.d/", 14) == 0 ||
			       strncmp(file->path, "usr/local/etc/rc.conf.d/", 24) == 0
		       ? RC_CONF_OWN
		       : RC_NOTHING;
}

/* True if PATH is rc.conf.d/SCRIPT, or in the directory of that name. */
static bool is_own(const char *path, const char *script)
{
	const char *name = strstr(path, "rc.conf.d/") + strlen("rc.conf.d/");
	size_t size = strlen(script);

	return strncmp(name, script, size) == 0 &&
	       (!name[size] || (name[size] == '/' && name[size + 1] != '.'));
}

static const char *problem_text(struct arena *arena, const struct rc_file *file)
{
	return arena_format(arena, "%s: %s", file->witness, file->problem);
}

static void file_obey(struct arena *arena, const struct rc_file *file, struct rc_conf *ret)
{
	if (file->problem)
		rc_conf_doubt(file->witness, problem_text(arena, file), ret);
	else
		rc_conf_read(arena, file->witness, file->bytes,
			     text_ends(file->path, "etc/defaults/rc.conf"), ret);
}

/* Obeys the files of KIND; of RC_CONF_OWN those of SCRIPT. */
static void files_obey(struct arena *arena, const struct rc_files *files, enum rc_kind kind,
		       const char *script, struct rc_conf *ret)
{
	array_each(file, files)
		if (kind_of(file) == kind && (kind != RC_CONF_OWN || is_own(file->path, script)))
			file_obey(arena, file, ret);
}

/* The file WITNESS may raise the level, because of DOUBT; EARLY: before kld_list is loaded.
 * The first one counts. */
static void doubt_add(struct kld_boot *boot, const char *witness, const char *doubt, bool early)
{
	if (boot->secured && (boot->secured_early || !early))
		return;
	boot->secured = witness;
	boot->secured_doubt = doubt;
	boot->secured_early = early;
}

/* A command in the files of rc.conf that CONF has read may set the level by its name. */
static void early_add(struct kld_boot *boot, const struct rc_conf *conf)
{
	if (conf->early)
		doubt_add(boot, conf->early_witness, conf->early, true);
}

/* True if PATH is in a folder of rc.conf.d and no script obeys it, because "*" of sh does not
 * name it. */
static bool is_hidden(const char *path)
{
	const char *folder = strchr(strstr(path, "rc.conf.d/") + strlen("rc.conf.d/"), '/');

	return folder && folder[1] == '.';
}

/* What raises the level by the name of the sysctl. */
static void sysctl_obey(struct arena *arena, const struct rc_file *file, struct kld_boot *boot)
{
	enum rc_kind kind = kind_of(file);
	const char *doubt = file->problem ? problem_text(arena, file) : NULL;

	if (kind != RC_SYSCTL && kind != RC_SCRIPT && kind != RC_LOCAL)
		return;
	if (!doubt && kind != RC_SYSCTL && sysctl_in_script(file->bytes))
		doubt = arena_format(arena, "%s: it names kern.securelevel with a value",
				     file->witness);
	if (doubt)
		doubt_add(boot, file->witness, doubt, kind != RC_LOCAL);
}

void kld_secure(struct arena *arena, const struct rc_files *files, struct kld_boot *boot)
{
	struct rc_conf securelevel = {0}, kld, others = {0};

	files_obey(arena, files, RC_CONF, NULL, &securelevel);
	kld = securelevel;
	files_obey(arena, files, RC_CONF_OWN, "securelevel", &securelevel);
	files_obey(arena, files, RC_FOLDER, NULL, &securelevel);
	files_obey(arena, files, RC_CONF_OWN, "kld", &kld);
	files_obey(arena, files, RC_FOLDER, NULL, &kld);
	rc_conf_klds(arena, &kld, &boot->klds);
	if (securelevel.raises.on && securelevel.level.on) {
		boot->secured = securelevel.level.witness;
		boot->secured_doubt = securelevel.level.doubt ? securelevel.level.doubt
							      : securelevel.raises.doubt;
	}
	array_each(file, files)
		if (kind_of(file) == RC_SYSCTL && !file->problem &&
		    sysctl_secures(file->bytes, &boot->secured_early)) {
			boot->secured = file->witness;
			boot->secured_doubt = NULL;
		}

	/* The files of etc/rc.conf.d that neither of the scripts obeys: other scripts
	 * run such commands. Nothing of their settings counts. */
	array_each(file, files)
		if (kind_of(file) == RC_CONF_OWN && !is_own(file->path, "securelevel") &&
		    !is_own(file->path, "kld") && !is_hidden(file->path))
			file_obey(arena, file, &others);
	early_add(boot, &securelevel);
	early_add(boot, &kld);
	early_add(boot, &others);
	array_each(file, files)
		sysctl_obey(arena, file, boot);
}
