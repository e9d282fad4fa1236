// SPDX-License-Identifier: MIT
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "btf/btf_section.h"

static int read_range(struct kernel_btf *types, int fd, off_t from, size_t size)
{
	char *bytes = size && size <= BTF_MOST ? malloc(size) : NULL;
	size_t length = 0;
	ssize_t got;

	while (bytes && length < size &&
	       (got = pread(fd, bytes + length, size - length, from + length)) > 0)
		length += got;
	if (!bytes || length < size) {
		free(bytes);
		return -1;
	}
	*types = (struct kernel_btf){.bytes = bytes, .size = size};
	return 0;
}

static bool is_btf(Elf *elf, size_t names, const GElf_Shdr *section)
{
	const char *name = elf_strptr(elf, names, section->sh_name);

	return name && !strcmp(name, ".BTF") && section->sh_type == SHT_PROGBITS;
}

static int read_section(struct kernel_btf *types, int fd)
{
	Elf_Scn *section = NULL;
	int result = -1;
	GElf_Shdr head;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && !elf_getshdrstrndx(elf, &names))
		while (result && (section = elf_nextscn(elf, section)))
			if (gelf_getshdr(section, &head) && is_btf(elf, names, &head))
				result = read_range(types, fd, head.sh_offset, head.sh_size);
	elf_end(elf);
	return result;
}

int btf_section_read(struct kernel_btf *types, int fd)
{
	struct stat status;
	__u16 magic;

	if (fstat(fd, &status) || pread(fd, &magic, sizeof(magic), 0) != sizeof(magic))
		return -1;
	return magic == BTF_MAGIC ? read_range(types, fd, 0, status.st_size)
				  : read_section(types, fd);
}
