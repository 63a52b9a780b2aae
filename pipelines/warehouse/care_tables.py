"""Tables of ``ops`` that tell what was deleted, who is kept out, and which keys have been used.

They are created with the others in ``schema``.
"""

from pipelines.warehouse.table_sql import OpsTable

CARE_TABLES: dict[str, OpsTable] = {
    "deletions": OpsTable(
        "One row per file, or per file in landing with rows, that was deleted; append-only.",
        {
            "deleted_at": ("timestamp not null", "When, UTC."),
            "deleted_by": ("varchar not null", "The account on the machine that did it."),
            "kind": ("varchar not null", "What kind of thing."),
            "name": ("varchar not null", "The file, below the municipality's folder."),
            "sha256": ("varchar", "Hash of what was deleted; empty when it was one of many rows."),
            "n_bytes": ("bigint not null", "Its size."),
            "n_rows": ("integer", "Rows about persons that were deleted; empty for a file."),
            "dated": ("date not null", "The day its age was counted from."),
            "rule": ("varchar not null", "Where it is written how long it is kept."),
        },
    ),
    "erasures": OpsTable(
        "One row per person whose rows were deleted on request; append-only.",
        {
            "erased_at": ("timestamp not null", "When, UTC."),
            "erased_by": ("varchar not null", "The account on the machine that did it."),
            "person_id": ("varchar not null", "The pseudonym, so that new rows are kept out."),
            "n_keys": ("integer not null", "How many keys the pseudonym was made with."),
            "n_rows": ("integer not null", "Rows that were deleted."),
            "n_files": ("integer not null", "Files as they came that were deleted."),
        },
    ),
    "pseudonym_keys": OpsTable(
        "One row per rotation of the key for pseudonyms; append-only.",
        {
            "rotated_at": ("timestamp not null", "When, UTC."),
            "rotated_by": ("varchar not null", "The account on the machine that did it."),
            "n_keys": ("integer not null", "How many keys pseudonyms are made with from now on."),
            "check_sha256": ("varchar not null", "By which the same keys are known again."),
            "n_files": ("integer not null", "Files in landing that were written anew."),
        },
    ),
}
