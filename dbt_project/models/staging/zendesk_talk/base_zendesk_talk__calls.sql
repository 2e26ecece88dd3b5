with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "created_at": "VARCHAR", "updated_at": "VARCHAR",
            "agent_id": "VARCHAR", "customer_id": "VARCHAR",
            "ticket_id": "VARCHAR", "phone_number_id": "VARCHAR",
            "direction": "VARCHAR", "completion_status": "VARCHAR",
            "duration": "VARCHAR", "talk_time": "VARCHAR",
            "wait_time": "VARCHAR", "hold_time": "VARCHAR",
            "wrap_up_time": "VARCHAR", "consultation_time": "VARCHAR",
            "ivr_time_spent": "VARCHAR", "voicemail": "VARCHAR",
            "callback": "VARCHAR", "outside_business_hours": "VARCHAR"
        }') }}
    from {{ source('zendesk_talk', 'calls') }}
),

typed as (
    select
        *,
        _key as call_id,
        -- an id of 0 stands for nobody
        nullif(record.agent_id, '0') as agent_id,
        nullif(record.customer_id, '0') as customer_id,
        nullif(record.ticket_id, '0') as ticket_id,
        record.phone_number_id as line_id,
        record.direction,
        record.completion_status as status,
        {{ typed('record.duration', 'bigint') }} as duration_seconds,
        {{ typed('record.talk_time', 'bigint') }} as talk_seconds,
        -- the queue alone; time_to_answer holds the menu too
        {{ typed('record.wait_time', 'bigint') }} as wait_seconds,
        {{ typed('record.hold_time', 'bigint') }} as hold_seconds,
        {{ typed('record.wrap_up_time', 'bigint') }} as wrap_up_seconds,
        {{ typed('record.consultation_time', 'bigint') }}
            as consultation_seconds,
        {{ typed('record.ivr_time_spent', 'bigint') }} as ivr_seconds,
        {{ typed('record.voicemail', 'boolean') }} as is_voicemail,
        {{ typed('record.callback', 'boolean') }} as is_callback,
        {{ typed('record.outside_business_hours', 'boolean') }}
            as is_after_hours,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'duration_seconds': 'record.duration',
        'talk_seconds': 'record.talk_time',
        'wait_seconds': 'record.wait_time',
        'hold_seconds': 'record.hold_time',
        'wrap_up_seconds': 'record.wrap_up_time',
        'consultation_seconds': 'record.consultation_time',
        'ivr_seconds': 'record.ivr_time_spent',
        'is_voicemail': 'record.voicemail',
        'is_callback': 'record.callback',
        'is_after_hours': 'record.outside_business_hours',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['direction', 'status', 'created_at', 'updated_at'],
) }}
