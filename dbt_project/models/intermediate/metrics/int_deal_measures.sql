-- Deals that were won or lost until as_of, with their dimensions.
select
    deal_key,
    cast(closed_at as date) as occurred_on,
    pipeline,
    owner_key,
    is_won,
    cast(dense_rank() over (order by pipeline, owner_key) as integer)
        as profile_number
from {{ ref('int_deals') }}
where
    closed_at <= as_of
    and not is_deleted
    and not is_merged
    and not is_test
