{#-
  Judges every received row once: quarantined (with the first reason that holds),
  accepted (the latest good version of its key) or superseded.

  relation: CTE with the envelope columns and what `record_of` reads.
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
            when _is_from_future then 'future_version'
            {% for column, raw in parsed.items() -%}
            when {{ raw }} is not null and {{ column }} is null
                then 'bad_{{ column }}'
            {% endfor -%}
            when _misfit is not null then 'bad_' || _misfit
            {% for column in required -%}
            when
                {{ column }} is null{% if exempt %} and not {{ exempt }}{% endif %}

                then 'missing_{{ column }}'
            {% endfor -%}
        end as _reason
    from {{ relation }}
),

{{ latest_of_judged([], ['record', '_misfit', '_is_from_future']) }}
{% endmacro %}

{#-
  Two columns from a payload: `record`, its fields after a structure (a JSON text of
  names and kinds, as from_json takes it), NULL where the payload is no JSON; and
  `_misfit`, the first field whose value has another shape than that: a list or object
  where the structure has a text, something else where it has an object or list.
  Texts are asked for their shape only where they look like one.

  texts: paths of texts within fields that the structure leaves as JSON.
-#}
{% macro record_of(structure, texts=[]) -%}
{{ parsed_json('payload', structure) }} as record,
        case
            -- no JSON at all has a reason of its own
            when record is null then cast(null as varchar)
            {%- for path, inner in paths_of(fromjson(structure)) %}
            {%- set field = "record['" ~ path | replace('.', "']['") ~ "']" %}
            when
                {% if inner is string -%}
                left({{ field }}, 1) in ('[', '{')
                and {{ json_kind('payload', path) }} in ('ARRAY', 'OBJECT')
                {%- else -%}
                {% for name in (inner if inner is mapping else ['']) -%}
                {{ field }}{{ "['" ~ name ~ "']" if name }} is null and
                {% endfor -%}
                {{ json_kind('payload', path) }} not in (
                    'NULL', '{{ 'OBJECT' if inner is mapping else 'ARRAY' }}'
                )
                {%- endif %}

                then '{{ path | replace('.', '_') }}'
            {%- endfor %}
            {%- for path in texts %}
            when {{ json_kind('payload', path) }} in ('ARRAY', 'OBJECT')
                then '{{ path | replace('.', '_') }}'
            {%- endfor %}
        end as _misfit
{%- endmacro %}

{#- Each node of a structure outside lists: (path, text or JSON or deeper structure). -#}
{% macro paths_of(structure, within='') -%}
    {%- set paths = [] -%}
    {%- for name, inner in structure.items() if inner != 'JSON' -%}
        {%- do paths.append((within ~ name, inner)) -%}
        {%- if inner is mapping -%}
            {%- do paths.extend(paths_of(inner, within ~ name ~ '.')) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(paths) }}
{%- endmacro %}

{#-
  Judges the files of an entity, whose values are typed and whose bad rows were put
  aside when they were taken: what is left to judge are values against each other.

  checks: {reason: condition}.
-#}
{% macro file_dispositions(entity, checks={}) %}
with received as (
    select
        {{ envelope_columns() }},
        * exclude (
            key, cursor_at, version, seq, op, extracted_at, payload,
            parent_key, _dlt_load_id, is_deleted
        ),
        op = 'delete' as is_deleted
    from {{ source('all_files', entity) }}
),

-- the same contents were read again, by another mapping or with a new neighbour
taken_again as (
    select
        source,
        _dlt_load_id as _load_id,
        file_number
    from {{ source('all_files', 'taken_files') }}
    where stream = '{{ entity }}'
    qualify _dlt_load_id < max(_dlt_load_id) over (
        partition by source, name, sha256
    )
),

judged as (
    select
        received.*,
        taken_again.file_number is null as _is_current,
        case
            when _is_from_future then 'future_version'
            {% for reason, condition in checks.items() -%}
            when {{ condition }} then '{{ reason }}'
            {% endfor -%}
        end as _reason
    from received
    left join taken_again
        on
            received.source = taken_again.source
            and received._load_id = taken_again._load_id
            and received._seq // {{ lines_per_file() }}
            = taken_again.file_number
),

{{ latest_of_judged(
    ['source'], ['_is_current', '_is_from_future'], '_is_current'
) }}
{% endmacro %}

{#- Room for the lines of one file in a sequence number. -#}
{% macro lines_per_file() -%}
1099511627776
{%- endmacro %}

{#-
  Of each key the latest good version counts.

  scope: columns without which a key says nothing.
  dropped: columns that only judged.
  is_current: condition of the rows that may count.
-#}
{% macro latest_of_judged(scope, dropped, is_current=none) -%}
-- ranked by themselves: a window over whole records sorts all of their columns
latest as (
    select
        {% for column in scope -%}
        {{ column }},
        {% endfor -%}
        _load_id,
        _seq
    from judged
    where _reason is null{% if is_current %} and {{ is_current }}{% endif %}

    qualify row_number() over (
        partition by {{ (scope + ['_key']) | join(', ') }}
        order by _version desc nulls last, _load_id desc, _seq desc
    ) = 1
)

select
    judged.* exclude ({{ dropped | join(', ') }}),
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
        {%- for column in scope %}
        and judged.{{ column }} = latest.{{ column }}
        {%- endfor %}
{%- endmacro %}

{% macro envelope_columns() -%}
    key as _key,
    _dlt_load_id as _load_id,
    version as _version,
    seq as _seq,
    -- a version dated ahead would beat every later one; clocks may differ by a day
    version > epoch_us(extracted_at) + 86400000000 as _is_from_future
{%- endmacro %}
