"""What a contract's columns are called and mean, in both languages.

ODCS has one ``description``, which is English here; the bokmål beside it is a custom property. What
the texts are put on is decided in ``to_dbt.py`` and in the rooms that publish.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.contracts.shapes import Contract
from pipelines.errors import ContractError
from pipelines.words.messages import say

DESCRIPTION_NB = "description_nb"
# what the field dictionary says besides, as it is handed to the reading of a contract
DESCRIBED_NN, UNIT = "described_nn", "unit"
LABEL_NN, LABEL_EN = "label_nn", "label_en"
_WRITTEN = f'customProperties: [{{property: {DESCRIPTION_NB}, value: "…"}}]'


def described_nn(properties: Mapping[str, Any]) -> str:
    """Return what a column means in nynorsk, empty when it is not said.

    Args:
        properties: The column's custom properties by name.
    """
    return str(properties.get(DESCRIBED_NN, ""))


def described_nb(properties: Mapping[str, Any]) -> str:
    """Return what a column means in bokmål, empty when the contract does not say.

    Args:
        properties: The column's custom properties by name.
    """
    return " ".join(str(properties.get(DESCRIPTION_NB, "")).split())


def require_both_languages(contract: Contract, path: Path) -> None:
    """Do nothing when every column has a name, and is described in bokmål and in English.

    Args:
        contract: The contract of a published table.
        path: The file it was read from, for messages.

    Raises:
        ContractError: names the file, the first column that lacks a text, and what to write.
    """
    for table in contract.tables.values():
        for column in table.columns:
            where = f"{path}: {table.name}.{column.name}"
            if not column.business_name:
                raise ContractError(
                    say("contracts.wording.no_name_in_bokmaal"),
                    where=where,
                    way_out=say("contracts.wording.write_business_name"),
                )
            if not column.description:
                raise ContractError(
                    say("contracts.wording.no_description_in_english"),
                    where=where,
                    way_out=say("contracts.wording.write_description"),
                )
            if not column.description_nb:
                raise ContractError(
                    say("contracts.wording.no_description_in_bokmaal"),
                    where=where,
                    way_out=say("contracts.wording.write_under_description", written=_WRITTEN),
                )
            for text in (column.description, column.description_nb):
                if text.rstrip(".").casefold() == column.business_name.casefold():
                    raise ContractError(
                        say("contracts.wording.says_no_more_than_name", text=text),
                        where=where,
                        way_out=say("contracts.wording.write_what_it_holds"),
                    )
