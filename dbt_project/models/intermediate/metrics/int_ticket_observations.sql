-- One row per ticket and metric: the value, or the wait so far (is_running).
{{ config(materialized='view') }}
{% for metric, mode, seconds, is_finished, is_running, so_far, scope
    in ticket_durations() -%}
select
    ticket_key,
    '{{ metric }}' as metric,
    '{{ mode }}' as mode,
    occurred_on,
    profile_number,
    cast(
        case
            when {{ is_finished }} then {{ seconds }} else {{ so_far }}
        end as bigint
    )
        as value,
    not({{ is_finished }}) as is_running,
    true as is_duration
from {{ ref('int_ticket_measures') }}
where ({{ scope }}) and (({{ is_finished }}) or ({{ is_running }}))
union all
{% endfor -%}
{% for metric, mode, value, is_counted, is_running in ticket_counts() -%}
select
    ticket_key,
    '{{ metric }}' as metric,
    '{{ mode }}' as mode,
    occurred_on,
    profile_number,
    cast({{ value }} as bigint) as value,
    not({{ is_counted }}) as is_running,
    false as is_duration
from {{ ref('int_ticket_measures') }}
where ({{ is_counted }}) or ({{ is_running }})
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
