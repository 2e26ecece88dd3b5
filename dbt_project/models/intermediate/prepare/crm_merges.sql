-- Which record each merged one became; chains end at the last winner.
with recursive named as (
    {% for object, id in [
        ('contacts', 'contact_id'), ('companies', 'company_id'),
        ('deals', 'deal_id'),
    ] -%}
    select
        'hubspot' as source,
        '{{ object }}' as object,
        {{ id }} as winner_id,
        unnest(merged_ids) as loser_id
    from {{ ref('stg_hubspot__' ~ object) }}
    union all
    {% endfor -%}
    {% for object, entity, id in [
        ('contacts', 'customers', 'customer_id'),
        ('companies', 'accounts', 'account_id'),
        ('deals', 'deals', 'deal_id'),
    ] -%}
    select
        source,
        '{{ object }}' as object,
        merged_into_id as winner_id,
        {{ id }} as loser_id
    from {{ ref('stg_files__' ~ entity) }}
    where merged_into_id is not null
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

chains as (
    select
        source,
        object,
        loser_id,
        winner_id,
        1 as steps
    from named
    where loser_id <> winner_id
    union
    select
        chains.source,
        chains.object,
        chains.loser_id,
        named.winner_id,
        chains.steps + 1 as steps
    from chains
    inner join named
        on
            chains.source = named.source
            and chains.object = named.object
            and chains.winner_id = named.loser_id
    -- a circle of merges, which the vendor does not make, must end too
    where chains.steps < 20
)

select
    source,
    object,
    loser_id,
    winner_id
from chains
where loser_id <> winner_id
qualify row_number() over (
    partition by source, object, loser_id
    order by steps desc, length(winner_id) asc, winner_id asc
) = 1
