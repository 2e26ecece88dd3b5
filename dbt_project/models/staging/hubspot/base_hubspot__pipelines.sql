with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "label": "VARCHAR", "archived": "VARCHAR", "stages": "JSON",
            "createdAt": "VARCHAR", "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'pipelines') }}
),

typed as (
    select
        *,
        _key as pipeline_id,
        {{ not_blank('record.label') }} as label,
        {{ parsed_list('record.stages', '{
            "id": "VARCHAR", "label": "VARCHAR", "displayOrder": "VARCHAR",
            "metadata": {"isClosed": "VARCHAR", "probability": "VARCHAR"}
        }') }} as stages,
        coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_archived,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'stages': 'record.stages',
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
    required=['label', 'stages'],
) }}
