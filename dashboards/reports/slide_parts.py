"""The fixed parts of a presentation: what every PPTX must hold, whatever stands on its slides.

Office Open XML (ECMA-376), as few parts as a presentation with notes can have: one master, one
layout with a title, one theme, and the same for the notes.
"""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml"
WIDTH, HEIGHT = 12_192_000, 6_858_000
"""Of a slide, in EMU: 16:9."""
_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
    '<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
_MAP = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
    ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink"'
    ' folHlink="folHlink"/>'
)


def xml(name: str, inside: str, attributes: str = "") -> str:
    """Return a whole part around what is inside it."""
    return f"{_HEAD}<{name} {_NS}{attributes}>{inside}</{name}>"


def shapes(inside: str) -> str:
    """Return what stands on a slide, around its shapes."""
    return f"<p:cSld><p:spTree>{_TREE}{inside}</p:spTree></p:cSld>"


def relations(*found: tuple[str, str]) -> str:
    """Return the relations of a part: kind and target, numbered ``rId1`` and on."""
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{kind if "://" in kind else f"{_REL}/{kind}"}"'
        f' Target="{target}"/>'
        for n, (kind, target) in enumerate(found, 1)
    )
    kind = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{kind}">{lines}</Relationships>'


def content_types(n_slides: int) -> str:
    """Return which part is what."""
    kinds = [
        ("/ppt/presentation.xml", f"{_TYPE}.presentation.main+xml"),
        ("/ppt/slideMasters/slideMaster1.xml", f"{_TYPE}.slideMaster+xml"),
        ("/ppt/slideLayouts/slideLayout1.xml", f"{_TYPE}.slideLayout+xml"),
        ("/ppt/notesMasters/notesMaster1.xml", f"{_TYPE}.notesMaster+xml"),
        *(
            (f"/ppt/theme/theme{n}.xml", "application/vnd.openxmlformats-officedocument.theme+xml")
            for n in (1, 2)
        ),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ]
    for n in range(1, n_slides + 1):
        kinds.append((f"/ppt/slides/slide{n}.xml", f"{_TYPE}.slide+xml"))
        kinds.append((f"/ppt/notesSlides/notesSlide{n}.xml", f"{_TYPE}.notesSlide+xml"))
    lines = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds)
    defaults = "".join(
        f'<Default Extension="{name}" ContentType="{kind}"/>'
        for name, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("svg", "image/svg+xml"),
        )
    )
    kind = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{_HEAD}<Types xmlns="{kind}">{defaults}{lines}</Types>'


def presentation(n_slides: int) -> str:
    """Return the presentation: its master, its notes' master, and its slides in order."""
    slides = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 2}"/>' for n in range(1, n_slides + 1))
    return xml(
        "p:presentation",
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
        '<p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst>'
        f"<p:sldIdLst>{slides}</p:sldIdLst>"
        f'<p:sldSz cx="{WIDTH}" cy="{HEIGHT}"/><p:notesSz cx="{HEIGHT}" cy="{WIDTH}"/>',
    )


def master() -> str:
    """Return the master of the slides."""
    styles = "".join(f"<p:{name}/>" for name in ("titleStyle", "bodyStyle", "otherStyle"))
    return xml(
        "p:sldMaster",
        f'{shapes("")}{_MAP}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/>'
        f"</p:sldLayoutIdLst><p:txStyles>{styles}</p:txStyles>",
    )


def layout(title: str) -> str:
    """Return the one layout: a title, and the rest is free.

    Args:
        title: The shape of the title.
    """
    inside = f"{shapes(title)}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>"
    return xml("p:sldLayout", inside, ' type="titleOnly" preserve="1"')


def notes_master() -> str:
    """Return the master of the notes."""
    return xml("p:notesMaster", f"{shapes('')}{_MAP}")


def core(title: str, author: str, moment: str) -> str:
    """Return who made it, what it is called and when."""
    kind = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{kind}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        "</cp:coreProperties>"
    )


def theme() -> str:
    """Return the colours and letters of the house."""
    colours = (
        ("dk1", "1F2933"), ("lt1", "FFFFFF"), ("dk2", "4A5563"), ("lt2", "F5F6F8"),
        ("accent1", "0072B2"), ("accent2", "D55E00"), ("accent3", "490092"),
        ("accent4", "6B7280"), ("accent5", "0B6E6E"), ("accent6", "8A93A0"),
        ("hlink", "0B5A8A"), ("folHlink", "0B5A8A"),
    )  # fmt: skip
    scheme = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours)
    letters = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{_HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        f' name="Pukk"><a:themeElements><a:clrScheme name="Pukk">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="Pukk"><a:majorFont>{letters}</a:majorFont>'
        f"<a:minorFont>{letters}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Pukk"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
