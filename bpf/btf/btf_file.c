// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "btf/btf_check.h"
#include "btf/btf_file.h"
#include "btf/btf_section.h"
#include "process/sandbox.h"

static const struct sandbox_limits limits = {
	.seconds = 20,
	/* The BTF, and what libelf has of a vmlinux. */
	.memory = 512UL << 20,
	.output = BTF_MOST,
	.calls = SANDBOX_READS,
};

/* Writes the BTF of an open file when it is whole, else nothing. */
static void extract(FILE *out, const void *argument)
{
	const int *fd = argument;
	struct kernel_btf types;

	if (!btf_section_read(&types, *fd) && btf_check(&types))
		fwrite(types.bytes, 1, types.size, out);
}

/* Opens a file, and nothing that waits or acts when it is opened. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
}

/* Whether the kernel that runs has these types, or does not tell its own. */
static bool fits(const struct kernel_btf *types)
{
	struct kernel_btf own;
	bool same = kernel_btf_read(&own, NULL) ||
		    (own.size == types->size && !memcmp(own.bytes, types->bytes, own.size));

	kernel_btf_free(&own);
	return same;
}

int btf_file_read(struct kernel_btf *types, const char *path, struct failure *failure)
{
	static const char stage[] = "options";
	int fd = open_file(path);

	*types = (struct kernel_btf){0};
	if (fd < 0)
		return fail(failure, "BTF_FILE", stage, "Name a file that this user can read.",
			    "cannot read %s: %s", path,
			    fd == -EINVAL ? "Not a regular file" : strerror(-fd));
	types->bytes = sandbox_run(extract, &fd, &limits, &types->size);
	close(fd);
	if (!types->bytes || !types->size) {
		btf_file_free(types);
		return fail(failure, "BTF_FILE", stage,
			    "Make it from the kernel's vmlinux with debug information: "
			    "pahole --btf_encode_detached FILE vmlinux.",
			    "%s does not hold the types of a kernel, or not all of them", path);
	}
	if (fits(types))
		return 0;
	btf_file_free(types);
	return fail(failure, "BTF_FILE", stage,
		    "Leave --btf out: this kernel tells its types itself, in " KERNEL_BTF ".",
		    "%s describes another kernel than the one that runs", path);
}

void btf_file_free(struct kernel_btf *types)
{
	free((void *)types->bytes);
	*types = (struct kernel_btf){0};
}
