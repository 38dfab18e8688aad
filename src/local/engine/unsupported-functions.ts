const words = (text: string): string[] => text.trim().split(/\s+/);

/** Built-in functions of Databricks that the engine does not know; calling one is a limit, not a mistake. */
export const UNSUPPORTED_FUNCTIONS = new Set(
  words(`
    aes_decrypt aes_encrypt ai_analyze_sentiment ai_classify ai_extract ai_fix_grammar ai_forecast ai_gen ai_generate_text ai_mask
    ai_query ai_similarity ai_summarize ai_translate approx_top_k parse_xml     arrays_zip assert_true bitmap_bit_position bitmap_construct_agg bit_get bit_reverse
    conv count_min_sketch crc32 cume_dist_agg current_metastore     current_version encode extract_json floor_div from_avro from_csv
    from_xml getbit h3_boundaryasgeojson histogram_numeric hll_sketch_agg hll_sketch_estimate hll_union
    http_request inline_outer input_file_name is_account_group_member is_member is_variant_null java_method
    json_tuple kll_sketch luhn_check make_dt_interval     map_zip_with monotonically_increasing_id
    normalize_nfc nth_percentile parse_url quote range_join reflect regexp_instr
    schema_of_csv schema_of_json schema_of_variant sentences
    session_window shuffle soundex spark_partition_id st_area st_astext st_distance     timediff to_avro to_binary to_csv to_variant_object to_xml 
    try_aes_decrypt try_avg_decimal try_reflect try_to_binary try_to_number try_url_decode try_variant_get
    try_zeroifnull variant_get vector_search window window_time xpath xpath_string
    
  `),
);
