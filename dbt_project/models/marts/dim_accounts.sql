-- Companies of one domain are one account; the oldest one of a CRM that is left
-- speaks for it.
with accounts as (
    select
        members.account_key,
        members.domain,
        records.* exclude (company_id, domains, surviving_id, is_merged),
        records.company_id as source_id,
        count(*) over (partition by members.account_key)
            as count_source_records,
        bool_and(records.is_deleted or members.is_merged)
            over (partition by members.account_key) as is_account_deleted
    from {{ ref('int_companies') }} as records
    inner join {{ ref('int_account_members') }} as members
        on
            records.source = members.source
            and records.company_id = members.source_id
    qualify row_number() over (
        partition by members.account_key
        order by
            members.is_merged,
            records.is_deleted,
            not records.is_leading,
            records.source,
            length(records.company_id),
            records.company_id
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
