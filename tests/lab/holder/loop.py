"""A loop device that goes away by itself when nobody holds it any more."""
import errno
import fcntl
import os
import struct

GET_FREE, SET_FD, SET_STATUS = 0x4C82, 0x4C00, 0x4C04
AUTOCLEAR = 4


def attach(image):
    """Returns (name, major, minor, handle); the device lives as long as the handle, or a mount."""
    control = os.open("/dev/loop-control", os.O_RDWR)
    backing = os.open(image, os.O_RDWR)
    while True:
        number = fcntl.ioctl(control, GET_FREE)
        device = os.open(f"/dev/loop{number}", os.O_RDWR)
        try:
            fcntl.ioctl(device, SET_FD, backing)
            break
        except OSError as problem:
            # Another machine was faster.
            os.close(device)
            if problem.errno != errno.EBUSY:
                raise
    fcntl.ioctl(device, SET_STATUS, struct.pack("=5Q4I64s64s32s2Q", 0, 0, 0, 0, 0, 0, 0, 0, AUTOCLEAR, image.encode()[-63:], b"", b"", 0, 0))
    os.close(backing)
    os.close(control)
    state = os.stat(f"/dev/loop{number}")
    return f"loop{number}", os.major(state.st_rdev), os.minor(state.st_rdev), device
