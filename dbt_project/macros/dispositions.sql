{#-
  Judges every received row once: quarantined (with the first reason that holds),
  accepted (the latest good version of its key) or superseded.

  relation: CTE with the envelope columns (_key, _load_id, _version, _seq) and the
  parsed record, NULL where the payload is no JSON.
  parsed: {typed column: raw expression}; raw there but typed NULL = `bad_<column>`.
  required: columns that must not be NULL = `missing_<column>`.
  exempt: condition of the rows that may lack them: deletions that only name a key.
-#}
{% macro dispositions(relation, parsed={}, required=[], exempt=none) %}
judged as (
    select
        *,
        case
            when record is null then 'invalid_json'
            when _key is null then 'missing_key'
            {% for column, raw in parsed.items() -%}
            when {{ raw }} is not null and {{ column }} is null
                then 'bad_{{ column }}'
            {% endfor -%}
            {% for column in required -%}
            when
                {{ column }} is null{% if exempt %} and not {{ exempt }}{% endif %}

                then 'missing_{{ column }}'
            {% endfor -%}
        end as _reason
    from {{ relation }}
),

-- ranked by themselves: a window over whole records sorts all of their columns
latest as (
    select
        _load_id,
        _seq
    from judged
    where _reason is null
    qualify row_number() over (
        partition by _key
        order by _version desc nulls last, _load_id desc, _seq desc
    ) = 1
)

select
    judged.* exclude (record),
    case
        when judged._reason is not null then 'quarantined'
        when latest._seq is not null then 'accepted'
        else 'superseded'
    end as _disposition
from judged
left join latest
    on
        judged._load_id = latest._load_id
        and judged._seq = latest._seq
{% endmacro %}

{% macro envelope_columns() -%}
    key as _key,
    _dlt_load_id as _load_id,
    version as _version,
    seq as _seq
{%- endmacro %}
