{{ associations('deal_contacts', 'deal_id', 'contacts') }}
