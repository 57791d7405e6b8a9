/* SPDX-License-Identifier: ISC */
/* Builds and applies rules of landlock with its system calls, for which the C library
 * has no functions. Numbers: include/uapi/linux/landlock.h. */
#include "commands/confine/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* the same on all architectures */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* rights for files, one bit each, that version 1 to 5 of the interface know */
static const uint64_t file_rights[] = {0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};
static const uint64_t right_read_file = 1 << 2, right_read_dir = 1 << 3;
/* since version 4: bind and connect of TCP; since version 6: abstract
 * sockets and signals */
static const uint64_t net_rights = 3, scopes = 3;

struct ruleset {
	uint64_t files, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int landlock_begin(void)
{
	const long versions = sizeof file_rights / sizeof *file_rights;
	long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
	struct ruleset wanted = {0};

	if (version < 1)
		return -1;
	wanted.files = file_rights[(version < versions ? version : versions) - 1];
	if (version >= 4)
		wanted.net = net_rights;
	if (version >= 6)
		wanted.scoped = scopes;

	/* an older kernel knows only the first members */
	size_t size = version >= 6 ? sizeof wanted : version >= 4 ? 16 : 8;

	return (int)syscall(CREATE_RULESET, &wanted, size, 0);
}

void landlock_allow(int rules, const char *path, bool files)
{
	struct path_beneath rule = {.parent = open(path, O_PATH | O_CLOEXEC)};
	struct stat status;

	if (rule.parent < 0)
		return;
	rule.allowed = files ? right_read_file : 0;
	if (fstat(rule.parent, &status) == 0 && S_ISDIR(status.st_mode))
		rule.allowed |= right_read_dir;
	if (rule.allowed)
		syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent);
}

bool landlock_apply(int rules)
{
	bool applied = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		       syscall(RESTRICT_SELF, rules, 0) == 0;
	int saved = errno;

	close(rules);
	errno = saved;
	return applied;
}
