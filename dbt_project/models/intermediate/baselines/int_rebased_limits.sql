-- What the limits of every new basis are made from.
{{ limit_rows(ref('int_rebased_months')) }}
