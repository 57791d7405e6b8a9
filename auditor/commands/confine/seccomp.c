/* SPDX-License-Identifier: ISC */
/* Builds the filter of system calls, a program of the classic packet filter (Linux
 * Documentation/userspace-api/seccomp_filter.rst). Refused calls fail with EPERM, those
 * that the C library replaces by older ones with ENOSYS. */
#include "commands/confine/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__i386__)
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined(__arm__)
#define ARCHITECTURE AUDIT_ARCH_ARM
#else
#define ARCHITECTURE 0 /* the filter was not tried there */
#endif

enum { NUMBERS_MOST = 120, CODE_MOST = 2 * NUMBERS_MOST + 60 };

/* Calls that are refused whatever their arguments are. */
static const int refused[] = {
#ifdef SYS_socketcall
	SYS_socketcall,
#endif
#ifdef SYS_fork
	SYS_fork,
	SYS_vfork,
#endif
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
	SYS_socket,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept4,
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_kill,
	SYS_pidfd_open,
	SYS_pidfd_getfd,
	SYS_pidfd_send_signal,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_move_mount,
	SYS_open_tree,
	SYS_fsopen,
	SYS_fsmount,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_add_key,
	SYS_request_key,
	SYS_keyctl,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_swapon,
	SYS_swapoff,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_acct,
	SYS_quotactl,
	SYS_name_to_handle_at,
	SYS_open_by_handle_at,
	SYS_fanotify_init,
	SYS_personality,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_adjtimex,
	SYS_syslog};

/* Calls that change files by name. */
static const int writing[] = {
#ifdef SYS_creat
	SYS_creat,     SYS_rename,    SYS_unlink,      SYS_link,	SYS_symlink,
	SYS_mkdir,     SYS_rmdir,     SYS_mknod,       SYS_chmod,	SYS_chown,
	SYS_lchown,    SYS_utime,     SYS_utimes,
#endif
#ifdef SYS_futimesat
	SYS_futimesat,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_truncate,  SYS_renameat2, SYS_unlinkat,    SYS_linkat,	SYS_symlinkat,
	SYS_mkdirat,   SYS_mknodat,   SYS_fchmodat,    SYS_fchownat,	SYS_utimensat,
	SYS_setxattr,  SYS_lsetxattr, SYS_removexattr, SYS_lremovexattr};

struct code {
	struct sock_filter list[CODE_MOST];
	unsigned short count;
};

static void emit(struct code *code, uint16_t operation, uint32_t value, uint8_t yes, uint8_t no)
{
	code->list[code->count++] =
		(struct sock_filter){.code = operation, .jt = yes, .jf = no, .k = value};
}

static void load(struct code *code, size_t offset)
{
	emit(code, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void finish(struct code *code, uint32_t action)
{
	emit(code, BPF_RET | BPF_K, action, 0, 0);
}

static uint32_t failing(int number)
{
	return SECCOMP_RET_ERRNO | (uint32_t)number;
}

static void call_refuse(struct code *code, int number, int error)
{
	emit(code, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
	finish(code, failing(error));
}

static void refuse_all(struct code *code, const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		call_refuse(code, numbers[i], EPERM);
}

/* Refuses the call NUMBER if the test of its argument WHICH has the result HOLDS: it
 * has any of the bits of VALUE (BPF_JSET), or is VALUE (BPF_JEQ). */
static void refuse_where(struct code *code, int number, unsigned which, uint16_t test,
			 uint32_t value, bool holds)
{
	size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	emit(code, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	load(code, offsetof(struct seccomp_data, args) + which * sizeof(uint64_t) + low);
	emit(code, BPF_JMP | test | BPF_K, value, holds ? 0 : 1, holds ? 1 : 0);
	finish(code, failing(EPERM));
	finish(code, SECCOMP_RET_ALLOW);
}

static void calls_refuse(struct code *code, bool writes)
{
	const uint32_t changing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

	/* another architecture's calls, and x32's, have other numbers */
	load(code, offsetof(struct seccomp_data, arch));
	emit(code, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	finish(code, failing(ENOSYS));
	load(code, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
	emit(code, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
	finish(code, failing(ENOSYS));
#endif
	refuse_all(code, refused, sizeof refused / sizeof *refused);
	/* its arguments are in memory, which a filter cannot read */
	call_refuse(code, SYS_clone3, ENOSYS);
	if (!writes) {
		refuse_all(code, writing, sizeof writing / sizeof *writing);
		call_refuse(code, SYS_openat2, ENOSYS);
#ifdef SYS_open
		refuse_where(code, SYS_open, 1, BPF_JSET, changing, true);
#endif
		refuse_where(code, SYS_openat, 2, BPF_JSET, changing, true);
	}
	refuse_where(code, SYS_clone, 0, BPF_JSET, CLONE_THREAD, false);
	/* it puts characters into the input of a terminal */
	refuse_where(code, SYS_ioctl, 1, BPF_JEQ, TIOCSTI, true);
	finish(code, SECCOMP_RET_ALLOW);
}

bool seccomp_apply(bool writes)
{
	struct code code = {.count = 0};
	struct sock_fprog program = {.filter = code.list};

	if (!ARCHITECTURE) {
		errno = ENOSYS;
		return false;
	}
	calls_refuse(&code, writes);
	program.len = code.count;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
