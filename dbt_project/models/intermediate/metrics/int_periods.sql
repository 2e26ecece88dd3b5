-- The periods that a day with observations lies in, numbered.
with days as (
    {% for _, model, _, _ in metric_families() -%}
    select occurred_on as day from {{ ref(model) }}
    {%- if not loop.last %}
    union
    {% endif %}
    {%- endfor %}
),

periods as (
    select
        days.day,
        period_types.period_type,
        {{ period_start(
            'period_types.period_type', 'days.day', 'as_of.as_of'
        ) }} as period_start
    from days
    cross join {{ ref('as_of') }} as as_of
    cross join {{ period_types() }}
)

select
    *,
    cast(dense_rank() over (order by period_type, period_start) as integer)
        as period_number
from periods
where period_start is not null
