with received as (
    select
        {{ envelope_columns() }},
        op = 'delete' as is_removed,
        {{ record_of('{
            "properties": {
                "hs_survey_id": "VARCHAR", "hs_survey_name": "VARCHAR",
                "hs_survey_type": "VARCHAR", "hs_survey_channel": "VARCHAR",
                "hs_response_group": "VARCHAR", "hs_content": "VARCHAR",
                "hs_contact_email_rollup": "VARCHAR", "hs_value": "VARCHAR",
                "hs_submission_timestamp": "VARCHAR",
                "hs_merged_object_ids": "VARCHAR"
            },
            "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'feedback_submissions') }}
),

typed as (
    select
        *,
        _key as feedback_submission_id,
        {{ not_blank('record.properties.hs_survey_id') }} as survey_id,
        {{ not_blank('record.properties.hs_survey_name') }} as survey_name,
        {{ not_blank('record.properties.hs_survey_type') }} as survey_type,
        {{ not_blank('record.properties.hs_survey_channel') }}
            as survey_channel,
        {{ not_blank('record.properties.hs_response_group') }}
            as response_group,
        {{ not_blank('record.properties.hs_content') }} as comment_text,
        {{ not_blank('record.properties.hs_contact_email_rollup') }}
            as contact_email,
        {{ split_values('record.properties.hs_merged_object_ids') }}
            as merged_ids,
        {{ typed('record.properties.hs_value', 'decimal(9, 2)') }} as score,
        is_removed or coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_deleted,
        {{ utc_or_epoch_ms('record.properties.hs_submission_timestamp') }}
            as submitted_at,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'score': not_blank('record.properties.hs_value'),
        'submitted_at': not_blank('record.properties.hs_submission_timestamp'),
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
    required=['survey_type', 'submitted_at', 'created_at', 'updated_at'],
) }}
