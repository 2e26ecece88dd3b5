with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "ticket_id": "VARCHAR", "metric": "VARCHAR",
            "instance_id": "VARCHAR", "type": "VARCHAR", "time": "VARCHAR",
            "deleted": "VARCHAR",
            "sla": {
                "target": "VARCHAR", "target_in_seconds": "VARCHAR",
                "business_hours": "VARCHAR", "policy": {"id": "VARCHAR"}
            },
            "status": {"calendar": "VARCHAR", "business": "VARCHAR"}
        }') }}
    from {{ source('zendesk', 'ticket_metric_events') }}
),

typed as (
    select
        *,
        _key as event_id,
        record.ticket_id,
        record.metric,
        record.type as event_type,
        record.sla.policy.id as policy_id,
        {{ typed('record.instance_id', 'bigint') }} as instance_id,
        {{ utc('record.time') }} as occurred_at,
        coalesce(
            {{ typed('record.sla.target_in_seconds', 'bigint') }},
            60 * {{ typed('record.sla.target', 'bigint') }}
        ) as target_seconds,
        {{ typed('record.sla.business_hours', 'boolean') }} as is_business_time,
        {{ typed('record.status.calendar', 'bigint') }} as calendar_minutes,
        {{ typed('record.status.business', 'bigint') }} as business_minutes,
        -- a breach of a target that was taken away is none
        coalesce({{ typed('record.deleted', 'boolean') }}, false) as is_void
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'instance_id': 'record.instance_id',
        'occurred_at': 'record.time',
        'target_seconds':
            'coalesce(record.sla.target_in_seconds, record.sla.target)',
        'is_business_time': 'record.sla.business_hours',
        'calendar_minutes': 'record.status.calendar',
        'business_minutes': 'record.status.business',
    },
    required=['ticket_id', 'metric', 'event_type', 'occurred_at'],
) }}
