package io.persegment.report;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.identity.IdentityMap;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
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

  /** Two actions, the larger with one row a source and kind. */
  static RecordFigures read(Lake lake) {
    Dataset<Row> map = lake.read(IdentityMap.TABLE);
    Column records = count(lit(1));
    Column customers = count_distinct(IdentityMap.CUSTOMER_ID.col());
    Row all = map.agg(records, customers).head();
    List<Kind> kinds =
        map
            .groupBy(IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col())
            .agg(records, customers)
            .orderBy(IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col())
            .collectAsList()
            .stream()
            .map(
                row -> new Kind(row.getString(0), row.getString(1), row.getLong(2), row.getLong(3)))
            .toList();
    return new RecordFigures(all.getLong(0), all.getLong(1), kinds);
  }
}
