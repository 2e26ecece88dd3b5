{#-
  Judges every received row once: quarantined (with the first reason that holds),
  accepted (the latest good version of its key) or superseded.

  relation: CTE with the envelope columns (_key, _load_id, _version, _seq, _is_json).
  parsed: {typed column: raw expression}; raw there but typed NULL = `bad_<column>`.
  required: columns that must not be NULL = `missing_<column>`.
-#}
{% macro dispositions(relation, parsed={}, required=[]) %}
judged as (
    select
        *,
        case
            when not _is_json then 'invalid_json'
            when _key is null then 'missing_key'
            {% for column, raw in parsed.items() -%}
when {{ raw }} is not null and {{ column }} is null
                then 'bad_{{ column }}'
            {% endfor -%}
{% for column in required -%}
when {{ column }} is null then 'missing_{{ column }}'
            {% endfor -%}
        end as _reason
    from {{ relation }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by _key, _reason is null
            order by _version desc nulls last, _load_id desc, _seq desc
        ) as _recency
    from judged
)

select
    * exclude (record, _is_json, _recency),
    case
        when _reason is not null then 'quarantined'
        when _recency = 1 then 'accepted'
        else 'superseded'
    end as _disposition
from ranked
{% endmacro %}

{% macro envelope_columns() -%}
    key as _key,
    _dlt_load_id as _load_id,
    version as _version,
    seq as _seq,
    coalesce(json_valid(payload), false) as _is_json
{%- endmacro %}
