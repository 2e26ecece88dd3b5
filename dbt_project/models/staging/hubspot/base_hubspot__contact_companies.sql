{{ associations('contact_companies', 'contact_id', 'companies') }}
