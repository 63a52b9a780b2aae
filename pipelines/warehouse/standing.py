"""What stands about a content: which readings are of the same one, and what people decided of it.

A content is what a feed delivered: the bytes, and what the file's name says of when. It may be read
many times, and a decision about one reading is about all of them. Who may decide what is in
``pipelines.ingest.decisions``; whether a file must be read again in ``pipelines.ingest.known``.
"""

CONTENT = "coalesce(d.content_id, d.file_sha256)"
"""The content of a row ``d`` of ``ops.deliveries``, within its feed."""

SAME_AS_FILE = "feed_id = ?1 and file_sha256 = ?2 and coalesce(content_id, ?3) = ?3"
"""Whether a row is a reading of a file: its feed, its bytes, and its ``periods.content_id``. What
was recorded before names counted is known by its bytes alone."""

READ_LATER = """
    later.feed_id = d.feed_id and later.file_sha256 = d.file_sha256 and later.seq > d.seq
    and later.content_id = coalesce(d.content_id, later.content_id)
"""
"""Whether a row ``later`` of ``ops.deliveries`` is a newer reading of what ``d`` is."""

DECIDED = f"""
    select c.*, d.feed_id, d.file_sha256, d.content_id, {CONTENT} as content,
        row_number() over (partition by d.feed_id, {CONTENT} order by c.decided_at desc)
            as newest_first
    from ops.decisions as c
    inner join ops.deliveries as d on c.delivery_id = d.delivery_id
    where c.action <> 'propose'
"""
"""What people have decided of each content, with what a passed day has decided."""

ACCEPTED = f"""
    with decided as ({DECIDED})
    select a.*
    from decided as a
    where a.action = 'accept' and not exists (
        select 1 from decided as later
        where later.feed_id = a.feed_id and later.content = a.content
            and later.decided_at > a.decided_at
            and case later.action
                when 'accept' then list_has_all(
                    string_split(later.codes, ','), string_split(a.codes, ',')
                )
                -- a lapse from before it said which day had passed is of its own reading
                when 'lapse' then coalesce(
                    a.expires_on <= later.expires_on,
                    later.expires_on is null and later.delivery_id = a.delivery_id
                )
                else false
            end
    )
"""
"""The acceptances that stand: no later one is of the same doubts, and no last day has passed for
them. Each of a content's doubts may have been accepted in another of its readings."""
