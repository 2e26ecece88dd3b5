select
    {{ surrogate_key(["'typeform'", 'form_id']) }} as survey_key,
    'typeform' as source,
    form_id as source_id,
    url as source_url,
    title,
    is_deleted,
    created_at
from {{ ref('stg_typeform__forms') }}
union all
select
    {{ surrogate_key(["'zendesk'", "'satisfaction_ratings'"]) }} as survey_key,
    'zendesk' as source,
    'satisfaction_ratings' as source_id,
    null as source_url,
    'Zendesk satisfaction rating' as title,
    false as is_deleted,
    null as created_at
where exists (select 1 from {{ ref('stg_zendesk__tickets') }})
union all
select
    {{ surrogate_key(["'zendesk'", "'survey_responses'"]) }} as survey_key,
    'zendesk' as source,
    'survey_responses' as source_id,
    null as source_url,
    'Zendesk satisfaction survey' as title,
    false as is_deleted,
    null as created_at
where exists (select 1 from {{ ref('stg_zendesk__tickets') }})
union all
select
    {{ surrogate_key(['source', 'survey_id']) }} as survey_key,
    source,
    survey_id as source_id,
    null as source_url,
    max(survey_name) as title,
    false as is_deleted,
    null as created_at
from {{ ref('int_file_answers') }}
group by source, survey_id
