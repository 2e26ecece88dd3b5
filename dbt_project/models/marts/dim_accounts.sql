-- CRM companies and helpdesk organizations of one domain are one account; the
-- oldest company that is left speaks for it.
with records as (
    select
        'hubspot' as source,
        company_id as source_id,
        name,
        industry,
        country,
        lifecycle_stage,
        {{ surrogate_key(["'hubspot'", 'owner_id']) }} as owner_key,
        coalesce(url, {{ hubspot_url('0-2', 'company_id') }}) as source_url,
        is_deleted,
        created_at
    from {{ ref('stg_hubspot__companies') }}
    union all
    select
        'zendesk' as source,
        organization_id as source_id,
        name,
        null as industry,
        null as country,
        null as lifecycle_stage,
        null as owner_key,
        null as source_url,
        deleted_at is not null as is_deleted,
        created_at
    from {{ ref('stg_zendesk__organizations') }}
),

accounts as (
    select
        members.account_key,
        members.domain,
        records.*,
        count(*) over (partition by members.account_key)
            as count_source_records,
        bool_and(records.is_deleted or members.is_merged)
            over (partition by members.account_key) as is_account_deleted
    from records
    inner join {{ ref('int_account_members') }} as members
        on
            records.source = members.source
            and records.source_id = members.source_id
    qualify row_number() over (
        partition by members.account_key
        order by
            members.is_merged,
            records.is_deleted,
            records.source,
            length(records.source_id),
            records.source_id
    ) = 1
),

customers as (
    select
        account_key,
        count(*) as count_contacts
    from {{ ref('int_customer_accounts') }}
    where account_key is not null
    group by account_key
)

select
    accounts.account_key,
    accounts.source,
    accounts.source_id,
    accounts.source_url,
    accounts.name,
    accounts.domain,
    accounts.industry,
    accounts.country,
    accounts.lifecycle_stage,
    accounts.owner_key,
    cast(accounts.count_source_records as integer) as count_source_records,
    cast(coalesce(customers.count_contacts, 0) as integer) as count_contacts,
    accounts.is_account_deleted as is_deleted,
    accounts.created_at
from accounts
left join customers on accounts.account_key = customers.account_key
