/*
 * The first and only process of the oracle's machine. Loads modules as /plan says, drives and
 * unloads them, and says on the console what happened, a line a step:
 *
 * 	/plan:    PATH[,PATH...]          the module last, what it needs before it
 * 	console:  @ N STEP RESULT
 *     STEP need | load | use | unload; RESULT ok | crash | hang | errno
 * 	          @ N log TEXT            what the kernel logged meanwhile
 * 	          @ N done
 * 	          @ end
 *     the plan is through, or the kernel is suspect and wants a fresh boot
 *
 * oracle.start=N on the kernel's command line skips the first N lines of the plan.
 */
#include "exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RESULT_CRASH = 1000, RESULT_HANG, MODULES_MAX = 32, STEP_SECONDS = 20 };

static void pause_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void name_of(const char *path, char *name, size_t size)
{
	const char *base = strrchr(path, '/');

	snprintf(name, size, "%s", base ? base + 1 : path);
	name[strcspn(name, ".")] = '\0';
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
}

static int module_load(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), error;

	if (file < 0)
		return errno;
	error = syscall(SYS_finit_module, file, "", 0) < 0 ? errno : 0;
	close(file);
	return error;
}

/* A queue or device that was just closed is let go a moment later, so a busy module is asked
 * again. */
static int module_unload(const char *path)
{
	char name[128];
	int error = 0;

	name_of(path, name, sizeof(name));
	for (int attempt = 0; attempt < 20; attempt++) {
		error = syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? errno : 0;
		if (error != EAGAIN && error != EBUSY)
			return error;
		pause_ms(20);
	}
	return error;
}

static int module_use(const char *path)
{
	char name[128];

	name_of(path, name, sizeof(name));
	return exercise(name);
}

/* In a child, so that an oops takes the child only and a hang can be left behind. */
static int guarded(int (*step)(const char *), const char *path)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return errno;
	if (!child)
		_exit(step(path));
	for (int waited = 0; waited < STEP_SECONDS * 100; waited++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFSIGNALED(status) ? RESULT_CRASH : WEXITSTATUS(status);
		pause_ms(10);
	}
	return RESULT_HANG;
}

static int told(int line, const char *step, int result)
{
	if (result == RESULT_CRASH)
		printf("@ %d %s crash\n", line, step);
	else if (result == RESULT_HANG)
		printf("@ %d %s hang\n", line, step);
	else if (result)
		printf("@ %d %s %d\n", line, step, result);
	else
		printf("@ %d %s ok\n", line, step);
	return result;
}

/* A record of /dev/kmsg is "level,sequence,time,flags;text\n", then lines of keys and values */
static void log_tell(int log, int line)
{
	char record[8192];
	ssize_t length;

	while ((length = read(log, record, sizeof(record) - 1)) >= 0 || errno == EPIPE) {
		char *text;

		if (length < 0)
			continue;
		record[length] = '\0';
		text = strchr(record, ';');
		if (text && line >= 0)
			printf("@ %d log %.*s\n", line, (int)strcspn(text + 1, "\n"), text + 1);
	}
}

static bool module_try(int line, const char *path)
{
	int result = told(line, "load", guarded(module_load, path));

	if (result)
		return result < RESULT_CRASH;
	result = told(line, "use", guarded(module_use, path));
	return result < RESULT_CRASH && !told(line, "unload", guarded(module_unload, path));
}

/* Loads what the last module needs, then tries that one; true when the kernel can be trusted
 * afterwards. */
static bool modules_try(int line, char **paths, int count)
{
	bool trusted;
	int loaded, result = 0;

	for (loaded = 0; loaded < count - 1; loaded++) {
		result = guarded(module_load, paths[loaded]);
		if (result && result != EEXIST)
			break;
	}
	if (loaded < count - 1)
		trusted = told(line, "need", result) < RESULT_CRASH;
	else
		trusted = module_try(line, paths[loaded]);
	while (trusted && loaded--)
		guarded(module_unload, paths[loaded]);
	return trusted;
}

static bool line_try(int log, int number, char *line)
{
	char *paths[MODULES_MAX];
	int count = 0;
	bool trusted;

	for (char *path = strtok(line, ",\n"); path && count < MODULES_MAX;
	     path = strtok(NULL, ",\n"))
		paths[count++] = path;
	if (!count)
		return true;
	printf("@ %d try\n", number);
	trusted = modules_try(number, paths, count);
	log_tell(log, number);
	printf("@ %d done\n", number);
	return trusted;
}

static int first_line(void)
{
	char text[4096] = "", *start;
	FILE *file = fopen("/proc/cmdline", "re");

	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	start = strstr(text, "oracle.start=");
	return start ? atoi(strchr(start, '=') + 1) : 0;
}

static void world_prepare(void)
{
	int console;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, "");
	mount("sysfs", "/sys", "sysfs", 0, "");
	mount("dev", "/dev", "devtmpfs", 0, "");
	console = open("/dev/console", O_RDWR);
	for (int to = 0; to < 3 && console >= 0; to++)
		dup2(console, to);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* only emergencies on the console: the log is told in order, between the steps */
	klogctl(8, NULL, 1);
}

int main(void)
{
	char line[4096];
	int log, start, number = 0;
	FILE *plan;

	world_prepare();
	log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	log_tell(log, -1);
	start = first_line();
	plan = fopen("/plan", "re");
	while (plan && fgets(line, sizeof(line), plan)) {
		if (number++ < start)
			continue;
		if (!line_try(log, number - 1, line))
			break;
	}
	printf("@ end\n");
	pause_ms(100);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
