-- Reviews known at as_of as they read now, with their writer where known.
with trustpilot_reviews as (
    select
        'trustpilot' as source,
        reviews.review_id,
        'trustpilot' as site,
        coalesce(units.domain, reviews.business_unit_id) as business_unit,
        'https://www.trustpilot.com/reviews/' || reviews.review_id
            as source_url,
        reviews.title,
        reviews.text,
        reviews.language,
        reviews.rating,
        reviews.is_verified,
        reviews.is_deleted,
        false as is_test,
        null as customer_id,
        reviews.review_id as writer_id,
        reviews.created_at as reviewed_at,
        reviews.updated_at as edited_at,
        reviews.replied_at
    from {{ ref('stg_trustpilot__reviews') }} as reviews
    left join {{ ref('stg_trustpilot__business_units') }} as units
        on reviews.business_unit_id = units.business_unit_id
),

file_reviews as (
    select
        source,
        review_id,
        coalesce(site, source) as site,
        business_unit,
        url as source_url,
        title,
        text,
        language,
        cast(rating as integer) as rating,
        coalesce(is_verified, false) as is_verified,
        is_deleted,
        coalesce(is_test, false) as is_test,
        customer_id,
        'review:' || review_id as writer_id,
        reviewed_at,
        edited_at,
        replied_at
    from {{ ref('stg_files__reviews') }}
),

reviews as (
    select * from trustpilot_reviews
    union all
    select * from file_reviews
)

select
    reviews.* exclude (edited_at, replied_at, customer_id, writer_id),
    {{ surrogate_key(['reviews.source', 'reviews.review_id']) }} as review_key,
    coalesce(customers.customer_key, writers.customer_key) as customer_key,
    as_of.as_of,
    coalesce(reviews.title, reviews.text) is not null as has_text,
    case
        when reviews.edited_at > reviews.reviewed_at then reviews.edited_at
    end as edited_at,
    -- one that was written after as_of is not known yet
    case
        when reviews.replied_at <= as_of.as_of then reviews.replied_at
    end as replied_at,
    case
        when reviews.replied_at <= as_of.as_of
            then
                {{ seconds_between(
                    'reviews.reviewed_at', 'reviews.replied_at'
                ) }}
    end as reply_seconds
from reviews
cross join {{ ref('as_of') }} as as_of
left join {{ source('identity', 'customer_keys') }} as customers
    on
        reviews.customer_id = customers.source_id
        and reviews.source = customers.source
left join {{ source('identity', 'customer_keys') }} as writers
    on
        reviews.writer_id = writers.source_id
        and reviews.source = writers.source
where reviews.reviewed_at <= as_of.as_of
