{{ associations('deal_companies', 'deal_id', 'companies') }}
