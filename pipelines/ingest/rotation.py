"""The keys of pseudonyms: known again when a run begins, and rotated without losing who is who.

Numbers are not kept, so what is stored is made anew from what it was: a new pseudonym of the old
one. What comes later is made by the old keys and then the new one, and meets it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb
import polars as pl

from pipelines.contracts.shapes import TECHNICAL_COLUMNS, Contract
from pipelines.errors import ConfigError
from pipelines.ingest.pseudonyms import PATTERN, Keys
from pipelines.ingest.rewriting import PersonFile, commit, person_files
from pipelines.settings import Paths
from pipelines.words.messages import say

_ROTATE = "pukk key rotate"


def keys_in_use(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many keys the stored pseudonyms are made with."""
    return _last(con)[0]


def check_keys(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Do nothing when the keys are those the stored pseudonyms were made with.

    Before the first rotation there is nothing to know them by.

    Args:
        con: The working warehouse.
        keys: The keys of this run.

    Raises:
        ConfigError: they are others, fewer or more; persons would no longer meet their history.
    """
    n_keys, check = _last(con)
    given = len(keys.chain)
    if given > n_keys:
        raise ConfigError(
            say("ingest.rotation.key_set_but_rows_not_rewritten", n_keys=n_keys + 1),
            where=f"PUKK_PSEUDONYM_KEY_{n_keys + 1}",
            way_out=say("ingest.rotation.rotate_or_remove_key", rotate=_ROTATE),
        )
    if given < n_keys:
        raise ConfigError(
            say("ingest.rotation.all_keys_needed", n_keys=n_keys, given=given),
            where=f"PUKK_PSEUDONYM_KEY_{given + 1}",
            way_out=say("ingest.rotation.set_earlier_key"),
        )
    if check and keys.check != check:
        raise ConfigError(
            say("ingest.rotation.other_keys"),
            where="PUKK_PSEUDONYM_KEY",
            way_out=say("ingest.rotation.set_keys_in_use", n_keys=n_keys, rotate=_ROTATE),
        )


def rotate(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    keys: Keys,
    rotated_by: str,
) -> int:
    """Make every stored pseudonym anew with the newest key; ``rebuild`` must come after.

    Args:
        con: The working warehouse, in step with the store.
        paths: The municipality's folders.
        contracts: The source contracts by id.
        keys: The keys in use, and one more.
        rotated_by: The account that does it.

    Returns:
        How many files in landing were written anew.

    Raises:
        ConfigError: there is not exactly one key more than those in use, or those are others.
        DamagedError: a file in landing is gone or damaged; nothing is changed.
    """
    n_before = keys_in_use(con)
    if len(keys.chain) != n_before + 1:
        raise ConfigError(
            say("ingest.rotation.one_more_key", n_before=n_before + 1),
            where=f"PUKK_PSEUDONYM_KEY_{n_before + 1}",
            way_out=say("ingest.rotation.make_a_new_key"),
        )
    check_keys(con, Keys(keys.chain[:-1]))
    files = person_files(con, paths, contracts)
    row = {
        "rotated_at": datetime.now(UTC).replace(tzinfo=None),
        "rotated_by": rotated_by,
        "n_keys": len(keys.chain),
        "check_sha256": keys.check,
        "n_files": len(files),
    }
    changed = ((file, _anew(file, keys, n_before)) for file in files)
    commit(con, paths, changed, {"pseudonym_keys": [row]})
    return len(files)


def _anew(file: PersonFile, keys: Keys, n_before: int) -> pl.DataFrame:
    """Return a file's rows with every pseudonym made anew, in whatever column it stands."""
    rows = file.rows()
    texts = [
        name
        for name, kind in rows.schema.items()
        if kind == pl.String and name not in TECHNICAL_COLUMNS
    ]
    return rows.with_columns(_column_anew(rows[name], keys, n_before) for name in texts)


def _column_anew(column: pl.Series, keys: Keys, n_before: int) -> pl.Series:
    old = column.filter(column.str.contains(PATTERN).fill_null(value=False)).unique().to_list()
    new = [keys.advanced(each, n_before) for each in old]
    return column.replace(old, new) if old else column


def _last(con: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    rows = con.execute(
        "select n_keys, check_sha256 from ops.pseudonym_keys order by n_keys desc limit 1"
    ).fetchall()
    return rows[0] if rows else (1, "")
