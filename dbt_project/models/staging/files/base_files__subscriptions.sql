{{ file_dispositions('subscriptions') }}
