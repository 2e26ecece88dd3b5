{{ associations('note_contacts', 'note_id', 'contacts') }}
