select
    {{ surrogate_key(["'zendesk'", 'user_id']) }} as agent_key,
    'zendesk' as source,
    user_id as source_id,
    name,
    email
from {{ ref('stg_zendesk__users') }}
where role in ('agent', 'admin')
