{#- The objects that one object is linked to, every received list of them judged. -#}
{% macro associations(stream, from_id, linked) %}
with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{"to": "JSON"}') }}
    from {{ source('hubspot', stream) }}
),

typed as (
    select
        *,
        _key as {{ from_id }},
        {{ parsed_list('record.to', '{
            "toObjectId": "VARCHAR",
            "associationTypes": [{"category": "VARCHAR", "typeId": "VARCHAR"}]
        }') }} as {{ linked }}
    from received
),

{{ dispositions('typed', parsed={linked: 'record.to'}, required=[linked]) }}
{% endmacro %}
