with received as (
    select
        {{ envelope_columns() }},
        parent_key as survey_id,
        {{ record_of('{"values": "JSON"}', texts=[
            'values.recipientEmail', 'values.externalDataReference',
            'values.externalReference', 'values.distributionChannel',
            'values.userLanguage'
        ]) }}
    from {{ source('qualtrics', 'responses') }}
),

unpacked as (
    select
        *,
        {{ json_map("record['values']", 'varchar') }} as fields
    from received
),

typed as (
    select
        *,
        _key as response_id,
        {{ not_blank("fields['recipientEmail']") }} as recipient_email,
        {{ not_blank("coalesce(
            fields['externalDataReference'], fields['externalReference']
        )") }} as external_reference,
        fields['distributionChannel'] as distribution_channel,
        lower(fields['userLanguage']) as language,
        {{ typed("fields['status']", 'integer') }} as status,
        {{ typed("fields['progress']", 'integer') }} as progress_pct,
        {{ typed("fields['duration']", 'bigint') }} as duration_seconds,
        {{ typed("fields['finished']", 'boolean') }} as is_finished,
        -- 0 is a normal response; previews, tests and spam must not count
        coalesce(fields['status'] = '0', false) as is_countable,
        list_filter(
            map_entries(fields),
            lambda entry: starts_with(entry.key, 'QID')
            and entry.value is not null
        ) as answers,
        {{ utc("fields['startDate']") }} as started_at,
        {{ utc("fields['endDate']") }} as ended_at,
        {{ utc("fields['recordedDate']") }} as recorded_at,
        coalesce(
            {{ utc("fields['lastModifiedDate']") }},
            {{ utc("fields['recordedDate']") }}
        ) as updated_at
    from unpacked
),

{{ dispositions(
    'typed',
    parsed={
        'fields': "record['values']",
        'status': "fields['status']",
        'progress_pct': "fields['progress']",
        'duration_seconds': "fields['duration']",
        'is_finished': "fields['finished']",
        'started_at': "fields['startDate']",
        'ended_at': "fields['endDate']",
        'recorded_at': "fields['recordedDate']",
    },
    required=['survey_id', 'fields', 'status', 'recorded_at'],
) }}
