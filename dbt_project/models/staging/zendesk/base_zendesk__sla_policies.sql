with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "title": "VARCHAR", "description": "VARCHAR",
            "position": "VARCHAR", "filter": "JSON", "policy_metrics": "JSON",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'sla_policies') }}
),

typed as (
    select
        *,
        _key as policy_id,
        record.title,
        record.description,
        record.filter,
        {{ typed('record.position', 'bigint') }} as position,
        {{ complete_list('record.policy_metrics', '{
            "priority": "VARCHAR", "metric": "VARCHAR", "target": "BIGINT",
            "business_hours": "BOOLEAN"
        }', ['priority', 'metric', 'target']) }} as targets,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'position': 'record.position',
        'targets': 'record.policy_metrics',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['title', 'targets'],
) }}
