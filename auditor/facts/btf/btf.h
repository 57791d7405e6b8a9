/* SPDX-License-Identifier: ISC */
/* btf - reads the type information of kernels and modules, and decides whether a
 * kernel accepts a module's. It makes the checks of kernel/bpf/btf.c when a module
 * is loaded: header, strings, each type by itself, chains of modifiers, and the
 * mapping of .BTF.base. */
#ifndef KMODAUDIT_BTF_H
#define KMODAUDIT_BTF_H

#include "base/arena.h"
#include "base/span.h"
#include "facts/module/series.h"

enum { BTF_KIND_MOST = 19, BTF_TYPES_MOST = 0xfffff, BTF_NAME_MOST = 0xffffff };

/* BTF_KIND_* of the kernel's include/uapi/linux/btf.h */
enum btf_kind {
	BTF_KIND_INT = 1,
	BTF_KIND_PTR,
	BTF_KIND_ARRAY,
	BTF_KIND_STRUCT,
	BTF_KIND_UNION,
	BTF_KIND_ENUM,
	BTF_KIND_FWD,
	BTF_KIND_TYPEDEF,
	BTF_KIND_VOLATILE,
	BTF_KIND_CONST,
	BTF_KIND_RESTRICT,
	BTF_KIND_FUNC,
	BTF_KIND_FUNC_PROTO,
	BTF_KIND_VAR,
	BTF_KIND_DATASEC,
	BTF_KIND_FLOAT,
	BTF_KIND_DECL_TAG,
	BTF_KIND_TYPE_TAG,
	BTF_KIND_ENUM64,
};

/* A parsed BTF. Type 0 is void. The ids of a module's own types continue after those
 * of its base. */
struct btf {
	enum endian endian;
	struct span types, strings;
	/* offsets in TYPES of the types 1, 2, ..., or of the types after the base's */
	const uint32_t *at;
	uint32_t count; /* number of offsets in AT */
	const struct btf *base; /* NULL: this BTF has no base */
};

/* A struct btf_type: name_off, info, size_or_type (4 bytes each), and the elements
 * of its kind. */
struct btf_type {
	uint32_t name, value; /* offset of the name; size or type id */
	uint32_t kind, vlen;
	bool kflag;
	struct span more;
};

/* The reason why a BTF is refused. */
struct btf_fault {
	const char *text; /* NULL: it is accepted */
	/* the format itself is wrong or too new: a later kernel than those read
	 * may accept it */
	bool form;
};

/* Parses BYTES as a kernel of SERIES would, and checks each type. RET borrows BYTES;
 * its index is in ARENA. BASE, if not NULL, is the BTF whose types and strings come
 * before these. False with the reason in FAULT. */
bool btf_read(struct arena *arena, struct span bytes, enum endian endian, const struct btf *base,
	      struct series series, struct btf *ret, struct btf_fault *fault);
/* Reads type ID. False for void and for an id that does not exist. */
bool btf_type_get(const struct btf *btf, uint32_t id, struct btf_type *ret);
/* The string at OFFSET of BTF or of its base. False if there is none. */
bool btf_string(const struct btf *btf, uint32_t offset, struct span *ret);

/* btf_find.c: searches a kernel image without section headers for BTF and returns the
 * one with the most types, copied to ARENA; NULL if there is none. RET_WITNESS is
 * WITNESS with the offset. */
const struct btf *btf_find(struct arena *arena, struct span image, const char *witness,
			   const char **ret_witness);
/* The same for the bytes of a section .BTF. */
const struct btf *btf_of_section(struct arena *arena, struct span bytes, enum endian endian);

/* Where a member is in its struct. */
struct btf_place {
	uint64_t bit; /* its offset */
	uint64_t bits; /* its size; 0: not known */
	bool field; /* it is a bit field */
};

/* btf_place.c: the struct or union NAME, or the one that the typedef NAME stands for.
 * False if there is none, or several that differ in size or number of members. */
bool btf_struct_find(const struct btf *btf, const char *name, struct btf_type *ret);
/* The place of MEMBER in TYPE, a struct or union, also inside of members without a
 * name. POINTER: bytes of a pointer; 0: not known. False if TYPE has no such member. */
bool btf_member_find(const struct btf *btf, const struct btf_type *type, const char *member,
		     unsigned pointer, struct btf_place *ret);

enum btf_fit { BTF_FITS, BTF_REFUSED, BTF_UNSURE };

/* btf_module.c: whether a kernel of SERIES with the BTF KERNEL accepts a module with
 * the sections .BTF (BYTES) and .BTF.base (BASE), which are empty if the module has
 * none. WHY is a clause with the reason, unless the result is BTF_FITS. */
enum btf_fit btf_module_fit(struct arena *arena, const struct btf *kernel, struct span bytes,
			    struct span base, enum endian endian, struct series series,
			    const char **why);

#endif
