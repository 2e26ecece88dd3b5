with received as (
    select
        {{ envelope_columns() }},
        parent_key as schedule_id,
        {{ record_of('{
            "name": "VARCHAR", "start_date": "VARCHAR", "end_date": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'holidays') }}
),

typed as (
    select
        *,
        _key as holiday_id,
        record.name,
        {{ typed('record.start_date', 'date') }} as starts_on,
        {{ typed('record.end_date', 'date') }} as ends_on
    from received
),

{{ dispositions(
    'typed',
    parsed={'starts_on': 'record.start_date', 'ends_on': 'record.end_date'},
    required=['schedule_id', 'starts_on', 'ends_on'],
) }}
