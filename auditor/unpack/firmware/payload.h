/* SPDX-License-Identifier: ISC */
/* payload - searches for a kernel inside its wrappings. */
#ifndef KMODAUDIT_PAYLOAD_H
#define KMODAUDIT_PAYLOAD_H

#include "unpack/reader.h"

/* A search for one kernel. The budget may be passed from one search to the next, to
 * limit all of them together. */
struct kernel_search {
	const struct place *place;
	const char *label, *architecture;
	uint64_t budget; /* the number of bytes that decompression may still read and write */
	bool found;
	bool spent; /* the budget ended the search, which was reported */
	uint64_t reached; /* the number of bytes that the last decompression read and wrote */
	/* the size of what was at the start of the bytes, kernel or not; 0: unknown */
	uint64_t used;
};

/* Data that fails to decode before this many bytes was not compressed: magics and
 * plausible headers also occur in code and tables. */
enum { TRY_LEAST = 16 << 10 };
/* What a decompression counts that fails immediately: a plausible header in the wrong
 * place costs only the setup, and machine code has hundreds of them. Work is limited,
 * not the number of tries. */
enum { TRY_COST = 4 << 10 };

/* The first bytes of a device tree, and so of a FIT image. */
#define TREE_MAGIC SPAN_OF("\xd0\x0d\xfe\xed")

#define KERNEL_BUDGET (LIMIT_KERNEL + 64 * MIB)

/* True if the budget is used up. Reports once that the rest was not searched. */
bool kernel_spent(struct kernel_search *search);

/* Searches a kernel that begins at the start of BYTES and passes it to the visitor.
 * False if something is there, but damaged. */
bool kernel_begin(struct kernel_search *search, struct span bytes, struct error *error);
/* The same, but a loader without a recognisable header may come first. */
bool kernel_behind(struct kernel_search *search, struct span bytes, struct error *error);

/* Reads BYTES as a kernel in any wrapping (compressed, bzImage, zImage,
 * Image, ELF, lzma-loader); padding may follow. If there is no kernel, sets *FOUND to
 * false and succeeds. RET_USED is the kernel's size in BYTES, or 0 if the format does
 * not state it. */
bool kernel_open(const struct place *place, struct span bytes, const char *label,
		 const char *architecture, bool *found, uint64_t *ret_used, struct error *error);

/* initramfs.c: finds the cpio archive in a decompressed KERNEL, raw or compressed, and
 * opens it if it contains a root file system. The few device nodes that every kernel
 * contains do not count. */
bool initramfs_open(const struct place *place, struct span kernel, bool *found,
		    struct error *error);

/* The offset of the banner that every Linux kernel prints first: "Linux version ", a
 * digit, the rest of a line. SIZE_MAX if there is none. */
size_t kernel_banner(struct span bytes);
/* The offset of a banner of the same form without a release: "Linux version unknown
 * (user@host) (gcc ...) #1 ...". */
size_t kernel_nameless(struct span bytes);
/* The offset of init_uts_ns, which uname(2) returns (Linux include/uapi/linux/utsname.h, struct
 * new_utsname); SIZE_MAX if there is none:
 *
 *   0 "Linux"   65 host   130 release   195 version, "#1 SMP ..."   260 machine
 *       325 domain; each 65 bytes, padded with 0 */
enum { UTS_FIELD = 65, UTS_RELEASE = 2 * UTS_FIELD };
size_t kernel_uts(struct span bytes);
/* True if one of the three exists, which only a Linux kernel has. */
bool kernel_here(struct span bytes);
/* True if the bytes contain the banner and, as kernels since 2.6.17 do, the same line
 * as the format of /proc/version. Compressed data never contains both completely,
 * because the second refers to the first. */
bool kernel_sure(struct span bytes);

/* An ELF program or shared object (type 2 or 3), not a module. */
struct elf_header {
	unsigned word;
	enum endian endian;
	uint64_t programs, sections;
	uint16_t type, program_size, program_count, section_size, section_count;
};

bool elf_header_read(struct span bytes, struct elf_header *ret);

/* appended.c: passes device trees as "appended/NUMBER.dtb": those that BYTES begin with; those
 * that are the end of BYTES, a decompressed kernel. */
bool appended_behind(const struct place *place, struct span bytes, struct error *error);
bool appended_end(const struct place *place, struct span bytes, struct error *error);

/* A wrapping that states where its payload is; wrapping.c. */
struct wrapping {
	const char *name;
	const char *architecture; /* if the wrapping is only for one architecture */
	uint64_t size; /* total size; 0: not stated */
	uint64_t payload, payload_size;
	bool scan; /* the payload is somewhere in that range */
	/* the payload is lzma without the header of an lzma
	 * file, see wrapping_decode() */
	bool bare;
	/* with BARE: offset of its 5 bytes of properties; decoded size,
	 * UINT64_MAX: not stated */
	uint64_t properties, decoded;
	bool checked; /* CRC is the payload's crc32 */
	uint32_t crc;
};

/* wrapping_lzma.c: recognises wrappings with such lzma, and decodes it. On failure the
 * size of RET is the number of decoded bytes. */
bool wrapping_bare(struct span bytes, struct wrapping *ret);
bool wrapping_decode(struct arena *arena, struct span bytes, const struct wrapping *wrapping,
		     uint64_t limit, struct span *ret, struct error *error);

bool wrapping_of(struct span bytes, struct wrapping *ret);
/* The name of an uncompressed kernel with a header: "arm64 image", "riscv image";
 * NULL for others. */
const char *wrapping_raw(struct span bytes);
/* Its machine if the header shows it, or NULL. */
const char *wrapping_machine(struct span bytes);

/* The next offset at or after FROM at which a compressed stream that is large enough
 * for a kernel may begin. */
bool payload_next(struct span bytes, size_t from, size_t *ret_at, enum compression *ret);
/* False if no stream can begin at AT, where LEFT bytes are left. Quick. */
bool payload_maybe(const uint8_t *at, size_t left);
/* The compression of the stream at AT, or COMPRESSION_NONE. */
enum compression payload_at(struct span bytes, size_t at);

#endif
