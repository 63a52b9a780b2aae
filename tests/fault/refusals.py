"""One positions file as it should be, and what is read back when a broken one was delivered."""

from tests.ingest_fixture import JANUARY, POSITIONS_HEADER, House, position

GOOD = POSITIONS_HEADER + position("1") + position("2", unit="0450 Fagerlund")
HR_PLACE = "i sources/hr.yml."


def refused(house: House, content: str | bytes, name: str = JANUARY) -> tuple[str | None, str]:
    """Take in one file that must be refused; nothing of it may be loaded."""
    done = house.take(name, content)
    assert done.status == "rejected"
    assert done.rows_loaded == 0
    assert house.table("hr.positions").is_empty()
    assert house.ingest() == []
    return done.reason_code, done.reason_nb or ""


def whole_ledger(house: House) -> str:
    """Return every text the ledger holds about deliveries."""
    tables = ("ops.deliveries", "ops.quarantine", "ops.warnings")
    return "\n".join(str(house.table(name).rows()) for name in tables)
