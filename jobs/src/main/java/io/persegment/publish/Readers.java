package io.persegment.publish;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.split;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.table.Lake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * People of the last release for whom an e-mail is written to be looked at.
 *
 * @param audience rows of {@link Audience}, without those who have said no since
 */
public record Readers(Lake lake, Dataset<Row> audience) {
  private static final String SEGMENTED = "%s.%s";

  /** Returns those of the last release. An action. */
  public static Readers of(Lake lake, PublishSettings settings) {
    Dataset<Row> audience =
        last(lake)
            .map(
                last ->
                    last.audience(lake, List.of())
                        .join(
                            last.refused(lake, settings),
                            new String[] {Audience.CUSTOMER_ID.name()},
                            "left_anti"))
            .orElseGet(() -> nobody(lake));
    return new Readers(lake, audience);
  }

  /**
   * One of them.
   *
   * @param values tokens and variations by name
   * @param fallbacks tokens of which the fallback is read
   */
  public record Reader(String customerId, Map<String, String> values, List<String> fallbacks) {
    public Reader {
      values = Map.copyOf(values);
      fallbacks = List.copyOf(fallbacks);
    }
  }

  /**
   * Returns a customer. An action.
   *
   * @throws PersegmentException where they are not in the audience, saying why
   */
  public List<Reader> customer(String id) {
    List<Reader> found = read(audience.where(Audience.CUSTOMER_ID.col().equalTo(id)), 1);
    if (found.isEmpty()) {
      List<Row> suppressed =
          lake.readOrEmpty(AudienceSuppressed.TABLE)
              .where(AudienceSuppressed.CUSTOMER_ID.col().equalTo(id))
              .select(AudienceSuppressed.REASON.col())
              .collectAsList();
      throw new PersegmentException(
          Fault.SETTINGS,
          suppressed.isEmpty()
              ? "There is no such customer in the last release, or they have said no since: ids are those of customers."
              : "The customer is not written to: %s. Nothing is shown."
                  .formatted(suppressed.get(0).getString(0)));
    }
    return found;
  }

  /** Returns the first customers of a segment, by id. An action. */
  public List<Reader> segment(String segmentation, String segment, int most) {
    Dataset<Row> there =
        audience
            .where(
                array_contains(
                    split(
                        Audience.SEGMENTS.col().getItem(segmentation),
                        Pattern.quote(AudienceRows.AND)),
                    segment))
            .orderBy(Audience.CUSTOMER_ID.col());
    List<Reader> found = read(there, most);
    if (found.isEmpty()) {
      throw new PersegmentException(
          Fault.SETTINGS,
          "Nobody of the last release is in %s."
              .formatted(SEGMENTED.formatted(segmentation, segment)));
    }
    return found;
  }

  /** Returns the customers of whom least is known. An action. */
  public List<Reader> worst(int most) {
    return read(
        audience.orderBy(size(Audience.FALLBACKS.col()).desc(), Audience.CUSTOMER_ID.col()), most);
  }

  /** Returns the audience of the last release; nobody where there is none. */
  static Dataset<Row> all(Lake lake) {
    return last(lake).map(last -> last.audience(lake, List.of())).orElseGet(() -> nobody(lake));
  }

  private static Optional<Released> last(Lake lake) {
    return Released.all(lake).stream().findFirst();
  }

  private static Dataset<Row> nobody(Lake lake) {
    return lake.readOrEmpty(Audience.TABLE).limit(0);
  }

  static List<Reader> read(Dataset<Row> audience, int most) {
    return audience
        .select(
            Audience.CUSTOMER_ID.col(),
            Audience.TOKENS.col(),
            Audience.CONTENT.col(),
            Audience.FALLBACKS.col())
        .limit(most)
        .collectAsList() // few
        .stream()
        .map(Readers::reader)
        .toList();
  }

  static Reader reader(Row row) {
    var values = new HashMap<String, String>();
    for (int at : List.of(1, 2)) {
      if (!row.isNullAt(at)) {
        values.putAll(row.getJavaMap(at));
      }
    }
    return new Reader(row.getString(0), values, row.isNullAt(3) ? List.of() : row.getList(3));
  }
}
