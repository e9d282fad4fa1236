// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "btf/btf_file.h"
#include "btf/kernel_btf.h"
#include "btf/load_failure.h"

static bool describes_a_kernel(const struct btf *types)
{
	return btf__find_by_name_kind(types, "sk_buff", BTF_KIND_STRUCT) > 0 &&
	       btf__find_by_name_kind(types, "net_device", BTF_KIND_STRUCT) > 0;
}

int check_types(const char *path, struct failure *failure)
{
	static const char stage[] = "options";
	struct kernel_btf own;
	struct btf *types;
	const void *bytes;
	__u32 size;
	bool fits;

	diagnosis_listen();
	types = btf__parse(path, NULL);
	if (!types && (errno == ENOENT || errno == EACCES || errno == EISDIR))
		return fail(failure, "BTF_FILE", stage, "Name a file that this user can read.",
			    "cannot read %s: %s", path, strerror(errno));
	if (!types || !describes_a_kernel(types)) {
		btf__free(types);
		return fail(failure, "BTF_FILE", stage,
			    "Make it from the kernel's vmlinux with debug information: "
			    "pahole --btf_encode_detached FILE vmlinux.",
			    "%s does not hold the types of a kernel, or not all of them", path);
	}
	bytes = btf__raw_data(types, &size);
	fits = kernel_btf_read(&own, NULL) || (own.size == size && !memcmp(own.bytes, bytes, size));
	kernel_btf_free(&own);
	btf__free(types);
	if (fits)
		return 0;
	return fail(failure, "BTF_FILE", stage,
		    "Leave --btf out: this kernel tells its types itself, in " KERNEL_BTF ".",
		    "%s describes another kernel than the one that runs", path);
}
