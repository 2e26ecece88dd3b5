with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "number": "VARCHAR", "name": "VARCHAR", "country_code": "VARCHAR",
            "created_at": "VARCHAR"
        }') }}
    from {{ source('zendesk_talk', 'phone_numbers') }}
),

typed as (
    select
        *,
        _key as line_id,
        record.number,
        record.name,
        record.country_code,
        {{ utc('record.created_at') }} as created_at
    from received
),

{{ dispositions(
    'typed',
    parsed={'created_at': 'record.created_at'},
    required=['number'],
) }}
