package io.persegment.publish;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.split;

import io.persegment.audit.Audits;
import io.persegment.content.Token;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.segments.Segments;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** What must hold before anything is published. */
final class Gate {
  private static final String SEGMENT = "_segment";
  private static final String CALLED = "_called";
  private static final String BEFORE = "_before";
  private static final String NOW = "_now";

  private Gate() {}

  /** Throws if {@code asOf} was not audited. An action. */
  static void requireAudited(Dataset<Row> audits, LocalDate asOf) {
    if (today(audits, asOf).isEmpty()) {
      throw new PersegmentException(
          Fault.DATA,
          "Cannot publish %s: it was not audited. Run the stage audit for this date first."
              .formatted(asOf));
    }
  }

  /** Returns the sentences of the audits of {@code asOf} that hold the publish. An action. */
  static List<String> audited(Dataset<Row> audits, LocalDate asOf) {
    return today(audits, asOf)
        .filter(Audits.SEVERITY.col().equalTo("hold").and(not(Audits.PASSED.col())))
        .orderBy(Audits.TABLE_NAME.col(), Audits.CHECK.col())
        .select(
            coalesce(
                Audits.SENTENCE.col(),
                concat_ws(": ", Audits.TABLE_NAME.col(), Audits.CHECK.col())))
        .as(Encoders.STRING())
        .collectAsList(); // one row a broken check
  }

  private static Dataset<Row> today(Dataset<Row> audits, LocalDate asOf) {
    return audits.filter(Audits.AS_OF.col().equalTo(java.sql.Date.valueOf(asOf)));
  }

  /**
   * Returns what is wrong with an audience of {@code now} customers after one of {@code before}.
   */
  static Optional<String> size(long before, long now, PublishSettings settings) {
    if (before == 0) {
      return Optional.empty();
    }
    double change = (double) (now - before) / before;
    if (-change > settings.mostShrinkage()) {
      return Optional.of(
          "the audience would fall from %d to %d customers, by %s; publish.most-shrinkage allows %s. Look into audience_suppressed and consents for the cause"
              .formatted(before, now, percent(-change), percent(settings.mostShrinkage())));
    }
    return change > settings.mostGrowth()
        ? Optional.of(
            "the audience would grow from %d to %d customers, by %s; publish.most-growth allows %s. Look into what came in, and into identity_changes"
                .formatted(before, now, percent(change), percent(settings.mostGrowth())))
        : Optional.empty();
  }

  /**
   * Returns a sentence for each segment of the last release that has nobody any more. A cluster, or
   * a combination, that is called otherwise now is the same segment; where a segmentation has none
   * on this date it is for the audit to say whether it should. An action.
   *
   * @param segments rows of {@link Segments}
   * @param released as-of date of the last release, {@code asOf} that of this one
   */
  static List<String> emptied(
      Dataset<Row> before,
      Dataset<Row> now,
      int least,
      Dataset<Row> segments,
      LocalDate released,
      LocalDate asOf) {
    Column segmentation = Segments.SEGMENTATION.col();
    Dataset<Row> declared = on(segments, asOf).select(segmentation).distinct();
    Dataset<Row> called =
        on(segments, released)
            .select(segmentation, Segments.SEGMENT_ID.col(), Segments.NAME.col().as(SEGMENT))
            .join(
                on(segments, asOf)
                    .select(segmentation, Segments.SEGMENT_ID.col(), Segments.NAME.col()),
                new String[] {Segments.SEGMENTATION.name(), Segments.SEGMENT_ID.name()})
            .select(
                segmentation.as(Audience.SEGMENTS.name()),
                col(SEGMENT),
                Segments.NAME.col().as(CALLED));
    String[] segment = {Audience.SEGMENTS.name(), SEGMENT};
    return segments(before)
        .join(declared.select(segmentation.as(Audience.SEGMENTS.name())), Audience.SEGMENTS.name())
        .join(called, segment, "left")
        .withColumn(SEGMENT, coalesce(col(CALLED), col(SEGMENT)))
        .groupBy(Audience.SEGMENTS.col(), col(SEGMENT))
        .agg(count(lit(1)).as(BEFORE))
        .where(col(BEFORE).geq(least))
        .join(
            segments(now).groupBy(Audience.SEGMENTS.col(), col(SEGMENT)).agg(count(lit(1)).as(NOW)),
            segment,
            "left_anti")
        .orderBy(Audience.SEGMENTS.col(), col(SEGMENT))
        .collectAsList() // one row an emptied segment
        .stream()
        .map(
            row ->
                "the segment %s of %s would have nobody, after %d customers in the last release"
                    .formatted(row.getString(1), row.getString(0), row.getLong(2)))
        .toList();
  }

  private static Dataset<Row> on(Dataset<Row> segments, LocalDate date) {
    return segments.where(Segments.AS_OF.col().equalTo(java.sql.Date.valueOf(date)));
  }

  /** Returns a row a customer and segment: the segmentation, and the segment's name. */
  private static Dataset<Row> segments(Dataset<Row> audience) {
    return audience
        .select(explode(Audience.SEGMENTS.col()))
        .select(
            col("key").as(Audience.SEGMENTS.name()),
            explode(split(col("value"), Pattern.quote(AudienceRows.AND))).as(SEGMENT));
  }

  /**
   * Returns a sentence for each token that too many do not have. An action, where any is limited.
   */
  static List<String> missing(Dataset<Row> now, List<Token> tokens) {
    List<Token> limited = tokens.stream().filter(token -> token.mostMissing() < 1).toList();
    if (limited.isEmpty()) {
      return List.of();
    }
    Row shares =
        now.agg(
                lit(0),
                limited.stream()
                    .map(
                        token ->
                            avg(
                                array_contains(Audience.FALLBACKS.col(), token.name())
                                    .cast("double")))
                    .toArray(Column[]::new))
            .head();
    var sentences = new ArrayList<String>();
    for (int i = 0; i < limited.size(); i++) {
      Token token = limited.get(i);
      if (!shares.isNullAt(i + 1) && shares.getDouble(i + 1) > token.mostMissing()) {
        sentences.add(
            "the token %s is not known of %s of the audience; content.tokens.%s.most-missing allows %s"
                .formatted(
                    token.name(),
                    percent(shares.getDouble(i + 1)),
                    token.name(),
                    percent(token.mostMissing())));
      }
    }
    return sentences;
  }

  /** Of what was found and nobody accepted. */
  static PersegmentException held(List<String> findings, LocalDate asOf) {
    return new PersegmentException(
        Fault.GATE,
        "The publish of %s is held; the last release stays as it is:%n  %s%nMend the cause and run again; or, where it is right, publish --accept \"why\"."
            .formatted(asOf, String.join("%n  ".formatted(), findings)));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
