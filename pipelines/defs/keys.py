"""The keys of one municipality's pseudonyms: those in use, and one more when they are rotated."""

from pipelines.defs.context import RunContext
from pipelines.ingest.pseudonyms import Keys, add_key, load_or_create_key


def keys_of(ctx: RunContext) -> Keys:
    """Return the keys for pseudonyms.

    Args:
        ctx: The run's context.

    Raises:
        ConfigError: real data and no key in the environment, or one that is too short.
    """
    return load_or_create_key(ctx.settings, ctx.paths, allow_generated=not _needs_own_key(ctx))


def keys_to_rotate_to(ctx: RunContext, n_in_use: int) -> Keys:
    """Return the keys with one more; generated here when the others were.

    Args:
        ctx: The run's context.
        n_in_use: How many keys the stored pseudonyms are made with.

    Raises:
        ConfigError: real data and no key in the environment, or one that is too short.
    """
    keys = keys_of(ctx)
    is_generated = ctx.settings.pseudonym_key is None
    if is_generated and len(keys.chain) == n_in_use:
        add_key(ctx.paths)
        return keys_of(ctx)
    return keys


def _needs_own_key(ctx: RunContext) -> bool:
    # figures without persons, and constructed persons, can do with a key made on the spot
    municipality = ctx.municipality
    if municipality.constructed is not None:
        return False
    return any(
        mapping.pseudonymise for feed in municipality.feeds for mapping in feed.columns.values()
    )
