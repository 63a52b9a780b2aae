"""What is said, in bokmål and English, when readers are given another generation than the newest.

The reasons are found in ``generations``; the words are here alone, for terminal, pages and paper.
"""

from pipelines.desk.generations import Standing
from pipelines.desk.refusals import Words

_WAY_OUT_NB = "Kjør pukk run --force, eller legg filen tilbake fra en sikkerhetskopi."
_WAY_OUT_EN = "Run pukk run --force, or put the file back from a backup."


def words_about(standing: Standing) -> Words | None:
    """Return what to say about what is shown; ``None`` when it is what the pointer names."""
    shown, wanted = standing.generation.number, standing.wanted
    if not standing.reason:
        return None
    said = {
        "pointer_missing": (
            f"Filen current.json mangler. Du ser utgave {shown}, den nyeste som er hel.",
            f"The file current.json is missing. You see edition {shown}, the newest whole one.",
        ),
        "pointer_damaged": (
            f"Filen current.json er skadet. Du ser utgave {shown}, den nyeste som er hel.",
            f"The file current.json is damaged. You see edition {shown}, the newest whole one.",
        ),
        "file_missing": (
            f"Filen til utgave {wanted} er borte. Du ser utgave {shown} i stedet.",
            f"The file of edition {wanted} is gone. You see edition {shown} instead.",
        ),
        "file_damaged": (
            f"Filen til utgave {wanted} er skadet. Du ser utgave {shown} i stedet.",
            f"The file of edition {wanted} is damaged. You see edition {shown} instead.",
        ),
    }
    nb, en = said[standing.reason]
    return Words(nb, en, _WAY_OUT_NB, _WAY_OUT_EN)
