with facts as (
    select min(created_at) as first_at from {{ ref('int_tickets') }}
    union all
    select min(created_at) as first_at from {{ ref('int_deals') }}
    union all
    select min(reviewed_at) as first_at from {{ ref('int_reviews') }}
),

bounds as (
    select
        date_trunc('year', min(facts.first_at)) as first_day,
        date_trunc('year', any_value(as_of.as_of)) + interval 1 year as past_day
    from {{ ref('as_of') }} as as_of
    cross join facts
),

days as (
    select
        cast(unnest(
            generate_series(
                coalesce(first_day, past_day - interval 1 year),
                past_day - interval 1 day,
                interval 1 day
            )
        ) as date) as date_day
    from bounds
)

select
    date_day,
    cast(year(date_day) as integer) as year,
    cast(quarter(date_day) as integer) as quarter,
    cast(month(date_day) as integer) as month,
    cast(isodow(date_day) as integer) as iso_day_of_week,
    cast(date_trunc('week', date_day) as date) as week_start,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(date_trunc('quarter', date_day) as date) as quarter_start,
    isodow(date_day) >= 6 as is_weekend
from days
