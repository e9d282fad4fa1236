// SPDX-License-Identifier: MIT
/*
 * BTF: its header is made here, so that an input is types, behind how many bytes of them there are in two bytes, and then more
 * strings than those below. What is read of it is BTF again, which libbpf takes.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "btf/btf_check.h"
#include "btf/subset.h"
#include "fuzz.h"

/* Known by these numbers, so that inputs can have them. */
static const char strings[] = "\0sk_buff\0net_device\0int\0len\0dev\0get_rps_cpu";

/* The types as a BPF program would declare them. */
static struct btf *known_types(void)
{
	struct btf *btf = btf__new_empty();
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int array = btf__add_array(btf, number, number, 4);
	int device, packet;

	device = btf__add_struct(btf, "net_device", 64);
	btf__add_field(btf, "len", number, 0, 0);
	btf__add_field(btf, "dev", array, 64, 0);
	packet = btf__add_struct(btf, "sk_buff___new", 64);
	btf__add_field(btf, "len", number, 0, 0);
	btf__add_field(btf, "dev", device, 64, 0);
	HOLDS(packet > 0);
	return btf;
}

static void check_written(int file)
{
	off_t size = lseek(file, 0, SEEK_END);
	void *bytes = malloc(size);
	struct btf *btf;

	HOLDS(bytes && pread(file, bytes, size, 0) == size);
	btf = btf__new(bytes, size);
	HOLDS(btf);
	btf__free(btf);
	free(bytes);
}

static void check_types(const struct kernel_btf *types)
{
	static const char *const functions[] = {"get_rps_cpu", NULL};
	static struct btf *known;
	struct subset subset;
	int file;

	known = known ?: known_types();
	btf_check(types);
	if (!subset_find(&subset, types, known, functions)) {
		file = memfd_create("types", MFD_CLOEXEC);
		HOLDS(file >= 0);
		if (!subset_write(&subset, NULL, file))
			check_written(file);
		close(file);
	}
	subset_free(&subset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_header header = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(header),
	};
	struct kernel_btf types;
	char *bytes;
	size_t more;

	if (size < 2)
		return 0;
	header.type_len = data[0] | data[1] << 8;
	data += 2;
	size -= 2;
	if (header.type_len > size)
		header.type_len = size;
	header.type_len -= header.type_len % 4;
	more = size - header.type_len;
	header.str_off = header.type_len;
	header.str_len = sizeof(strings) + more + (more > 0);
	types.size = sizeof(header) + header.str_off + header.str_len;
	bytes = calloc(1, types.size);
	HOLDS(bytes);
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), data, header.type_len);
	memcpy(bytes + sizeof(header) + header.str_off, strings, sizeof(strings));
	memcpy(bytes + sizeof(header) + header.str_off + sizeof(strings), data + header.type_len,
	       more);
	types.bytes = bytes;
	check_types(&types);
	free(bytes);
	/* The input itself is BTF, too, with a header of its own. */
	types = (struct kernel_btf){.bytes = malloc(size + 1), .size = size};
	HOLDS(types.bytes);
	memcpy((void *)types.bytes, data, size);
	check_types(&types);
	free((void *)types.bytes);
	return 0;
}
