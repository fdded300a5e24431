"""The kernel's own limits on a process that runs SQL of strangers: given up before the first word of it is parsed.

Three layers, from the outside in: resource limits (everywhere), seccomp (no network, no other program, no look into
other processes) and Landlock (no file but those named). The last two are Linux's; where a kernel lacks one, the others
hold, and `confine` says which are in force. Numbers and structures: linux/seccomp.h, linux/landlock.h, linux/filter.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
SECCOMP_ALLOW = 0x7FFF0000
SECCOMP_ERRNO = 0x00050000
EPERM = 1
OTHER_NUMBERS = 0x40000000

# The audit architecture, then the numbers of what is refused: sockets, new programs, signals and other processes,
# namespaces and mounts, keys, io_uring (which would go round the filter), other interfaces of the kernel
_X86 = """
41 42 43 44 46 49 50 53 59 62 101 155 161 165 166 175 246 248 249 250 272 288 298 299 304 307 308 310 311 313 317 321
322 323 425 426 427 438
"""
_ARM = """
39 40 41 51 97 105 117 129 198 199 200 201 202 203 206 211 217 218 219 221 241 242 265 268 269 270 271 273 277 280 281
282 425 426 427 438
"""
ARCHITECTURES = {
    "x86_64": (0xC000003E, tuple(int(number) for number in _X86.split())),
    "aarch64": (0xC00000B7, tuple(int(number) for number in _ARM.split())),
}

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on both architectures
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
READ_FILE, WRITE_FILE, READ_FOLDER, TRUNCATE = 1 << 2, 1 << 1, 1 << 3, 1 << 14
REMOVE_FOLDER, REMOVE_FILE, MAKE_FOLDER, MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP = 0b11  # bind and connect, from the fourth version on


def confine(
    *, readable: Iterable[Path], writable: Path, seconds: int, megabytes: int, disk_megabytes: int
) -> tuple[str, ...]:
    """Give up everything but reading the files `readable` and working in the folder `writable`; there is no way back.

    Only the calling thread and those it starts later are held: call it before any other thread exists. `megabytes`
    bounds the address space. Gives the layers in force.
    """
    memory, file = megabytes * 2**20, disk_megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    layers = ["limits"]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        layers += ["landlock"] if _landlock(libc, readable, writable) else []
        layers += ["seccomp"] if _seccomp(libc) else []
    return tuple(layers)


def _landlock(libc: ctypes.CDLL, readable: Iterable[Path], writable: Path) -> bool:
    version = libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    if version < 1:
        return False
    rights = RIGHTS[min(version, max(RIGHTS))]
    attributes = struct.pack("=QQ", rights, TCP) if version >= 4 else struct.pack("=Q", rights)
    ruleset = libc.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    work = READ_FILE | WRITE_FILE | READ_FOLDER | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | TRUNCATE
    allowed = [*((path, READ_FILE) for path in readable), (writable, work & rights)]
    try:
        for path, right in allowed:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("=Qi", right, handle)
            added = libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0)
            os.close(handle)
            if added != 0:
                return False
        return bool(libc.syscall(RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _seccomp(libc: ctypes.CDLL) -> bool:
    known = ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    architecture, refused = known
    load, equal, least, answer = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
    count = len(refused)
    steps = [
        (load, 0, 0, 4),  # seccomp_data.arch
        (equal, 0, count + 3, architecture),  # another one: to the refusal at the end
        (load, 0, 0, 0),  # seccomp_data.nr
        (least, count + 1, 0, OTHER_NUMBERS),  # the same calls under x32's numbers
        *((equal, count - position, 0, number) for position, number in enumerate(refused)),
        (answer, 0, 0, SECCOMP_ALLOW),
        (answer, 0, 0, SECCOMP_ERRNO | EPERM),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
