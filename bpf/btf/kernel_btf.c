// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "btf/kernel_btf.h"

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* Whether `fd` is that of the kernel's types (Linux 5.11, 5329722057d4), and how large they are. */
static bool is_kernel(int fd, size_t *size)
{
	char name[16] = "";
	struct bpf_btf_info info = {.name = (__u64)(long)name, .name_len = sizeof(name)};
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return false;
	*size = info.btf_size;
	return info.kernel_btf && !strcmp(name, "vmlinux");
}

static void take(struct kernel_btf *types, int fd, size_t size)
{
	void *memory = map(size);
	struct bpf_btf_info info = {.btf = (__u64)(long)memory, .btf_size = size};
	__u32 length = sizeof(info);

	if (!memory)
		return;
	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		munmap(memory, size);
	else
		*types = (struct kernel_btf){.bytes = memory, .size = size, .mapped = true};
}

/* From the kernel's list, which begins with its own types. */
static void ask(struct kernel_btf *types)
{
	__u32 id = 0;
	size_t size;

	while (!types->bytes && !bpf_btf_get_next_id(id, &id)) {
		int fd = bpf_btf_get_fd_by_id(id);

		if (fd < 0)
			return;
		if (is_kernel(fd, &size))
			take(types, fd, size);
		close(fd);
	}
}

static void read_sysfs(struct kernel_btf *types)
{
	int fd = open(KERNEL_BTF, O_RDONLY | O_CLOEXEC);
	struct stat status;
	size_t length = 0;
	ssize_t done = 1;
	char *memory;

	if (fd < 0)
		return;
	if (!fstat(fd, &status) && status.st_size > 0 && (memory = map(status.st_size))) {
		while (done > 0 && length < (size_t)status.st_size) {
			done = read(fd, memory + length, status.st_size - length);
			if (done > 0)
				length += done;
		}
		*types = (struct kernel_btf){
			.bytes = memory,
			.size = status.st_size,
			.mapped = true,
		};
		if (length < types->size)
			kernel_btf_free(types);
	}
	close(fd);
}

int kernel_btf_read(struct kernel_btf *types, const struct kernel_btf *file)
{
	*types = (struct kernel_btf){0};
	if (file)
		*types = (struct kernel_btf){
			.bytes = file->bytes, .size = file->size, .foreign = true};
	else
		ask(types);
	if (!types->bytes && !file)
		read_sysfs(types);
	return types->bytes ? 0 : -ENODATA;
}

void kernel_btf_free(struct kernel_btf *types)
{
	if (types->mapped)
		munmap((void *)types->bytes, types->size);
	*types = (struct kernel_btf){0};
}
