select
    {{ surrogate_key(["'zendesk'", 'group_id']) }} as group_key,
    group_id,
    'zendesk' as source,
    name,
    description,
    is_deleted or is_deleted_flag as is_deleted,
    created_at
from {{ ref('stg_zendesk__groups') }}
