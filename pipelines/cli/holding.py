"""``pukk run --hold``: what is new is read and held, and shown with the way on."""

from dataclasses import asdict

from pipelines.cli.output import console, print_json
from pipelines.defs.context import RunContext, progress_to
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb


def read_and_show_held(ctx: RunContext, *, as_json: bool) -> None:
    """Read what is new in the inbox, hold it, and say how to look at it and release it."""
    from pipelines.defs.looking import read_and_hold

    with progress_to(None if as_json else lambda text: console.print(f"  {text}")):
        found = read_and_hold(ctx)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    held = [each for each in found if each.status == "held"]
    for each in held:
        console.print(
            say(
                "cli.holding.held_back",
                delivery_id=each.delivery_id,
                file_name=each.file_name,
                rows_loaded=counted_nb(each.rows_loaded, "rad", "rader"),
            )
        )
    for each in found:
        if each.status in {"rejected", "duplicate"}:
            console.print(f"{each.delivery_id} {each.file_name}: {each.reason_nb}")
    if held:
        console.print(say("cli.holding.accept_each"))
    else:
        console.print(say("cli.holding.nothing_new_to_hold"))
