-- Companies from every source, with the domains that each names, in order.
-- Those of a CRM lead: they say which domains are one company.
with companies as (
    select
        'hubspot' as source,
        company_id,
        name,
        list_concat([domain], additional_domains) as domains,
        industry,
        country,
        lifecycle_stage,
        owner_id,
        coalesce(url, {{ hubspot_url('0-2', 'company_id') }}) as source_url,
        is_deleted,
        created_at
    from {{ ref('stg_hubspot__companies') }}
    union all
    select
        'zendesk' as source,
        organization_id as company_id,
        name,
        domain_names as domains,
        null as industry,
        null as country,
        null as lifecycle_stage,
        null as owner_id,
        null as source_url,
        deleted_at is not null as is_deleted,
        created_at
    from {{ ref('stg_zendesk__organizations') }}
    union all
    select
        source,
        account_id as company_id,
        name,
        list_concat(
            [domain], coalesce(other_domains, {{ empty_list() }})
        ) as domains,
        industry,
        country,
        lifecycle_stage,
        owner_id,
        url as source_url,
        is_deleted,
        created_at
    from {{ ref('stg_files__accounts') }}
)

select
    companies.* exclude (owner_id),
    coalesce(crm_merges.winner_id, companies.company_id) as surviving_id,
    {{ surrogate_key(['companies.source', 'companies.owner_id']) }}
        as owner_key,
    crm_merges.loser_id is not null as is_merged,
    crm_sources.source is not null as is_leading
from companies
left join {{ ref('int_crm_sources') }} as crm_sources
    on companies.source = crm_sources.source
left join {{ ref('crm_merges') }} as crm_merges
    on
        companies.source = crm_merges.source
        and companies.company_id = crm_merges.loser_id
        and crm_merges.object = 'companies'
