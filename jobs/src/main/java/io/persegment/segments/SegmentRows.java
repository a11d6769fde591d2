package io.persegment.segments;

import io.persegment.features.FeatureSettings;
import io.persegment.features.Wording;
import io.persegment.segments.Profiles.Profile;
import io.persegment.segments.Profiles.Sums;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows of {@link Segments} of one segmentation: every segment it has, also one without customers.
 */
final class SegmentRows {
  private static final int FEATURES_IN_DESCRIPTION = 3;

  /** From so much on a cluster counts as stable; see {@link Stability}. */
  private static final double FIRM = 0.75;

  private final Division division;
  private final List<Profile> profiles;
  private final FeatureSettings features;
  private final List<String> told;
  private final Profile overall;
  private final long customers;

  /**
   * @param profiles of its segments, in their order
   * @param overall as {@link Profiles#OVERALL}
   * @param more columns that profiles tell beside the features of the division
   */
  SegmentRows(
      Division division,
      List<Profile> profiles,
      Profile overall,
      FeatureSettings features,
      List<String> more) {
    this.division = division;
    this.profiles = List.copyOf(profiles);
    this.overall = overall;
    this.features = features;
    this.customers = overall.customers() + unknown();
    this.told = Stream.concat(division.features().stream(), more.stream()).distinct().toList();
  }

  /** Who is in a segment of the unknown is in no other. */
  private long unknown() {
    return IntStream.range(0, profiles.size())
        .filter(i -> !division.segments().get(i).known())
        .mapToLong(i -> profiles.get(i).customers())
        .sum();
  }

  /**
   * Returns the rows of one date.
   *
   * @param cameFrom as {@link Memberships#cameFrom} returns them
   */
  List<Row> of(LocalDate asOf, Map<List<String>, List<Row>> cameFrom) {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < profiles.size(); i++) {
      Segment segment = division.segments().get(i);
      Profile profile = profiles.get(i);
      rows.add(
          RowFactory.create(
              Date.valueOf(asOf),
              division.segmentation(),
              segment.id(),
              segment.name(),
              segment.description().orElseGet(() -> description(profile) + doubts(segment)),
              profile.customers(),
              customers == 0 ? 0.0 : (double) profile.customers() / customers,
              told.stream().map(feature -> means(profile, feature)).toList(),
              segment.stability().orElse(null),
              division.modelVersion().orElse(null),
              division.isProfiling(i),
              cameFrom.getOrDefault(List.of(division.segmentation(), segment.id()), List.of())));
    }
    return rows;
  }

  private Row means(Profile profile, String feature) {
    Double mean = mean(profile.of(feature));
    Double all = mean(overall.of(feature));
    boolean comparable = mean != null && all != null && all != 0;
    return RowFactory.create(
        SegmentsSettings.called(feature), mean, all, comparable ? mean / all : null);
  }

  private static Double mean(Sums sums) {
    return sums.customers() == 0 ? null : (Double) sums.mean();
  }

  /** Returns a sentence with the features that set the segment apart most. */
  private String description(Profile profile) {
    List<String> telling =
        division.features().stream()
            .filter(feature -> profile.of(feature).customers() > 0)
            .sorted(Comparator.comparing(feature -> -distance(profile, feature)))
            .limit(FEATURES_IN_DESCRIPTION)
            .toList();
    if (telling.isEmpty()) {
      return "Nobody is in it on this date.";
    }
    String sentence =
        telling.stream().map(each -> compared(profile, each)).collect(Collectors.joining("; "));
    return Character.toUpperCase(sentence.charAt(0))
        + sentence.substring(1).replaceFirst("(?=;|$)", " overall")
        + ".";
  }

  private static String doubts(Segment segment) {
    return segment
        .stability()
        .filter(stability -> stability < FIRM)
        .map(
            stability ->
                String.format(
                    Locale.ROOT,
                    " Not firmly found again in samples of the customers: %.2f, of which %.2f is firm.",
                    stability,
                    FIRM))
        .orElse("");
  }

  /** Standard deviations between the means; rounded, so that last digits decide nothing. */
  private double distance(Profile profile, String feature) {
    Sums all = overall.of(feature);
    double deviation = all.deviation();
    double distance = deviation == 0 ? 0 : (profile.of(feature).mean() - all.mean()) / deviation;
    return Math.round(Math.abs(distance) * 1e6) / 1e6;
  }

  private String compared(Profile profile, String feature) {
    Wording wording = features.wording(feature);
    return "%s %s against %s"
        .formatted(
            wording.noun(),
            inWords(profile.of(feature).mean(), wording.share()),
            inWords(overall.of(feature).mean(), wording.share()));
  }

  /** Returns a number with two digits, or as whole per cent. */
  private static String inWords(double number, boolean share) {
    if (share) {
      return Math.round(100 * number) + " %";
    }
    return Math.abs(number) >= 100
        ? Long.toString(Math.round(number))
        : new BigDecimal(number).round(new MathContext(2)).stripTrailingZeros().toPlainString();
  }
}
