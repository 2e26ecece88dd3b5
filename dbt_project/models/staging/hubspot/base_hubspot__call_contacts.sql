{{ associations('call_contacts', 'call_id', 'contacts') }}
