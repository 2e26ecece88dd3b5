-- People whom a CRM or a helpdesk knows, with the company that each names.
with contacts as (
    select
        'hubspot' as source,
        contact_id,
        company_id,
        lifecycle_stage,
        owner_id,
        is_deleted,
        updated_at
    from {{ ref('stg_hubspot__contacts') }}
    union all
    select
        'zendesk' as source,
        user_id as contact_id,
        organization_id as company_id,
        null as lifecycle_stage,
        null as owner_id,
        not coalesce(is_active, true) as is_deleted,
        updated_at
    from {{ ref('stg_zendesk__users') }}
    union all
    select
        source,
        customer_id as contact_id,
        account_id as company_id,
        lifecycle_stage,
        owner_id,
        is_deleted,
        updated_at
    from {{ ref('stg_files__customers') }}
)

select
    contacts.* exclude (owner_id),
    customer_keys.customer_key,
    {{ surrogate_key(['contacts.source', 'contacts.owner_id']) }} as owner_key,
    crm_merges.loser_id is not null as is_merged,
    crm_sources.source is not null as is_leading
from contacts
inner join {{ source('identity', 'customer_keys') }} as customer_keys
    on
        contacts.source = customer_keys.source
        and contacts.contact_id = customer_keys.source_id
left join {{ ref('int_crm_sources') }} as crm_sources
    on contacts.source = crm_sources.source
left join {{ ref('crm_merges') }} as crm_merges
    on
        contacts.source = crm_merges.source
        and contacts.contact_id = crm_merges.loser_id
        and crm_merges.object = 'contacts'
