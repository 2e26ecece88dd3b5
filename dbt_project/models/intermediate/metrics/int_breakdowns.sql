-- The dimension values that a profile counts in; `all` is the whole. A number
-- stands for the same values in every family.
with breakdowns as (
    {% for family, model, columns, pairs in metric_families() -%}
    {% set dimensions = [('all', 'all')] -%}
    {% for dimension in columns -%}
    {% do dimensions.append((dimension, 'all')) -%}
    {% endfor -%}
    {% for first, second in dimensions + pairs -%}
    select distinct
        '{{ family }}' as family,
        profile_number,
        '{{ first }}' as dimension_1,
        {{ dimension_value(columns.get(first)) }} as value_1,
        '{{ second }}' as dimension_2,
        {{ dimension_value(columns.get(second)) }} as value_2
    from {{ ref(model) }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor -%}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor -%}
)

select
    *,
    cast(
        dense_rank() over (order by dimension_1, value_1, dimension_2, value_2)
        as integer
    ) as breakdown_number
from breakdowns
