{{ file_dispositions('survey_answers', checks={
    'not_an_integer': 'score <> trunc(score)',
    'bad_scale': scale_min() ~ ' >= ' ~ scale_max(),
    'nps_is_0_to_10': "survey_type = 'NPS' and ("
        ~ scale_min() ~ ' <> 0 or ' ~ scale_max() ~ ' <> 10)',
    'out_of_scale': 'score < ' ~ scale_min() ~ ' or score > ' ~ scale_max(),
}) }}
