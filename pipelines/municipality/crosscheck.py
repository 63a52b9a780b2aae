"""What must fit together between a municipality's files and the contracts.

The shape of each file is checked by its model; here are the references between them.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import Column, Contract, Table
from pipelines.contracts.organisation import REGISTER
from pipelines.errors import ConfigError
from pipelines.municipality.families import check_families
from pipelines.municipality.feeds import ColumnMapping, ColumnPeriod, Feed, YearPeriod
from pipelines.municipality.metrics import Metric
from pipelines.municipality.model import Fact, Pilot
from pipelines.municipality.per_year import check_shown_per_year
from pipelines.municipality.problems import unknown
from pipelines.words.messages import say

PERSON_CLASSIFICATION = "person"
"""Columns so classified hold people's identities and must be pseudonymised on the way in."""


def check_pilots(pilots: Sequence[Pilot], where: str) -> None:
    """Raise ConfigError when a unit or an order stands twice."""
    _unique([pilot.order for pilot in pilots], f"{where}: pilots", "order")
    _unique([pilot.unit_id for pilot in pilots], f"{where}: pilots", "unit_id")


def check_facts(facts: Sequence[Fact], metrics: Sequence[Metric], where: str) -> None:
    """Raise ConfigError when another's figure is of a metric that is not the municipality's."""
    known = {metric.id for metric in metrics}
    for fact in facts:
        if fact.metric is not None and fact.metric not in known:
            raise unknown(
                say("municipality.crosscheck.metric"), fact.metric, known,
                f"{where}: facts.{fact.id}.metric",
            )  # fmt: skip


def check_metrics(  # noqa: PLR0913 - all that metrics must fit together with
    metrics: Sequence[Metric],
    own: Sequence[Metric],
    standard: Sequence[Metric],
    feeds: Sequence[Feed],
    contracts: Mapping[str, Contract],
    where: str,
) -> None:
    """Raise ConfigError when metric ids are doubled or refer to something that does not exist.

    Args:
        metrics: All the municipality's metrics.
        own: Those it defines itself; only their measures are checked, since a standard metric may
            wait for a source the municipality does not have.
        standard: All standard metrics, chosen or not.
        feeds: The municipality's feeds, which may deliver measures of their own.
        contracts: The source contracts by id, which say what the warehouse makes of each source.
        where: The file's name for messages.
    """
    ids = [metric.id for metric in metrics]
    _unique(ids, f"{where}: metrics", "id")
    known = {*ids, *(metric.id for metric in standard)}
    made = declared_measures(contracts)
    for metric in metrics:
        if metric.split_of is not None and metric.split_of not in ids:
            raise unknown(
                say("municipality.crosscheck.metric"),
                metric.split_of,
                ids,
                f"{where}: {metric.id}.split_of",
            )
        # a standard metric that was not chosen is published nowhere, and nothing follows from it
        if metric.shown_with is not None and metric.shown_with not in known:
            raise unknown(
                say("municipality.crosscheck.metric"),
                metric.shown_with,
                known,
                f"{where}: {metric.id}.shown_with",
            )
        _check_complement(metric, {each.id: each for each in metrics}, where)
    check_shown_per_year(metrics, standard, made, where)
    check_families(metrics, made, [each.id for each in contracts["ledger"].measures], where)
    delivered = delivered_measures(feeds)
    if delivered is None:
        return
    measures = {*made, *delivered, *(name for metric in standard for name in metric.measures)}
    for metric in own:
        for name in metric.measures:
            if name not in measures:
                raise unknown(
                    say("municipality.crosscheck.measure"), name, measures, f"{where}: {metric.id}"
                )


def _check_complement(metric: Metric, known: Mapping[str, Metric], where: str) -> None:
    if metric.complement_of is None:
        return
    whole = known.get(metric.complement_of)
    if whole is None:
        raise unknown(
            say("municipality.crosscheck.metric"),
            metric.complement_of,
            set(known),
            f"{where}: {metric.id}.complement_of",
        )
    opposite = {"lower": "higher", "higher": "lower"}.get(metric.direction)
    same = (metric.scale, metric.unit) == (whole.scale, whole.unit)
    if whole.direction != opposite or not same or whole.complement_of is not None:
        raise ConfigError(
            say("municipality.crosscheck.not_a_complement", id=metric.id, id_2=whole.id),
            where=f"{where}: {metric.id}.complement_of",
            way_out=say("municipality.crosscheck.fix_complement_of"),
        )


def delivered_measures(feeds: Iterable[Feed]) -> set[str] | None:
    """Return the measure ids that unit_metrics feeds name; None when the files decide them."""
    found: set[str] = set()
    for feed in feeds:
        if feed.contract != "unit_metrics":
            continue
        if feed.melt is not None:
            constants = (group.constants.get("measure_id") for group in feed.melt.groups)
            found.update(str(value) for value in constants if value is not None)
        mapping = feed.columns.get("measure_id")
        if mapping is None:
            continue
        if mapping.constant is not None:
            found.add(str(mapping.constant))
        elif mapping.values is not None:
            found.update(mapping.values.values())
        else:
            return None
    return found


def check_feeds(located: Sequence[tuple[str, Feed]], contracts: Mapping[str, Contract]) -> None:
    """Raise ConfigError when a feed does not fit its contract.

    Args:
        located: Each feed with the file and key it stands at.
        contracts: The source contracts by id.
    """
    seen: set[str] = set()
    for where, feed in located:
        if feed.id in seen:
            raise ConfigError(
                say("municipality.crosscheck.feed_twice", id=feed.id),
                where=f"{where}.id",
                way_out=say("municipality.crosscheck.choose_unique_id"),
            )
        seen.add(feed.id)
        tables = contracts[feed.contract].tables
        if feed.table not in tables:
            raise unknown("tabell", feed.table, tables, f"{where}.table")
        table = tables[feed.table]
        for name, mapping in feed.columns.items():
            place = f"{where}.columns.{name}"
            _check_mapping(mapping, _column(table, name, place), place)
        _check_melt(feed, table, where)
        _check_required(feed, table, where)
        _check_not_personal(feed, where)
        _check_period(feed, table, where)


def _column(table: Table, name: str, where: str) -> Column:
    if name not in table.column_names:
        raise unknown(
            say("municipality.crosscheck.column_of_table", name=table.name),
            name,
            table.column_names,
            where,
        )
    return table.column(name)


def _check_mapping(mapping: ColumnMapping, column: Column, where: str) -> None:
    for key, value in (("constant", mapping.constant), ("default", mapping.default)):
        if value is not None:
            _check_value(value, column, f"{where}.{key}")
    for text, value in (mapping.values or {}).items():
        _check_value(value, column, f"{where}.values.{text}")
    if mapping.number is not None and column.logical_type not in {"number", "integer"}:
        raise ConfigError(
            say("municipality.crosscheck.not_a_number", name=column.name), where=f"{where}.number"
        )
    if mapping.date is not None and column.logical_type != "date":
        raise ConfigError(
            say("municipality.crosscheck.not_a_date", name=column.name), where=f"{where}.date"
        )
    if column.classification == PERSON_CLASSIFICATION and not mapping.pseudonymise:
        raise ConfigError(
            say("municipality.crosscheck.points_to_person", name=column.name),
            where=where,
            way_out=say("municipality.crosscheck.add_pseudonymise"),
        )


def _check_value(value: object, column: Column, where: str) -> None:
    if column.enum and str(value) not in {str(allowed) for allowed in column.enum}:
        raise unknown(
            say("municipality.crosscheck.value_of_column", name=column.name),
            value,
            column.enum,
            where,
        )


def _check_melt(feed: Feed, table: Table, where: str) -> None:
    if feed.melt is None:
        return
    for index, group in enumerate(feed.melt.groups):
        at = list(feed.melt.columns)[index] if feed.melt.columns else str(index)
        for name in group.columns:
            _column(table, name, f"{where}.melt.{'value' if feed.melt.value else f'rows.{at}'}")
        for name, value in group.constants.items():
            place = f"{where}.{feed.melt.key}.{at}.{name}"
            _check_value(value, _column(table, name, place), place)


def _check_required(feed: Feed, table: Table, where: str) -> None:
    covered = set(feed.columns)
    if feed.melt is not None:
        groups = [set(group.constants) | set(group.columns) for group in feed.melt.groups]
        covered |= set.intersection(*groups)
    missing = [
        column.name for column in table.columns if column.required and column.name not in covered
    ]
    if missing:
        raise ConfigError(
            say(
                "municipality.crosscheck.required_columns_missing",
                contract=feed.contract,
                name=table.name,
                missing=", ".join(missing),
            ),
            where=f"{where}.columns",
            way_out=say("municipality.crosscheck.give_each_a_source"),
        )


def _check_not_personal(feed: Feed, where: str) -> None:
    """Raise ConfigError when a column that is read as a person's is declared not to be personal."""
    persons = {
        header.casefold().strip(): name
        for name, mapping in feed.columns.items()
        if mapping.pseudonymise
        for header in mapping.file_columns
    }
    for column in feed.not_personal:
        name = persons.get(column.casefold().strip())
        if name is not None:
            raise ConfigError(
                say("municipality.crosscheck.is_pseudonymised", column=column, name=name),
                where=f"{where}.not_personal.{column}",
                way_out="Ta linjen bort.",
            )


def _check_period(feed: Feed, table: Table, where: str) -> None:
    if (feed.contract, table.name) == REGISTER and isinstance(feed.period, ColumnPeriod):
        raise ConfigError(
            say("municipality.crosscheck.register_is_whole"),
            where=f"{where}.period",
            way_out=say("municipality.crosscheck.set_period_source"),
        )
    if isinstance(feed.period, ColumnPeriod):
        place = f"{where}.period.column"
        if _column(table, feed.period.column, place).logical_type != "date":
            dates = [column.name for column in table.columns if column.logical_type == "date"]
            raise unknown("datokolonne", feed.period.column, dates, place)
    if isinstance(feed.period, YearPeriod) and not {"year", "period"} <= set(table.column_names):
        raise ConfigError(
            say("municipality.crosscheck.no_year_and_period", name=table.name),
            where=f"{where}.period.source",
        )


def _unique(values: Sequence[object], where: str, what: str) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise ConfigError(
                say("municipality.crosscheck.used_twice", what=what, value=value),
                where=where,
                way_out=say("municipality.crosscheck.choose_another"),
            )
