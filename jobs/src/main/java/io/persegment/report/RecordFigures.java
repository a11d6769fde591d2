package io.persegment.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.persegment.identity.IdentityMap;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Which records are how many people.
 *
 * @param records of all sources
 * @param customers people that these are
 * @param kinds by source and kind of record
 */
public record RecordFigures(long records, long customers, List<Kind> kinds) {

  /**
   * The records of one kind of one source.
   *
   * @param source empty for addresses, which are nobody's records
   * @param customers people who have at least one of them
   */
  public record Kind(String source, String type, long records, long customers) {

    /** Returns what such records are, in words. */
    public String inWords() {
      return switch (type) {
        case IdentityMap.CONTACT -> "contacts";
        case IdentityMap.ORDER -> "orders of guests";
        case IdentityMap.LOGIN -> "logins";
        case IdentityMap.ANONYMOUS -> "browsers and devices";
        case IdentityMap.ADDRESS -> "addresses that only events name";
        default -> type;
      };
    }
  }

  /** Returns how many systems the records come from. */
  public long sources() {
    return kinds.stream().map(Kind::source).filter(name -> !name.isEmpty()).distinct().count();
  }

  /** An action, with one row a source and kind, and one for all of them. */
  static RecordFigures read(Lake lake) {
    List<Row> rows =
        lake.read(IdentityMap.TABLE)
            .rollup(struct(IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col()).as("kind"))
            .agg(count(lit(1)), count_distinct(IdentityMap.CUSTOMER_ID.col()))
            .orderBy(col("kind").asc_nulls_first())
            .collectAsList();
    if (rows.isEmpty()) {
      return new RecordFigures(0, 0, List.of()); // of no row there is no sum either
    }
    Row all = rows.get(0);
    List<Kind> kinds =
        rows.stream()
            .skip(1)
            .map(
                row ->
                    new Kind(
                        row.getStruct(0).getString(0),
                        row.getStruct(0).getString(1),
                        row.getLong(1),
                        row.getLong(2)))
            .toList();
    return new RecordFigures(all.getLong(1), all.getLong(2), kinds);
  }
}
