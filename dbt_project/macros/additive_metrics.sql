{#-
  How the metrics of a family are read from its measures: tickets, reviews, deals.
  durations: (metric, mode, seconds when finished, finished, still running,
              seconds so far when running, rows that it is about)
  counts: (metric, mode, value, counted, still running)
-#}
{% macro ticket_durations() %}
    {{ return([
        ('first_reply_time', 'calendar', 'first_reply_seconds',
         'first_reply_seconds is not null', 'is_open', 'age_seconds',
         'is_timeline_known and not is_phone_call'),
        ('first_reply_time', 'calendar_vendor', 'first_reply_seconds',
         'first_reply_seconds is not null', 'is_open', 'age_seconds',
         'is_timeline_known'),
        ('first_resolution_time', 'calendar', 'first_resolution_seconds',
         'is_ever_solved', 'is_open', 'age_seconds', 'is_timeline_known'),
        ('full_resolution_time', 'calendar', 'full_resolution_seconds',
         'is_solved', 'is_open', 'age_seconds', 'is_timeline_known'),
        ('requester_wait_time', 'calendar', 'requester_wait_seconds',
         'is_solved', 'is_open', 'requester_wait_seconds', 'is_timeline_known'),
        ('agent_wait_time', 'calendar', 'agent_wait_seconds',
         'is_solved', 'is_open', 'agent_wait_seconds', 'is_timeline_known'),
        ('on_hold_time', 'calendar', 'on_hold_seconds',
         'is_solved', 'is_open', 'on_hold_seconds', 'is_timeline_known'),
    ]) }}
{% endmacro %}

{% macro ticket_counts() %}
    {{ return([
        ('tickets_created', 'standard', '1', 'true', 'false'),
        ('replies_per_ticket', 'standard', 'count_replies',
         'is_solved and is_timeline_known', 'is_open'),
        ('one_touch_rate', 'vendor', 'cast(count_replies <= 1 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('one_touch_rate', 'strict', 'cast(count_replies = 1 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('two_touch_rate', 'standard', 'cast(count_replies = 2 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('multi_touch_rate', 'standard', 'cast(count_replies > 2 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('reopen_rate', 'solved_to_unsolved',
         'cast(count_reopens > 0 as integer)', 'is_ever_solved', 'is_open'),
        ('reopen_rate', 'solved_entries',
         'cast(count_solved_reentries > 0 as integer)', 'is_ever_solved',
         'is_open'),
    ]) }}
{% endmacro %}

{% macro review_durations() %}
    {{ return([
        ('review_reply_time', 'calendar', 'reply_seconds',
         'reply_seconds is not null', 'true', 'age_seconds', 'true'),
    ]) }}
{% endmacro %}

{% macro review_counts() %}
    {{ return([
        ('review_rating', 'with_text', 'rating', 'has_text', 'false'),
        ('review_reply_rate', 'standard',
         'cast(reply_seconds is not null as integer)', 'true', 'false'),
    ]) }}
{% endmacro %}

{% macro deal_counts() %}
    {{ return([
        ('win_rate', 'by_count', 'cast(is_won as integer)', 'true', 'false'),
    ]) }}
{% endmacro %}

{#- One row per record and metric: the value, or the wait so far (is_running). -#}
{% macro observations(measures, durations, counts) -%}
{% for metric, mode, seconds, is_finished, is_running, so_far, scope
    in durations -%}
select
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
from {{ ref(measures) }}
where ({{ scope }}) and (({{ is_finished }}) or ({{ is_running }}))
{%- if counts or not loop.last %}
union all
{% endif %}
{%- endfor %}
{% for metric, mode, value, is_counted, is_running in counts -%}
select
    '{{ metric }}' as metric,
    '{{ mode }}' as mode,
    occurred_on,
    profile_number,
    cast({{ value }} as bigint) as value,
    not({{ is_counted }}) as is_running,
    false as is_duration
from {{ ref(measures) }}
where ({{ is_counted }}) or ({{ is_running }})
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
{%- endmacro %}

{#-
  What metrics are broken down by: (family, model of its profiles,
  {dimension: column}, pairs of dimensions shown together).
-#}
{% macro metric_families() %}
    {{ return([
        ('ticket', 'int_ticket_measures',
         {'channel': 'channel', 'group': 'group_key', 'agent': 'agent_key',
          'priority': 'priority'},
         [('channel', 'priority')]),
        ('survey', 'int_survey_observations',
         {'survey': 'survey_key', 'source': 'source'}, []),
        ('review', 'int_review_measures',
         {'business_unit': 'business_unit', 'language': 'language',
          'rating': 'rating'}, []),
        ('deal', 'int_deal_measures',
         {'pipeline': 'pipeline', 'owner': 'owner_key'},
         [('pipeline', 'owner')]),
    ]) }}
{% endmacro %}

{#- The value of a dimension; `none` where there is none, `all` for no dimension. -#}
{% macro dimension_value(column) -%}
{% if column %}coalesce(cast({{ column }} as varchar), 'none'){% else %}'all'{% endif %}
{%- endmacro %}
