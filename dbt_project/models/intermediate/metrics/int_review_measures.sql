-- Reviews that count for metrics, with whole seconds and their dimensions.
select
    review_key,
    cast(reviewed_at as date) as occurred_on,
    business_unit,
    language,
    rating,
    has_text,
    reply_seconds,
    {{ seconds_between('reviewed_at', 'as_of') }} as age_seconds,
    cast(
        dense_rank() over (order by business_unit, language, rating) as integer
    ) as profile_number
from {{ ref('int_reviews') }}
where not is_deleted and not is_test
