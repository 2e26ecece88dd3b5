-- Every source record that stands for a customer. One that is no person by
-- itself (is_person) does so only through an address that is somebody's own.
select
    'zendesk' as source,
    user_id as source_id,
    null as merged_into_id,
    name,
    email,
    {{ empty_list() }} as other_emails,
    phone,
    true as is_person,
    created_at as first_seen_at
from {{ ref('stg_zendesk__users') }}
where role = 'end-user'
union all
select
    'hubspot' as source,
    contacts.contact_id as source_id,
    crm_merges.winner_id as merged_into_id,
    {{ not_blank("concat_ws(' ', contacts.first_name, contacts.last_name)") }}
        as name,
    contacts.email,
    contacts.additional_emails as other_emails,
    contacts.phone,
    true as is_person,
    contacts.created_at as first_seen_at
from {{ ref('stg_hubspot__contacts') }} as contacts
left join {{ ref('crm_merges') }} as crm_merges
    on
        contacts.contact_id = crm_merges.loser_id
        and crm_merges.object = 'contacts'
        and crm_merges.source = 'hubspot'
union all
select
    'typeform' as source,
    response_id as source_id,
    null as merged_into_id,
    null as name,
    hidden_email as email,
    {{ empty_list() }} as other_emails,
    null as phone,
    false as is_person,
    coalesce(submitted_at, landed_at) as first_seen_at
from {{ ref('stg_typeform__responses') }}
union all
select
    'trustpilot' as source,
    review_id as source_id,
    null as merged_into_id,
    reviewer_name as name,
    reviewer_email as email,
    {{ empty_list() }} as other_emails,
    null as phone,
    false as is_person,
    created_at as first_seen_at
from {{ ref('stg_trustpilot__reviews') }}
union all
select
    source,
    source_id,
    merged_into_id,
    name,
    email,
    other_emails,
    phone,
    is_person,
    first_seen_at
from {{ ref('file_customer_records') }}
