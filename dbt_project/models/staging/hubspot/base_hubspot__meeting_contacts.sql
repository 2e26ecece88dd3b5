{{ associations('meeting_contacts', 'meeting_id', 'contacts') }}
