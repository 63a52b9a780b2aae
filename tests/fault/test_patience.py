"""A share that answers late and a copying that goes on pass by themselves; other faults do not."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.patience import patiently
from pipelines.ingest.reading import read_stable
from tests.ingest_fixture import House

pytestmark = pytest.mark.fault

UNREADABLE = Path("/proc/self/mem")  # to read its first bytes is an input/output error, for anybody


no_true_error = pytest.mark.skipif(
    not UNREADABLE.exists(), reason="no file of this machine gives a true input/output error"
)


@contextmanager
def back_soon(path: Path, content: bytes) -> Iterator[None]:
    """Put a whole file where the unreadable one is, a moment from now."""

    def put() -> None:
        time.sleep(0.3)
        whole = path.with_name(".whole")
        whole.write_bytes(content)
        whole.replace(path)

    back = Thread(target=put)
    back.start()
    yield
    back.join()


@no_true_error
def test_a_share_that_gives_an_error_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.symlink_to(UNREADABLE)
    with pytest.raises(DeliveryRejectedError, match="Filen kan ikke åpnes"):
        read_stable(path)

    with back_soon(path, b"a;b\n1;2\n"):
        assert patiently(lambda: read_stable(path), [0.1] * 100) == b"a;b\n1;2\n"


def test_a_copying_that_goes_on_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n")
    lines = [b"1;2\n", b"3;4\n"]

    def meanwhile(file: Path) -> bytes:
        raw = file.read_bytes()
        if lines:
            with file.open("ab") as more:
                more.write(lines.pop(0))
        return raw

    assert patiently(lambda: read_stable(path, meanwhile), (0, 0)) == b"a;b\n1;2\n3;4\n"


def test_what_does_not_pass_is_refused_in_the_words_of_its_last_try(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n")

    def always(file: Path) -> bytes:
        raw = file.read_bytes()
        os.truncate(file, len(raw) + 1)
        return raw

    with pytest.raises(DeliveryRejectedError, match="Filen ble skrevet til mens den ble lest"):
        patiently(lambda: read_stable(path, always), (0, 0))


def test_a_file_that_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(DeliveryRejectedError, match="Filen kan ikke åpnes"):
        patiently(lambda: read_stable(tmp_path / "borte.csv"), (60,))
    assert time.monotonic() - started < 30


@no_true_error
def test_a_night_takes_in_what_could_not_be_read_for_a_moment(house: House) -> None:
    path = house.paths.inbox / "enheter_2.csv"
    path.symlink_to(UNREADABLE)
    with back_soon(path, b"Enhetsnr;Enhetsnavn;Omr\xc3\xa5de;Type\nE1;Bj\xc3\xb8rkelia;Omsorg;x\n"):
        taken = house.ingest()
    assert [(each.file_name, each.status) for each in taken] == [(path.name, "loaded")]
    assert "Bjørkelia" in house.table("organisation.units")["unit_name"].to_list()
