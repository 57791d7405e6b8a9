#include "exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int device_opens(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return errno;
	close(file);
	return 0;
}

static int file_system_known(const char *name)
{
	FILE *file = fopen("/proc/filesystems", "re");
	char line[128];
	int error = ENODEV;

	if (!file)
		return errno;
	while (fgets(line, sizeof(line), file))
		if (strstr(line, name))
			error = 0;
	fclose(file);
	return error;
}

static int text_write(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC), error;

	if (file < 0)
		return errno;
	error = write(file, text, strlen(text)) < 0 ? errno : 0;
	close(file);
	return error;
}

/* A page that compresses, written, dropped from the cache and read back */
static int page_survives(const char *path)
{
	char out[4096], in[4096] = {0};
	int file = open(path, O_RDWR | O_CLOEXEC), error = 0;

	if (file < 0)
		return errno;
	memset(out, 0x5a, sizeof(out));
	memset(out + 2048, 0x11, 2048);
	if (pwrite(file, out, sizeof(out), 8192) < 0 || ioctl(file, BLKFLSBUF) < 0 ||
	    pread(file, in, sizeof(in), 8192) < 0)
		error = errno;
	else if (memcmp(in, out, sizeof(in)))
		error = EILSEQ;
	close(file);
	return error;
}

static int exercise_zram(void)
{
	int error = text_write("/sys/block/zram0/disksize", "1048576");

	if (!error)
		error = page_survives("/dev/zram0");
	if (!error)
		error = text_write("/sys/block/zram0/reset", "1");
	return error;
}

int exercise(const char *module)
{
	static const struct {
		const char *module, *link, *device, *file_system;
	} known[] = {
		{"dummy", "dummy", NULL, NULL},	   {"veth", "veth", NULL, NULL},
		{"bonding", "bond", NULL, NULL},   {"loop", NULL, "/dev/loop0", NULL},
		{"fuse", NULL, "/dev/fuse", NULL}, {"isofs", NULL, NULL, "iso9660"},
		{"vfat", NULL, NULL, "vfat"},	   {"squashfs", NULL, NULL, "squashfs"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].module, module))
			continue;
		if (known[i].link)
			return exercise_link(known[i].link);
		return known[i].device ? device_opens(known[i].device)
				       : file_system_known(known[i].file_system);
	}
	if (!strcmp(module, "tun"))
		return exercise_tun();
	if (!strcmp(module, "zram"))
		return exercise_zram();
	if (!strcmp(module, "nfnetlink") || !strcmp(module, "nfnetlink_queue"))
		return exercise_nfnetlink(!strcmp(module, "nfnetlink_queue"));
	return 0;
}
