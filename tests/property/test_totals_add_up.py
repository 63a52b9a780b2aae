"""Whatever a report prints around its lines: what is data is read, what is a sum is left out, and
every record ends in one place."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.reading import read_sheet
from pipelines.municipality.feeds import Feed

HEADER = "Ansvar;Konto;Tekst;Regnskap;Budsjett\n"
FEED = Feed(
    contract="ledger",
    id="f",
    table="entries",
    files=["*"],
    period={"source": "year_period"},
    identical_rows="keep",
    columns={
        "cost_centre": {"column": "Ansvar"},
        "account": {"column": "Konto"},
        "line_text": {"column": "Tekst"},
        "year": {"constant": "2012"},
        "amount_nok": {},
    },
    melt={
        "value": "amount_nok",
        "columns": {
            "Regnskap": {"amount_type": "accounts"},
            "Budsjett": {"amount_type": "original_budget"},
        },
    },
)
AMOUNT = st.integers(-9_999_999, 9_999_999).filter(lambda n: abs(n) > 1000)
NAME = st.sampled_from(
    ["Lønn", "Vikar", "Sum skatteinntekter", "Total entreprise", "I alt levert", "Delsum A", "Sum"]
)
LINE = st.tuples(st.integers(10_000, 19_999), NAME, AMOUNT, AMOUNT)
GROUP = st.lists(LINE, min_size=2, max_size=6)
NOISE = st.sampled_from(
    ["", ";;;;", "Side 2 av 3;;;;", HEADER.strip(), "Utskrift 3.1.2013;14:02;;;"]
)


def printed(values: list[int]) -> str:
    return ";".join(f"{value:,}".replace(",", " ") for value in values)


def total(words: str, lines: list[tuple[int, str, int, int]]) -> str:
    return f"{words};;;{printed([sum(line[i] for line in lines) for i in (2, 3)])}"


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    groups=st.lists(GROUP, min_size=1, max_size=6),
    place=st.sampled_from(["above", "below", "none"]),
    grand=st.sampled_from(["", "Totalt", "SUM:", "I alt", "Sum hele kommunen"]),
    noise=st.lists(NOISE, max_size=4),
    wrong=st.integers(0, 3),
)
def test_lines_are_read_and_sums_left_out(groups, place, grand, noise, wrong):
    text, data, sums, row = [HEADER.strip()], [], [], 1
    everything = [line for group in groups for line in group]

    def put(line: str, *, into: list[int] | None = None) -> None:
        nonlocal row
        row += 1
        text.append(line)
        if into is not None:
            into.append(row)

    for i, group in enumerate(groups):
        if place == "above":
            put(total(f"Sum ansvar {3000 + i}", group), into=sums)
        for account, name, *amounts in group:
            put(f"{3000 + i};{account};{name};{printed(amounts)}", into=data)
        if place == "below":
            put(total(f"Sum ansvar {3000 + i}", group), into=sums)
        if noise:
            put(noise[i % len(noise)])
    if grand:
        put(total(grand, everything), into=sums)
    if wrong:
        put(f"Total;;;{10**11 + wrong};")
    sheet = read_sheet("\n".join([*text, ""]).encode(), FEED)
    dropped = sheet.dropped
    totals = dropped.filter(dropped["kind"] == "total")["source_row"].unique().to_list()
    assert sheet.rows["source_row"].to_list() == data
    assert sorted(totals) == sums
    assert [broken.rule_id for broken in sheet.broken] == ["total_differs"] * bool(wrong)
    blank = sum(not line.strip(";") for line in text)
    listed = dropped["source_row"].n_unique()
    assert sheet.lines_total == sheet.rows.height + len(sheet.broken) + listed + blank
