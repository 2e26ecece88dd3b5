{{ associations(
    'feedback_submission_contacts', 'feedback_submission_id', 'contacts'
) }}
