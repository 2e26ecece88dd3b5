{#- A record on HubSpot's own screen, where the account's number is configured. -#}
{% macro hubspot_url(object_type, id) -%}
{% if var('hubspot_portal') -%}
'https://app.hubspot.com/contacts/{{ var("hubspot_portal") }}'
        || '/record/{{ object_type }}/' || {{ id }}
{%- else -%}
cast(null as varchar)
{%- endif %}
{%- endmacro %}
