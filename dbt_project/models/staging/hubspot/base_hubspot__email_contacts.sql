{{ associations('email_contacts', 'email_id', 'contacts') }}
