-- Reviews known at as_of as they read now, with their writer where known.
select
    reviews.review_id,
    {{ surrogate_key(["'trustpilot'", 'reviews.review_id']) }} as review_key,
    customer_keys.customer_key,
    as_of.as_of,
    coalesce(units.domain, reviews.business_unit_id) as business_unit,
    'https://www.trustpilot.com/reviews/' || reviews.review_id as source_url,
    reviews.title,
    reviews.text,
    reviews.language,
    reviews.rating,
    reviews.is_verified,
    coalesce(reviews.title, reviews.text) is not null as has_text,
    reviews.is_deleted,
    reviews.created_at as reviewed_at,
    case
        when reviews.updated_at > reviews.created_at then reviews.updated_at
    end as edited_at,
    -- one that was written after as_of is not known yet
    case
        when reviews.replied_at <= as_of.as_of then reviews.replied_at
    end as replied_at,
    case
        when reviews.replied_at <= as_of.as_of
            then
                {{ seconds_between(
                    'reviews.created_at', 'reviews.replied_at'
                ) }}
    end as reply_seconds
from {{ ref('stg_trustpilot__reviews') }} as reviews
cross join {{ ref('as_of') }} as as_of
left join {{ ref('stg_trustpilot__business_units') }} as units
    on reviews.business_unit_id = units.business_unit_id
left join {{ source('identity', 'customer_keys') }} as customer_keys
    on
        reviews.review_id = customer_keys.source_id
        and customer_keys.source = 'trustpilot'
where reviews.created_at <= as_of.as_of
