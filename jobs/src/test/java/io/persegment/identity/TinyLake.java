package io.persegment.identity;

import io.persegment.conformed.Contacts;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;

/**
 * Seven records of four customers. k1 is contacts 1, 2, 3 and an order: 1 and 2 share an e-mail, 2
 * and 3 match, 3 and the order share a phone. 4 matched 3 and was cut; 4 and 1 share an address
 * that links nobody. 5 was compared with 1 and is too unlike; 6 was compared with nobody.
 */
final class TinyLake {
  private static final String MODEL =
      """
      select 1 as version, date'2026-01-05' as trained_as_of, 0.8 as threshold,
        map('rounds', 3.0D) as metrics,
        array(named_struct('comparison', 0, 'value', xxhash64('ada'), 'share', 0.004D))
          as term_frequencies,
        named_struct(
          'records', 1001L,
          'comparisons', array(
            'first_name: first_name [exact, jaro-winkler >= 0.92], person, by frequency',
            'city: city [exact], place',
            'loyalty: loyalty_id [exact], person'),
          'blocking', array('first_name'),
          'shares', map(
            'one_person', 0.001D, 'household', 0D, 'neighbours', 0.009D, 'strangers', 0.99D),
          'chances', map(
            'one_person', array(array(0.8D, 0.1D, 0.1D), array(0.9D, 0.1D), array(0.5D, 0.5D)),
            'household', array(array(0.02D, 0.01D, 0.97D), array(0.9D, 0.1D), array(0.5D, 0.5D)),
            'neighbours', array(array(0.02D, 0.01D, 0.97D), array(0.9D, 0.1D), array(0.5D, 0.5D)),
            'strangers', array(array(0.02D, 0.01D, 0.97D), array(0.01D, 0.99D), array(0.5D, 0.5D))),
          'known', array(900L, 900L, 0L),
          'agreeing', array(0.02D, 0.01D, 0.5D)) as parameters
      """;

  private TinyLake() {}

  static Lake make(LocalSpark.Handle spark, Path folder) {
    var lake = new Lake(spark.session(), folder.resolve("lake").toString());
    lake.overwrite(
        Contacts.TABLE,
        spark.rows(
            Contacts.TABLE,
            """
            select 'crm' as source, *, timestamp'2026-01-01 00:00:00' as created_at,
              '' as source_file, current_timestamp() as ingested_at, map() as attributes
            from values ('1', 'Ada', 'Oslo'), ('2', 'Ada', 'Oslo'), ('3', 'Adah', 'Oslo'),
              ('4', 'Bo', 'Oslo'), ('5', 'Cy', 'Bergen'), ('6', 'Ada', null)
              as t(record_id, first_name, city)
            """));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            """
            select *, date'2026-01-05' as since
            from values ('crm', 'contact', '1', 'k1'), ('crm', 'contact', '2', 'k1'),
              ('crm', 'contact', '3', 'k1'), ('shop', 'order', 'o1', 'k1'),
              ('crm', 'contact', '4', 'k2'), ('crm', 'contact', '5', 'k3'),
              ('crm', 'contact', '6', 'k4') as t(source, record_type, record_id, customer_id)
            """));
    lake.overwrite(
        IdentityLinks.TABLE,
        spark.rows(
            IdentityLinks.TABLE,
            """
            select *, cut_reason is null as kept
            from values
              ('crm/contact/1', 'identifier:email:aaaaaaaaaaaa', 'email', null, 1, null),
              ('crm/contact/2', 'identifier:email:aaaaaaaaaaaa', 'email', null, 1, null),
              ('crm/contact/3', 'identifier:phone+name:bbbbbbbbbb', 'phone+name', null, 1, null),
              ('shop/order/o1', 'identifier:phone+name:bbbbbbbbbb', 'phone+name', null, 1, null),
              ('crm/contact/1', 'identifier:email:cccccccccccc', 'email', null, 1,
                'on too many records'),
              ('crm/contact/4', 'identifier:email:cccccccccccc', 'email', null, 1,
                'on too many records'),
              ('crm/contact/2', 'crm/contact/3', 'matched', 3.0, 0.89, null),
              ('crm/contact/4', 'crm/contact/3', 'matched', 2.5, 0.85,
                'the other records of both do not match'),
              ('crm/contact/1', 'crm/contact/5', 'matched', -1.2, 0.3, 'below the threshold')
              as t(left_key, right_key, rule, match_weight, match_probability, cut_reason)
            """));
    lake.overwrite(IdentityModels.TABLE, spark.rows(IdentityModels.TABLE, MODEL));
    return lake;
  }
}
