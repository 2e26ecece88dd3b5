-- Links between CRM objects, with the ids that merged ones have now.
with linked as (
    {% for link, object, from_id, to_ids, primary_type in [
        ('contact_company', 'contact_companies', 'contact_id', 'companies', '1'),
        ('deal_company', 'deal_companies', 'deal_id', 'companies', '5'),
        ('deal_contact', 'deal_contacts', 'deal_id', 'contacts', ''),
    ] -%}
    select
        'hubspot' as source,
        '{{ link }}' as link,
        {{ from_id }} as from_id,
        '{{ to_ids }}' as to_object,
        unnest({{ to_ids }}) as entry,
        'HUBSPOT_DEFINED {{ primary_type }}' as primary_type
    from {{ ref('stg_hubspot__' ~ object) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

entries as (
    select
        source,
        link,
        from_id,
        to_object,
        entry.toobjectid as to_id,
        list_contains(
            list_transform(
                entry.associationtypes,
                lambda kind: concat_ws(' ', kind.category, kind.typeid)
            ),
            primary_type
        ) as is_primary
    from linked
    union all
    select
        source,
        'deal_company' as link,
        deal_id as from_id,
        'companies' as to_object,
        account_id as to_id,
        true as is_primary
    from {{ ref('stg_files__deals') }}
    where account_id is not null
    union all
    select
        source,
        'deal_contact' as link,
        deal_id as from_id,
        'contacts' as to_object,
        customer_id as to_id,
        true as is_primary
    from {{ ref('stg_files__deals') }}
    where customer_id is not null
)

select
    entries.source,
    entries.link,
    entries.from_id,
    coalesce(crm_merges.winner_id, entries.to_id) as to_id,
    bool_or(entries.is_primary) as is_primary
from entries
left join {{ ref('crm_merges') }} as crm_merges
    on
        entries.source = crm_merges.source
        and entries.to_object = crm_merges.object
        and entries.to_id = crm_merges.loser_id
group by
    entries.source,
    entries.link,
    entries.from_id,
    coalesce(crm_merges.winner_id, entries.to_id)
