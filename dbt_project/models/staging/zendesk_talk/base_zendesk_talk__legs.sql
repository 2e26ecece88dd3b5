with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "call_id": "VARCHAR", "type": "VARCHAR", "agent_id": "VARCHAR",
            "user_id": "VARCHAR", "duration": "VARCHAR",
            "talk_time": "VARCHAR", "hold_time": "VARCHAR",
            "wrap_up_time": "VARCHAR", "completion_status": "VARCHAR",
            "transferred_from": "VARCHAR", "transferred_to": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk_talk', 'legs') }}
),

typed as (
    select
        *,
        _key as leg_id,
        record.call_id,
        record.type as leg_type,
        -- an id of 0 stands for nobody
        nullif(record.agent_id, '0') as agent_id,
        nullif(record.user_id, '0') as user_id,
        record.completion_status as status,
        record.transferred_from as transferred_from_id,
        record.transferred_to as transferred_to_id,
        {{ typed('record.duration', 'bigint') }} as duration_seconds,
        {{ typed('record.talk_time', 'bigint') }} as talk_seconds,
        {{ typed('record.hold_time', 'bigint') }} as hold_seconds,
        {{ typed('record.wrap_up_time', 'bigint') }} as wrap_up_seconds,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'duration_seconds': 'record.duration',
        'talk_seconds': 'record.talk_time',
        'hold_seconds': 'record.hold_time',
        'wrap_up_seconds': 'record.wrap_up_time',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['call_id', 'leg_type', 'created_at', 'updated_at'],
) }}
