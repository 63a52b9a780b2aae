"""Words people write that are kept and shown: no way of writing a person's number gets through."""

from pathlib import Path

import pytest

from pipelines.desk.access_log import entries
from pipelines.desk.kept_text import PersonalTextError, one_line
from pipelines.desk.logged import Reader, log_signed
from pipelines.errors import ConfigError, PukkError
from pipelines.municipality.load import load_municipality
from pipelines.warehouse.releases import checked_reason
from tests.unit.test_municipality_load import change, folder
from tests.unit.test_personal_identifiers import BETWEEN, WRITTEN, N

__all__ = ["folder"]

OTHERS = {
    "account": "bankkonto 1234.56.78903",
    "IBAN": "NO93 8601 1117 947",
    "pseudonym": "p_0123456789abcdef",
    "a person's address": "kari.nordmann@kommune.no",
    "an address that may be a person's": "knordmann@kommune.no",
}
NAMING = WRITTEN | {f"between: {k}": f"{N[:6]}{b}{N[6:]}" for k, b in BETWEEN.items()} | OTHERS
WHO = Reader("revisor@example.no", "revisor")


@pytest.mark.parametrize("text", NAMING.values(), ids=NAMING.keys())
def test_a_reason_and_a_remark_that_name_a_person_are_refused_without_repeating_it(
    text: str,
) -> None:
    words = f"Avtalt, se {text} i saken"
    with pytest.raises(PukkError, match="Begrunnelsen inneholder") as told:
        checked_reason(words)
    assert text not in told.value.text
    with pytest.raises(PersonalTextError):
        one_line(words, "words", 200)


@pytest.mark.parametrize("text", ["Spurt postmottak@kommune.no", "Bilag 20240131-12345, kr 1 234"])
def test_words_that_name_nobody_are_kept_as_they_stand(text: str) -> None:
    assert checked_reason(f" {text} ") == one_line(text, "words", 200) == text


def test_a_signers_words_name_nobody_and_nothing_is_signed(tmp_path: Path) -> None:
    with pytest.raises(PersonalTextError):
        log_signed(tmp_path, WHO, Path("g.duckdb"), "datakvalitet", "2018-04", f"Sett av {N}")
    assert list(entries(tmp_path)) == []


@pytest.mark.parametrize("text", [N, f"{N[:6]}-{N[6:]}", "kari.nordmann@kommune.no"])
def test_a_municipalitys_files_name_nobody(folder: Path, text: str) -> None:
    change(folder / "municipality.yml", "name: Kommunens navn", f"name: {text}")
    with pytest.raises(ConfigError, match=r"municipality\.yml: name: Teksten inneholder") as told:
        load_municipality(folder)
    assert text not in told.value.text


def test_a_code_that_a_delivery_uses_may_look_like_a_number_of_a_person(folder: Path) -> None:
    change(folder / "sources" / "hr.yml", "Fast: permanent", f"'{N}': permanent")
    feeds = {feed.contract: feed for feed in load_municipality(folder).feeds}
    assert feeds["hr"].columns["employment_type"].values[N] == "permanent"
    change(folder / "sources" / "hr.yml", f"'{N}'", f"'Fast {N}'")
    with pytest.raises(ConfigError, match="Teksten inneholder"):
        load_municipality(folder)
