"""What is started in place of Python: it asks the process with the libraries to become the module.

It lives as long as that one does, passes on what it is told to stop, and ends as it ended. Whatever
else it is asked to run, Python runs. It is copied to where the tests are with its places filled in,
and imports next to nothing.
"""

import json
import os
import signal
import socket
import sys

PYTHON, ASKED_AT, ITSELF = "", "", ""
SERVED = ("pipelines.cli.app", "pipelines.defs.computing", "pipelines.quality.judging")


def module_of(argv: list[str]) -> int:
    """Return where the module's name stands, or 0 if Python is to run this."""
    for place, one in enumerate(argv):
        if one == "-m":
            is_ours = place + 1 < len(argv) and argv[place + 1] in SERVED
            return place + 1 if is_ours else 0
        if one not in ("-B", "-P", "-s"):
            return 0
    return 0


def main() -> None:
    """Ask, wait, and end as what was asked for ended."""
    argv = sys.argv[1:]
    place = module_of(argv)
    if not place:
        os.execv(PYTHON, [PYTHON, *argv])  # noqa: S606 - what it was asked to run
    umask = os.umask(0o077)
    os.umask(umask)
    asked = {
        "flags": argv[: place - 1],
        "module": argv[place],
        "args": argv[place + 1 :],
        "program": ITSELF,
        "cwd": os.getcwd(),  # noqa: PTH109 - a module less to import
        "umask": umask,
        "leads": os.getsid(0) == os.getpid(),
        "env": dict(os.environ),
    }
    text = json.dumps(asked).encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(ASKED_AT)
        for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(stop, lambda number, _: line.send(bytes([number])))
        socket.send_fds(line, [len(text).to_bytes(4, "big")], [0, 1, 2])
        line.sendall(text)
        # its ends of the pipes are the other's alone
        for fd in (0, 1, 2):
            os.close(fd)
        ended = line.recv(4)
    status = int.from_bytes(ended, "big") if len(ended) == 4 else signal.SIGKILL
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
        signal.pause()  # a busy machine may deliver it a moment later
    os._exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
