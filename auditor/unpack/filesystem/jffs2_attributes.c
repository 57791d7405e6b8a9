/* SPDX-License-Identifier: ISC */
/* Reads the extended attributes of a JFFS2 file system, from which overlayfs marks are
 * taken (format: Linux fs/jffs2/xattr.h). */
#include "unpack/filesystem/jffs2.h"

/* Extended attributes in JFFS2 (Linux include/uapi/linux/jffs2.h, fs/jffs2/xattr.h): an
 * attribute is stored once, and holders refer to it. The first 12 bytes are those of every node,
 * see jffs2.c.
 *
 *   0xe008 attribute   0x0c number   0x10 version   0x14 u8 class: 5 trusted
 *                      0x15 u8 name length   0x16 u16 value length
 *                      0x20 name, 0, value
 *   0xe009 holder      0x0c inode   0x10 number   0x14 sequence number, odd: removed */
enum { TYPE_ATTRIBUTE = 0xe008, TYPE_HOLDER = 0xe009, CLASS_TRUSTED = 5 };

void jffs2_attribute(struct arena *arena, struct jffs2_attributes *attributes, uint16_t type,
		     struct span node, enum endian endian)
{
	uint32_t inode, number, version, sequence;
	uint8_t class, name_size;
	uint16_t value_size;
	struct span name, value;

	if (type == TYPE_HOLDER && span_u32(node, 0x0c, endian, &inode) &&
	    span_u32(node, 0x10, endian, &number) && span_u32(node, 0x14, endian, &sequence))
		*array_add(arena, &attributes->holders) = (struct attribute){
			.holder = inode,
			.number = number,
			.version = sequence,
			.gone = sequence % 2 == 1,
		};
	if (type == TYPE_ATTRIBUTE && span_u32(node, 0x0c, endian, &number) &&
	    span_u32(node, 0x10, endian, &version) && span_u8(node, 0x14, &class) &&
	    span_u8(node, 0x15, &name_size) && span_u16(node, 0x16, endian, &value_size) &&
	    class == CLASS_TRUSTED && span_cut(node, 0x20, name_size, &name) &&
	    span_cut(node, 0x21ull + name_size, value_size, &value))
		*array_add(arena, &attributes->values) = (struct attribute){
			.number = number,
			.version = version,
			.value = attribute_mark(attribute_number(name), value),
		};
}

void jffs2_attributes_settle(struct jffs2_attributes *attributes)
{
	attributes_settle(&attributes->values);
	attributes_settle(&attributes->holders);
}

enum logfs_mark jffs2_mark(const struct jffs2_attributes *attributes, uint64_t inode)
{
	const struct attributes *holders = &attributes->holders, *values = &attributes->values;
	enum logfs_mark mark = LOGFS_PLAIN;

	for (size_t i = attributes_from(holders, inode, 0);
	     i < holders->count && holders->list[i].holder == inode; i++) {
		uint64_t number = holders->list[i].number;
		size_t at = attributes_from(values, 0, number);

		if (at < values->count && values->list[at].number == number &&
		    (enum logfs_mark)values->list[at].value > mark)
			mark = (enum logfs_mark)values->list[at].value;
	}
	return mark;
}
