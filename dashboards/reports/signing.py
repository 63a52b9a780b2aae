"""Who has signed for a report, on which edition, and whether it was for what the report now says.

What is signed for is in ``quality``; how it is kept and checked in ``pipelines.desk.signed``.
"""

from collections.abc import Sequence
from datetime import datetime

from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.pdf import ReportTable, Section
from pipelines.desk.log_chain import LogEntry
from pipelines.desk.signed import comment_of, signed_print

_SHOWN = 16


def signed_section(context: Context, signed: Sequence[LogEntry], this: str) -> Section:
    """Return who has signed for the month: when, on which edition, for what, with which words.

    Args:
        context: The frame's message.
        signed: The log's sign-offs of the month, newest first.
        this: The hash of what the report says.
    """
    heading = context.t("quality_signed")
    print_ = context.t("quality_this_content", print=this)
    if not signed:
        return Section(heading, [context.t("quality_not_signed"), print_])
    table = ReportTable(
        caption=context.t("quality_signed_caption"),
        head=[context.t("quality_signed_at"), context.t("quality_signed_by"),
              context.t("quality_edition"), context.t("quality_comment"),
              context.t("quality_signed_content"), context.t("quality_entry")],
        rows=[
            [
                context.moment(datetime.fromisoformat(entry["at"])),
                f"{entry['actor']} ({entry['role']})",
                entry["generation"],
                comment_of(entry),
                _content(context, signed_print(entry), this),
                str(entry["seq"]),
            ]
            for entry in signed
        ],
        right=(5,),
        widths=(3, 4, 4, 5, 4, 2),
    )  # fmt: skip
    words = [context.t("quality_signed_words"), print_]
    if signed[0]["generation"] != description(context.generation).get("file"):
        words.append(context.t("quality_signed_older"))
    return Section(heading, words, tables=[table])


def _content(context: Context, signed: str, this: str) -> str:
    if not signed:
        return context.t("quality_content_none")
    is_same = signed == this
    said = context.t("quality_content_same") if is_same else context.t("quality_content_other")
    return f"{signed[:_SHOWN]}… {said}"
