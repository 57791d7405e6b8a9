/* SPDX-License-Identifier: ISC */
/* format_list - the containers that are read: a line each, in the order in which they are
 * tried. Wrappers come first, for what they contain would be found in them as well; the scan,
 * which looks anywhere, comes last. */
#ifndef KMODAUDIT_FORMAT_LIST_H
#define KMODAUDIT_FORMAT_LIST_H

/* F(the name of its struct format) */
#define FORMATS(F)                                                                             \
	F(format_nand) /* a dump with spare bytes between its pages */                         \
	F(format_fwtool) /* trailers of OpenWrt's fwtool */                                    \
	F(format_uimage) /* U-Boot's old header */                                             \
	F(format_fit) /* flattened image tree */                                               \
	F(format_tplink) /* headers of TP-Link */                                              \
	F(format_squashfs)                                                                     \
	F(format_ubi)                                                                          \
	F(format_ubifs)                                                                        \
	F(format_jffs2)                                                                        \
	F(format_yaffs) /* a kernel alone in a yaffs2, as RouterBOOT reads it */               \
	F(format_package) /* ipk in tar.gz and ar, deb */                                      \
	F(format_apk) /* packages and indexes of apk-tools 3 */                                \
	F(format_archive) /* tar, cpio, zip, with any filter */                                \
	F(format_ext) /* ext2, ext3, ext4 */                                                   \
	F(format_fat)                                                                          \
	F(format_kernel) /* a kernel that stands alone: bzImage, zImage, Image, vmlinux */     \
	F(format_boards) /* headers of board makers; containers that are known by name only */ \
	F(format_disk) /* MBR, GPT */                                                          \
	F(format_compressed) /* one compressed stream around anything */                       \
	F(format_flash) /* a bounded scan of a blob for kernel and root file system */

#endif
