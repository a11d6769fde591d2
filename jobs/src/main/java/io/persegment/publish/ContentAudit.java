package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.persegment.content.ContentSettings;
import io.persegment.content.Template;
import io.persegment.content.Token;
import io.persegment.publish.Readers.Reader;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What recipients of a template would read, without writing it for each of them: who has the same
 * variations and lacks the same tokens reads alike, and they are written to once.
 *
 * @param template its name
 * @param segment name of the segment, or all
 * @param recipients in it
 * @param shares what is read, to the part of recipients who read it: a variation, a token, its
 *     fallback, or nothing
 * @param unseen blocks that none of them sees
 * @param subjects recipients whose subject would be cut off or broken
 */
public record ContentAudit(
    String template,
    String segment,
    long recipients,
    Map<String, Double> shares,
    List<String> unseen,
    long subjects) {
  /** The segment of all. */
  public static final String ALL = "all";

  /** Combinations that are written; rarer ones are not looked at. */
  private static final int MOST = 20_000;

  /** What mail programs show of a subject (RFC 5322, section 2.1.1, asks for no longer lines). */
  private static final int LONGEST_SUBJECT = 78;

  private static final String SEGMENT = "_segment";
  private static final String CUSTOMERS = "_customers";
  private static final String ONE = "_one";
  private static final String CONTENT = "_content";

  public ContentAudit {
    shares = new TreeMap<>(shares);
    unseen = List.copyOf(unseen);
  }

  /** Readers who are alike. */
  private record Alike(String segment, long customers, Reader reader) {}

  /**
   * Returns one for each template and segment, and one of all. An action.
   *
   * @param by segmentation whose segments are told apart
   */
  public static List<ContentAudit> of(Lake lake, ContentSettings content, Optional<String> by) {
    List<Alike> alike = alike(Readers.all(lake), by);
    var segments = new TreeSet<String>();
    alike.forEach(each -> segments.add(each.segment()));
    var audits = new ArrayList<ContentAudit>();
    for (Template template : content.templates()) {
      audits.add(of(template, content, ALL, alike));
      if (by.isPresent()) {
        for (String segment : segments) {
          audits.add(
              of(
                  template,
                  content,
                  segment,
                  alike.stream().filter(each -> each.segment().equals(segment)).toList()));
        }
      }
    }
    return audits;
  }

  private static List<Alike> alike(Dataset<Row> audience, Optional<String> by) {
    Column segment =
        by.map(name -> coalesce(Audience.SEGMENTS.col().getItem(name), lit("none")))
            .orElse(lit(ALL));
    Column one =
        struct(
            Audience.CUSTOMER_ID.col(),
            Audience.TOKENS.col(),
            Audience.CONTENT.col(),
            Audience.FALLBACKS.col());
    return audience
        .withColumn(SEGMENT, segment)
        .withColumn(CONTENT, to_json(struct(Audience.CONTENT.col(), Audience.FALLBACKS.col())))
        .groupBy(SEGMENT, CONTENT)
        .agg(count(lit(1)).as(CUSTOMERS), max_by(one, Audience.CUSTOMER_ID.col()).as(ONE))
        .orderBy(col(CUSTOMERS).desc(), col(SEGMENT), col(CONTENT))
        .limit(MOST)
        .select(col(SEGMENT), col(CUSTOMERS), col(ONE + ".*"))
        .collectAsList() // one row a combination, of one of its customers
        .stream()
        .map(
            row ->
                new Alike(
                    row.getString(0),
                    row.getLong(1),
                    Readers.reader(
                        RowFactory.create(row.get(2), row.get(3), row.get(4), row.get(5)))))
        .toList();
  }

  private static ContentAudit of(
      Template template, ContentSettings content, String segment, List<Alike> alike) {
    var read = new TreeMap<String, Long>();
    var blocks = new TreeMap<String, Long>();
    long recipients = 0;
    long subjects = 0;
    List<String> asked = template.asked();
    for (Alike each : alike) {
      recipients += each.customers();
      for (String name : asked) {
        read.merge(what(content, name, each.reader()), each.customers(), Long::sum);
      }
      var written =
          template.write(
              each.reader().values(),
              (place, seen) -> blocks.merge(place, seen ? each.customers() : 0, Long::sum));
      String subject = written.parts().get(Template.Part.SUBJECT);
      subjects += subject.isBlank() || subject.length() > LONGEST_SUBJECT ? each.customers() : 0;
    }
    var shares = new TreeMap<String, Double>();
    double all = recipients;
    read.forEach((what, customers) -> shares.put(what, customers / all));
    return new ContentAudit(
        template.name(),
        segment,
        recipients,
        shares,
        blocks.entrySet().stream()
            .filter(each -> each.getValue() == 0)
            .map(Map.Entry::getKey)
            .toList(),
        subjects);
  }

  private static String what(ContentSettings content, String name, Reader reader) {
    if (content.slots().contains(name)) {
      return "%s: %s".formatted(name, reader.values().getOrDefault(name, "nothing"));
    }
    if (!reader.fallbacks().contains(name)) {
      return "%s: known".formatted(name);
    }
    boolean isEmpty =
        content.tokens().stream()
            .filter(token -> token.name().equals(name))
            .map(Token::fallback)
            .allMatch(String::isEmpty);
    return name + (isEmpty ? ": nothing" : ": fallback");
  }
}
