/**
 * How much of anything is taken from a host, a file, a webview or a workspace. All of them are untrusted: without a limit
 * a few bytes could fill the memory of the window or keep it busy for minutes. Each limit is well above what a host of 256
 * CPUs and 64 interfaces needs; what lies beyond is refused, or shown as left out.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

// One line of the loader.

/** Bytes of a line: `MAX_ROWS` rows of the longest numbers are 33 MiB, of usual ones 16. */
export const MAX_LINE = 32 * MIB;
/** Characters of a line without rows: 65,536 queues with masks of 256 CPUs are 8 MiB. */
export const MAX_PLAIN_LINE = 16 * MIB;
/** Characters of a line that are parsed without a look at what they hold: no line this short takes long. */
export const UNCOUNTED_LINE = 64 * KIB;
/** Objects and arrays inside each other: predictions need 5. */
export const MAX_DEPTH = 16;
/** Objects in a line: devices and their queues at their limits. */
export const MAX_OBJECTS = 160_000;
/** Keys of one object: the longest has about 20, and the values of a finding as many as its rule likes. */
export const MAX_KEYS = 100;
/** Arrays in a line: one for each row, the predictions of all candidates included. */
export const MAX_ARRAYS = 600_000;
/** Numbers and texts in a line: ten for each row. */
export const MAX_VALUES = 6_000_000;

// What is in frames.

/** Rows of a frame, of a trace and of a block of a recording: a loader on 256 CPUs has room for 1024 on each. */
export const MAX_ROWS = 1 << 18;
/** CPUs: the most that any Linux can be built for, CONFIG_NR_CPUS on x86. */
export const MAX_CPUS = 8192;
/** Devices: a veth for each of several thousand containers. */
export const MAX_DEVICES = 16_384;
/** Receive queues of one device: the kernel numbers them with 16 bits. */
export const MAX_QUEUES = 65_536;
/** Receive queues of all devices: 64 interfaces of 64 queues are 4096; veths have one for each CPU since Linux 5.16. */
export const MAX_ALL_QUEUES = 131_072;
/** Devices that one device stands on: the ports of a large bridge. */
export const MAX_LOWER = 16_384;
/** Findings: the loader sums up what many queues have in common. */
export const MAX_FINDINGS = 4096;
/** Values that one finding names: it has about ten. */
export const MAX_FINDING_VALUES = 64;
/** Backends: there are three; a later loader may know more. */
export const MAX_BACKENDS = 16;
/** How many candidates the kernel evaluates at once. */
export const MOST_CANDIDATES = 4;
/** How many queues an apply can write. */
export const MOST_WRITES = 4096;
/** Writes of masks in one audit frame: more than the loader's ring buffer holds. */
export const MAX_AUDIT_WRITES = 65_536;
/** Characters of the mask in an audit record: 128 CPUs at most, docs/protocol.md. */
export const MAX_AUDIT_MASK = 64;
/** Characters of a name of a device, a process, a namespace, a version: the kernel's are 16 to 64 bytes, paths 255. */
export const MAX_NAME = 256;
/** Characters of a code of an error and of a kind of finding. */
export const MAX_CODE = 64;
/** Characters of a sentence for people: the loader's longest, with a path or an expression in it, is below 5000. */
export const MAX_TEXT = 16 * KIB;
/** Characters of what a finding says: commands for every queue of a device may be many lines. */
export const MAX_FINDING_TEXT = 256 * KIB;
/** Characters of a mask: 65,536 CPUs, which is as far as CPU numbers go here, in the kernel's comma form. */
export const MAX_MASK = 18_432;
/** Characters of a list of CPUs: each of `MAX_CPUS` by itself. */
export const MAX_CPU_LIST = 49_152;
/** Characters of a filter: what the loader takes, docs/protocol.md. */
export const MAX_FILTER = 4096;

// The loader's lines one after the other.

/** Lines that are no frames, before a loader has said hello: banners may be longer, but stand before the mark. */
export const MAX_GARBAGE_LINES = 10;
/** Lines that are no frames, in a whole run: a loader has none, and a faulty link loses some. */
export const MAX_BAD_LINES = 1000;
/** Frames that may come at once, after the link was stuck: five minutes' of the fastest loader. */
export const FRAME_BURST = 20_000;
/** Frames a second for longer: the loader's fastest interval is 100 ms, with about five frames each. */
export const FRAMES_PER_SECOND = 500;
/** Bytes before a loader's own output: banners of login shells, and the survey. */
export const MAX_PREAMBLE = MIB;

// What a host says to people on stderr.

/** Characters of it that are kept to explain a failure. */
export const MAX_STDERR_TAIL = 4000;
/** Lines of it that go to the log in one run or one login, banners included: a loader says some ten. */
export const MAX_STDERR_LINES = 1000;
/** Times that one run may ask for the sudo password: sudo itself gives up after passwd_tries, which is 3. */
export const MAX_SUDO_PROMPTS = 10;
/** Characters of one line of the log that a host has a say in. */
export const MAX_LOG_LINE = 1000;

// Texts in the language of the window.

/** Characters of a text that is looked up sentence by sentence; a longer one stays English. */
export const MAX_PHRASE = 16 * KIB;
/** Sentences inside each other: a failure that names a step that names a host is 3. */
export const MAX_PHRASE_DEPTH = 4;

// Recordings.

/** Bytes of what is told of a recording as a whole. */
export const MAX_META = 64 * KIB;
/** Bytes of a block before it is compressed: tables at their limits, and the frames between them. */
export const MAX_BLOCK = 64 * MIB;
/** Bytes of the frames that a block holds as JSON: a writer ends it at 8 MiB, which one more frame may exceed. */
export const MAX_SCRIPT = 32 * MIB;
/** Bytes of a block in the file: zlib makes what cannot be compressed longer by 5 bytes in 16 KiB. */
export const MAX_STORED_BLOCK = MAX_BLOCK + 64 * KIB;
/** Frames of a block: a writer ends it after a minute, which is about 3000 of the fastest loader, or a quarter of this. */
export const MAX_BLOCK_FRAMES = 65_536;
/** Rows times samples of a block, eight bytes for each of their counters. */
export const MAX_CELLS = 1 << 21;
/** Blocks of a recording: ten weeks of one a minute. */
export const MAX_BLOCKS = 100_000;
/** Places in a recording that cannot be read, as they are listed. */
export const MAX_DAMAGE = 1000;
/** Bytes after damage in which the next block is looked for: as long as two blocks. */
export const MAX_SEARCH = 2 * MAX_BLOCK;
/** Bytes of a recording that VS Code must read for us, because it is not on a disk of this machine. */
export const MAX_REMOTE_RECORDING = 256 * MIB;
/** Milliseconds after which long work on a file lets the extension host do something else. */
export const MAX_TURN_MS = 20;

// What webviews and commands ask for.

/** Characters of the content of an export: a PNG of the panel on a large screen is 10 MiB in base64. */
export const MAX_EXPORT = 128 * MIB;
/** Characters that are copied to the clipboard: a table of all rows. */
export const MAX_COPY = 64 * MIB;
/** Characters of a host as it is typed: a user, a host name (255 at most), and a port. */
export const MAX_HOST = 1024;
/** Names of interfaces in a scope: as in the setting rpsTrace.interfaces. */
export const MAX_INTERFACES = 64;
/** Characters of all lists of CPUs in one message about masks: 4096 queues with lists of 256 CPUs each by itself. */
export const MAX_LISTS = 4 * MIB;

// What is kept between windows.

/** Writes of masks in the history of all hosts; the oldest entries go first. */
export const MAX_KEPT_WRITES = 32_768;
