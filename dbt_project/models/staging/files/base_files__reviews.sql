{{ file_dispositions('reviews', checks={
    'out_of_scale': 'rating < 1 or rating > 5',
}) }}
