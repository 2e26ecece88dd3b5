{#-
  What a property of a HubSpot object said over time, newest first, from JSON; NULL
  where a change has no date that can be read.
-#}
{% macro property_history(json) -%}
{%- set changes -%}
list_transform(
            {{ parsed_list(json, '{
            "value": "VARCHAR", "timestamp": "VARCHAR", "sourceType": "VARCHAR"
        }') }},
            lambda change: {
                'value': {{ not_blank('change.value') }},
                'source_type': change.sourcetype,
                'changed_at': {{ utc_or_epoch_ms('change.timestamp') }}
            }
        )
{%- endset -%}
case
        when len(list_filter({{ changes }}, lambda each: each.changed_at is null)) = 0
            then {{ changes }}
    end
{%- endmacro %}

{#-
  The changes of a property in all good versions of a record: the vendor keeps only the
  newest ones, the lake keeps them all. Of two at one instant the later one counts.
-#}
{% macro property_changes(base, id, history, value) %}
with changes as (
    select
        {{ id }},
        _version,
        _load_id,
        unnest({{ history }}) as change,
        generate_subscripts({{ history }}, 1) as place
    from {{ ref(base) }}
    where _disposition <> 'quarantined'
)

select
    {{ id }},
    change.value as {{ value }},
    change.source_type,
    change.changed_at
from changes
qualify row_number() over (
    partition by {{ id }}, change.changed_at
    order by _version desc nulls last, _load_id desc, place asc
) = 1
{% endmacro %}
