const words = (text: string): string[] => text.trim().split(/\s+/);

/** Built-in functions of Databricks that the engine does not know; calling one is a limit, not a mistake. */
export const UNSUPPORTED_FUNCTIONS = new Set(
  words(`
    aes_decrypt aes_encrypt ai_analyze_sentiment ai_classify ai_extract ai_fix_grammar ai_forecast ai_gen ai_generate_text ai_mask
    ai_query ai_similarity ai_summarize ai_translate approx_top_k array_agg_distinct array_compact array_insert array_prepend
    arrays_zip assert_true bin bitmap_bit_position bitmap_construct_agg bit_count bit_get bit_length bit_reverse
    conv convert_timezone count_min_sketch crc32 cume_dist_agg current_catalog current_database current_metastore current_schema
    current_version decode elt encode expm1 extract_json factorial find_in_set floor_div forall format_string from_avro from_csv
    from_json from_utc_timestamp from_xml getbit h3_boundaryasgeojson hex histogram_numeric hll_sketch_agg hll_sketch_estimate hll_union
    http_request hypot inline inline_outer input_file_name is_account_group_member is_member is_variant_null java_method
    json_object_keys json_tuple kll_sketch luhn_check make_dt_interval make_ym_interval map_concat map_contains_key map_entries
    map_filter map_from_arrays map_from_entries map_zip_with mask monotonically_increasing_id
    normalize_nfc nth_percentile octet_length overlay parse_json parse_url printf quote range_join reflect regexp_instr
    regexp_substr regr_avgx regr_avgy regr_sxx regr_sxy regr_syy rint schema_of_csv schema_of_json schema_of_variant sentences
    session_window shiftleft shiftright shuffle soundex spark_partition_id st_area st_astext st_distance str_to_map
    timediff to_avro to_binary to_csv to_utc_timestamp to_variant_object to_xml transform_keys transform_values
    try_aes_decrypt try_avg_decimal try_parse_json try_reflect try_to_binary try_to_number try_url_decode try_variant_get
    try_zeroifnull unbase64 unhex url_decode url_encode variant_get vector_search version window window_time xpath xpath_string
    zip_with
  `),
);
