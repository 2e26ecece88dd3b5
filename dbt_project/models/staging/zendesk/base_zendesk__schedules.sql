with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "time_zone": "VARCHAR", "intervals": "JSON",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'schedules') }}
),

typed as (
    select
        *,
        _key as schedule_id,
        record.name,
        record.time_zone,
        {{ complete_list('record.intervals', '{
            "start_time": "BIGINT", "end_time": "BIGINT"
        }', ['start_time', 'end_time']) }} as intervals,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'intervals': 'record.intervals',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['time_zone', 'intervals'],
) }}
