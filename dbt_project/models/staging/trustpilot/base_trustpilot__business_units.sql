with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "displayName": "VARCHAR", "name": {"identifying": "VARCHAR"},
            "websiteUrl": "VARCHAR", "country": "VARCHAR"
        }') }}
    from {{ source('trustpilot', 'business_units') }}
),

typed as (
    select
        *,
        _key as business_unit_id,
        {{ not_blank('record.name.identifying') }} as domain,
        record.displayname as name,
        record.websiteurl as url,
        record.country
    from received
),

{{ dispositions('typed', required=['domain']) }}
