"""Accounts and sums of sick leave that are the year so far, and signs that are turned."""

import pytest

from tests.case_house import case_house

HEADER = "Ansvar;Konto;År;Periode;Tekst;Beløp\n"


@pytest.fixture
def books(tmp_path):
    made = case_house(tmp_path, "ledger")
    yield made
    made.con.close()


def lines(year, months, amount, units=("3120", "0450")):
    """Return ledger lines of pay and refunds; ``amount`` is (unit, month) -> kroner."""
    return "".join(
        f"{unit};1{art}00;{year};{month};x;{int(amount(unit, month) * part)}\n"
        for month in months
        for unit in units
        for art, part in (("010", 1), ("020", 0.3), ("710", -0.1))
    )


def steady(unit, month):
    return 100_000 + 7_000 * (month * 5 % 7) + (9_000 if unit == "0450" else 0)


def test_the_year_so_far_in_the_first_file_is_held(books):
    done = books.take("regnskap.csv", HEADER + lines(2023, range(1, 13), lambda _, m: 100_000 * m))
    assert done.status == "held"
    assert "running_sums" in done.reason_code
    for words in ("hittil i år", "2023: 2 av 2 enheter, 12 måneder"):
        assert words in done.reason_nb


def test_the_year_so_far_that_comes_month_by_month_is_held_by_april(books):
    books.take("regnskap_2022.csv", HEADER + lines(2022, range(1, 13), steady))
    taken = [
        books.take(
            f"regnskap_{month}.csv", HEADER + lines(2023, [month], lambda _, m: 100_000 * m)
        ).status
        for month in range(1, 5)
    ]
    assert taken == ["loaded", "loaded", "loaded", "held"]


@pytest.mark.parametrize(
    "amount",
    [
        steady,
        # a little more each month, as with raises
        lambda _, m: 100_000 + 3_000 * m,
        # one of two units grows fast
        lambda u, m: 100_000 * (m if u == "3120" else 1),
        # one unit's months are booked back
        lambda u, m: -50_000 if u == "3120" and m < 3 else 100_000,
    ],
)
def test_accounts_of_months_are_no_doubt(books, amount):
    assert books.take("regnskap.csv", HEADER + lines(2023, range(1, 13), amount)).status == "loaded"


def test_turned_signs_are_held_with_and_without_history(books):
    done = books.take("regnskap_1.csv", HEADER + lines(2022, range(1, 13), lambda *_: -100_000))
    assert (done.status, done.reason_code) == ("held", "turned_signs")
    assert "24 av 24 måneder i 2 enheter" in done.reason_nb
    books.take("regnskap_2.csv", HEADER + lines(2023, range(1, 13), steady))
    done = books.take("regnskap_3.csv", HEADER + lines(2024, (1, 2), lambda *_: -100_000))
    assert "turned_signs" in done.reason_code


def test_a_few_months_booked_back_are_a_correction(books):
    books.take("regnskap_1.csv", HEADER + lines(2023, range(1, 13), steady))
    back = lines(2024, (1, 2), lambda u, _: -100_000 if u == "3120" else 105_000)
    assert books.take("regnskap_2.csv", HEADER + back).status == "loaded"


@pytest.mark.parametrize("month", [1, 12])
def test_a_whole_year_in_one_month_is_held_where_there_are_two_units(books, month):
    books.take("regnskap_1.csv", HEADER + lines(2022, range(1, 13), steady))
    done = books.take("regnskap_2.csv", HEADER + lines(2023, [month], lambda *_: 1_300_000))
    assert (done.status, done.reason_code) == ("held", "other_level")
    assert "år og måned" in done.reason_nb


def test_one_of_two_units_that_has_much_more_is_no_doubt(books):
    books.take("regnskap_1.csv", HEADER + lines(2022, range(1, 13), steady))
    much = lines(2023, [1], lambda u, _: 1_300_000 if u == "3120" else 110_000)
    assert books.take("regnskap_2.csv", HEADER + much).status == "loaded"


def test_small_counts_in_few_units_swing_without_doubt(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    header = "Enhet;Måned;Avvik;Timer\n"
    counts = [1, 3, 0, 2, 4, 1, 2, 3, 1, 2, 1, 2]
    year = "".join(
        f"{unit};2023-{month:02d};{counts[month - 1]};{100 + counts[month - 1]}\n"
        for month in range(1, 13)
        for unit in ("Gimle", "Fagerlund")
    )
    assert house.take("tall_1.csv", header + year).status == "loaded"
    many = "Gimle;2024-01;14;101\nFagerlund;2024-01;13;102\n"
    assert house.take("tall_2.csv", header + many).status == "loaded"
    house.con.close()
