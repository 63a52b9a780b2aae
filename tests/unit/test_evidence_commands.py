"""``pukk evidence``: packs in a folder, pooled, and what each municipality reads."""

import json
import stat
from pathlib import Path

import pytest

from pipelines.desk.elsewhere import elsewhere
from pipelines.evidence.keys import is_signed_by, public_of
from tests.conftest import pukk
from tests.evidence_house import House

ESTIMATES = (-0.914, -1.482, 0.231, -0.377, -1.105, -0.642, 0.418, -1.733)
ERRORS = (0.412, 0.655, 0.238, 0.301, 0.744, 0.196, 0.533, 0.487)


@pytest.fixture(scope="module")
def houses() -> list[House]:
    return [House(number) for number in range(1, 9)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, houses: list[House]) -> Path:
    made = Path(tmp_path_factory.mktemp("pool"))
    (made / "keys").mkdir()
    for house, estimate, se in zip(houses, ESTIMATES, ERRORS, strict=True):
        persons = round(160 / se**2)
        one = house.delivered(estimate=estimate, se=se, n_persons=persons, margin=0.1)
        (made / one.name).write_bytes(one.content)
        (made / f"{one.name}.sig").write_text(one.signature)
        (made / "keys" / f"{house.id}.pub").write_text(public_of(house.key))
    return made


def run(folder: Path, *args: str, check: bool = True) -> str:
    done = pukk("evidence", *args, home=folder / "home", check=check)
    return " ".join((done.stdout + done.stderr).split())


def test_packs_are_pooled_and_each_reads_its_own_line(folder: Path, houses: list[House]) -> None:
    told = run(folder, "pool", str(folder), "--keys", str(folder / "keys"))
    assert "8 kommuner: anslått −0,6" in told
    assert "Det kan ikke avgjøres om det samlet var en endring." in told
    assert "En ny kommune må regne med et sted mellom −2,4 og +1,2." in told
    table = json.loads((folder / "samlet.json").read_text())
    assert [row["k"] for row in (a["pooled"] for a in table["answers"])] == [8]
    mine = run(folder, "read", str(folder / "samlet.json"), "--municipality", houses[0].id)
    assert "Deres eget anslag er −0,9 (fra −1,9 til +0,0)" in mine or "til +0,1)" in mine
    assert "Sett sammen med de andre er −0,8 det beste anslaget" in mine
    assert "en forventning, ikke en dom" in mine
    english = run(
        folder, "read", str(folder / "samlet.json"), "--municipality", houses[0].id,
        "--language", "en",
    )  # fmt: skip
    assert "8 municipalities: estimated −0.6" in english
    # again the same night: nothing is replayed, nothing is lost
    again = run(folder, "pool", str(folder), "--keys", str(folder / "keys"), "--page")
    assert "8 kommuner" in again
    assert (folder / "samlet-nb.pdf").read_bytes().startswith(b"%PDF")
    assert "Felles målestokk" in (folder / "samlet-nb.html").read_text(encoding="utf-8")


def test_what_is_kept_for_the_pages_is_told_of_the_own_municipality(
    folder: Path, houses: list[House]
) -> None:
    if not (folder / "samlet.json").exists():
        run(folder, "pool", str(folder), "--keys", str(folder / "keys"))
    run(folder, "read", str(folder / "samlet.json"), "--municipality", houses[0].id, "--keep")
    (kept,) = (elsewhere(state) for state in (folder / "home").glob("*/state"))
    assert kept is not None
    assert [place.is_own for place in kept.answers[0].places].count(True) == 1
    assert "Deres eget anslag" in " ".join(kept.answers[0].own["nb"])


def test_a_pack_in_shares_is_stopped_until_somebody_confirms(
    folder: Path, houses: list[House], tmp_path: Path
) -> None:
    for file in folder.glob("9*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    wrong = houses[7].delivered(estimate=-0.017, se=0.005, mean_before=0.09, n_persons=675)
    (tmp_path / wrong.name).write_bytes(wrong.content)
    (tmp_path / f"{wrong.name}.sig").write_text(wrong.signature)
    turned = bytearray((tmp_path / f"{houses[6].id}.json").read_bytes())
    turned[40] ^= 1
    (tmp_path / f"{houses[6].id}.json").write_bytes(turned)
    keys = str(folder / "keys")
    told = run(tmp_path, "pool", str(tmp_path), "--keys", keys)
    assert f"{houses[7].id}: Nivået før er 0,01 ganger det vanlige" in told.replace("0.01", "0,01")
    assert f"{houses[6].id}.json: Pakken er ikke signert" in told
    assert "6 kommuner" in told
    without_reason = run(
        tmp_path, "pool", str(tmp_path), "--keys", keys, "--confirm", f"{houses[7].id}:level:",
        check=False,
    )  # fmt: skip
    assert "hvem, hva og hvorfor" in without_reason
    confirmed = f"{houses[7].id}:level:Målt slik hos oss"
    run(tmp_path, "pool", str(tmp_path), "--keys", keys, "--confirm", confirmed)
    kept = json.loads((tmp_path / "rekker.json").read_text())
    assert [one["why"] for one in kept["confirmed"]] == ["Målt slik hos oss"]


def test_a_private_key_lies_outside_the_data_and_is_never_written_over(tmp_path: Path) -> None:
    inside = run(tmp_path, "keys", str(tmp_path / "home" / "key"), "--new", check=False)
    assert "kan ikke ligge sammen med dataene" in inside
    file = tmp_path / "key"
    told = run(tmp_path, "keys", str(file), "--new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert public_of(file.read_text()) in told.replace(" ", "")
    assert "skrives aldri over" in run(tmp_path, "keys", str(file), "--new", check=False)


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    told = run(tmp_path, "pool", str(tmp_path), "--keys", str(tmp_path / "keys"), check=False)
    assert "Legg kommunenes pakker" in told or "Ingen offentlige nøkler" in told


def test_a_pack_is_signed_as_the_one_who_pools_will_read_it(
    houses: list[House], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(houses[0].key)
    file = tmp_path / "pack.json"
    # as somebody has written it by hand: spaces, and another order of the keys
    file.write_text(json.dumps(houses[0].content(), indent=2, sort_keys=False))
    assert "Signert" in run(tmp_path, "sign", str(file), "--key", str(tmp_path / "key"))
    signature = (tmp_path / "pack.json.sig").read_text()
    assert is_signed_by(file.read_bytes(), signature, public_of(houses[0].key))
    assert file.read_bytes() == houses[0].delivered().content
    file.write_text(json.dumps(houses[0].content(estimate=-0.12345678)))
    too_exact = run(tmp_path, "sign", str(file), "--key", str(tmp_path / "key"), check=False)
    assert "results.0.estimate" in too_exact
    assert "seks gjeldende siffer" in too_exact
    absent = run(tmp_path, "sign", str(tmp_path / "x.json"), "--key", str(file), check=False)
    assert "kan ikke leses" in absent
