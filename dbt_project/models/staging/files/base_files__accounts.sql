{{ file_dispositions('accounts') }}
