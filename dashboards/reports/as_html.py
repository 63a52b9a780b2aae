"""A report as a page for a browser: the same content as the PDF, nothing fetched from anywhere."""

from html import escape

from dashboards.reports.pdf import Item, Picture, Report, ReportTable, Section

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2 { color: #0b5a8a; line-height: 1.2; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: #4a5563; padding: .5rem 0; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #c3c9d1;
  vertical-align: top; }
.n { text-align: right; }
figure { margin: 1rem 0; overflow-x: auto; }
figcaption, footer, .quiet { color: #4a5563; font-size: 14px; }
"""


def to_html(report: Report) -> str:
    """Return the report as a page that stands by itself."""
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style>"
    )
    notice = f"<p><b>{escape(report.notice)}</b></p>" if report.notice else ""
    sections = "".join(_section(section) for section in report.sections)
    return (
        f'<!doctype html><html lang="{escape(report.language)}"><head>{head}</head><body><main>'
        f'<h1>{escape(report.title)}</h1><p class="quiet">{escape(report.subtitle)}</p>'
        f"{notice}{sections}</main><footer>{escape(report.footer)}</footer></body></html>\n"
    )


def _section(section: Section) -> str:
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
    pictures = "".join(_picture(each) for each in section.pictures)
    tables = "".join(_table(each) for each in section.tables)
    items = "".join(_item(each) for each in section.items)
    inside = f"{paragraphs}{pictures}{items}{tables}"
    return f"<section><h2>{escape(section.heading)}</h2>{inside}</section>"


def _item(item: Item) -> str:
    said = " ".join(part for part in (item.verdict, item.text, item.next) if part)
    pictures = "".join(_picture(each) for each in item.pictures)
    tables = "".join(_table(each) for each in item.tables)
    return f"<h3>{escape(item.heading)}</h3><p>{escape(said)}</p>{pictures}{tables}"


def _picture(picture: Picture) -> str:
    # the drawing is ours, made of numbers and escaped names
    return (
        f'<figure role="img" aria-label="{escape(picture.alt)}">{picture.svg}'
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )


def _table(table: ReportTable) -> str:
    def cells(row: list[str] | tuple[str, ...], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if place in table.right else ''}"
            f"{' scope=col' if tag == 'th' else ''}>{escape(cell)}</{tag}>"
            for place, cell in enumerate(row)
        )

    rows = "".join(f"<tr>{cells(tuple(row), 'td')}</tr>" for row in table.rows)
    head = cells(tuple(table.head), "th")
    return (
        f"<table><caption>{escape(table.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
