package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/** Compares records, learns what agreement says, and tells how likely each pair is one person. */
public final class Matching {
  public static final Field NODE = Comparables.NODE;
  public static final Field HASH = Comparables.HASH;
  public static final Field KEY = Blocks.KEY;
  public static final Field KEYS = Comparables.KEYS;
  public static final Field IS_FRESH = Blocks.IS_FRESH;
  public static final Field LEFT = Pairs.LEFT;
  public static final Field RIGHT = Pairs.RIGHT;
  public static final Field PROBABILITY =
      Field.required("match_probability", DoubleType, "Chance that both records are one person");
  public static final Field WEIGHT = Pairs.WEIGHT;

  /** Of fewer records nothing can be learnt. */
  public static final int LEAST_RECORDS = 100;

  private static final double LEAST = bits(MatchingSettings.LEAST_THRESHOLD);

  private static final String NOW = "now";
  private static final String BEFORE = "before";

  private final Lake lake;
  private final MatchingSettings settings;
  private final Optional<Labelled> labelled;

  /**
   * @param labelled what is known of some records; empty where nothing is
   */
  public Matching(Lake lake, MatchingSettings settings, Optional<Labelled> labelled) {
    this.lake = lake;
    this.settings = settings;
    this.labelled = labelled;
  }

  /**
   * What is known from before.
   *
   * @param model by which records were judged last; empty where none were
   * @param compared the records that it compared, as {@link #NODE} and {@link #HASH}
   * @param leftOut the blocks that it does not compare, as {@link #KEY}
   */
  public record Before(Optional<LearntModel> model, Dataset<Row> compared, Dataset<Row> leftOut) {}

  /**
   * What came of it.
   *
   * @param model by which records were judged; empty where none were, because nothing is to be
   *     compared, there are too few records to learn from, or what was learnt cannot be
   * @param isNew whether the model was learnt now
   * @param records the records that were compared, now or before, as rows of {@link Comparables}
   * @param standing those of which earlier pairs still count, as {@link #NODE}
   * @param leftOut the blocks that the model does not compare, as {@link #KEY}
   * @param pairs of those that were compared now each that is not out of the question: {@link
   *     #LEFT}, {@link #RIGHT}, {@link #PROBABILITY}, {@link #WEIGHT}
   */
  public record Compared(
      Optional<LearntModel> model,
      boolean isNew,
      Dataset<Row> records,
      Dataset<Row> standing,
      Dataset<Row> leftOut,
      Dataset<Row> pairs) {
    /** Returns the same of other records. */
    public Compared withRecords(Dataset<Row> others) {
      return new Compared(model, isNew, others, standing, leftOut, pairs);
    }
  }

  /**
   * Compares the records that are new or changed with all; where the model is to be learnt, all
   * with all. An action.
   *
   * @param contacts rows of contacts with {@link #NODE}
   */
  public Compared compare(Dataset<Row> contacts, Before before, StageReport report) {
    if (settings.comparesNobody()) {
      return nothing(contacts);
    }
    Dataset<Row> comparables =
        lake.scratch(
            "matching/records", marked(Comparables.of(contacts, settings), before.compared()));
    long records = comparables.count();
    report.rows("records_to_match", records);
    if (records < LEAST_RECORDS) {
      report.note(
          "Contacts are not compared: there are %d, and %d are needed to learn from. Identifiers alone link"
              .formatted(records, LEAST_RECORDS));
      return nothing(contacts);
    }
    return before
        .model()
        .filter(model -> stands(model, records))
        .flatMap(model -> again(comparables, records, before, model, true, report))
        .or(() -> anew(comparables, records, report))
        .or(() -> stillBefore(comparables, records, before, report))
        .orElseGet(() -> nothing(comparables.limit(0)));
  }

  /**
   * Compares some records with all, as {@link #compare} does where a model stands; empty where it
   * does not or is to be learnt anew, or where not all others were compared, such as after a run
   * that found too few records to compare. An action.
   *
   * @param some rows of contacts with {@link #NODE}: all that may be new or changed
   * @param others all others as they were compared, as {@link #NODE} and {@link #KEYS}
   * @param contacts gives the rows of contacts, with {@link #NODE}, of those that it is given
   * @param records how many there are in all
   * @return of {@link Compared#records}, only {@code some}, with {@link #IS_FRESH}
   */
  public Optional<Compared> compareSome(
      Dataset<Row> some,
      Dataset<Row> others,
      UnaryOperator<Dataset<Row>> contacts,
      long records,
      Before before,
      StageReport report) {
    if (settings.comparesNobody()) {
      return Optional.of(nothing(some));
    }
    report.rows("records_to_match", records);
    Optional<LearntModel> model = before.model().filter(each -> stands(each, records));
    if (records < LEAST_RECORDS || model.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> comparables =
        lake.scratch("matching/some", marked(Comparables.of(some, settings), before.compared()));
    Dataset<Row> keys =
        comparables
            .select(NODE.col(), KEYS.col(), IS_FRESH.col())
            .union(others.select(NODE.col(), KEYS.col(), lit(false)));
    if (keys.count() != records) {
      return Optional.empty();
    }
    Blocks blocks = ofFresh(keys, records, before, model.get());
    if (settings.refit() != MatchingSettings.Refit.NEVER && blocks.areTooMany(settings)) {
      return Optional.empty();
    }
    blocks.refuseTooMany(settings);
    blocks.report(report);
    Dataset<Row> places = lake.scratch("matching/places", blocks.places());
    Dataset<Row> members = Pairs.members(places, comparables(contacts.apply(places)), settings);
    return Optional.of(
        new Compared(
            model,
            false,
            comparables,
            comparables.where(not(IS_FRESH.col())).select(NODE.col()),
            before.leftOut(),
            likely(members, model.get(), report)));
  }

  /**
   * Returns what is compared of {@code contacts}, as {@link Compared#records}.
   *
   * @param contacts rows of contacts with {@link #NODE}
   */
  public Dataset<Row> comparables(Dataset<Row> contacts) {
    return Comparables.of(contacts, settings);
  }

  /** Where what was learnt cannot be, customers are not to fall apart overnight. */
  private Optional<Compared> stillBefore(
      Dataset<Row> comparables, long records, Before before, StageReport report) {
    Optional<LearntModel> model = before.model().filter(this::fits);
    if (model.isPresent()) {
      report.warn("Records are compared by the model of before, as none could be learnt anew");
    }
    return model.flatMap(each -> again(comparables, records, before, each, false, report));
  }

  /** Adds whether a record is fresh: not among those that were compared as it is. */
  private static Dataset<Row> marked(Dataset<Row> comparables, Dataset<Row> compared) {
    Column same = NODE.of(NOW).equalTo(NODE.of(BEFORE)).and(HASH.of(NOW).equalTo(HASH.of(BEFORE)));
    return comparables
        .as(NOW)
        .join(compared.select(NODE.col(), HASH.col()).as(BEFORE), same, "left")
        .select(col(NOW + ".*"), NODE.of(BEFORE).isNull().as(Blocks.IS_FRESH.name()));
  }

  /** Returns the {@link #PROBABILITY} of a weight. */
  public static Column probability(Column weight) {
    return lit(1.0).divide(pow(lit(2.0), negate(weight)).plus(1.0));
  }

  /** Returns the {@link #WEIGHT} of a probability. */
  public static double bits(double probability) {
    return Math.log(probability / (1 - probability)) / Math.log(2);
  }

  /**
   * Compares records within groups, and judges each pair by what was learnt.
   *
   * @param groups {@link #KEY} and {@link #NODE}; a record is in one group
   * @param records as {@link Compared#records}
   * @return {@link #KEY}, {@link #LEFT}, {@link #RIGHT} and {@link #WEIGHT}
   */
  public Dataset<Row> judged(Dataset<Row> groups, Dataset<Row> records, LearntModel model) {
    Dataset<Row> places =
        groups.select(
            NODE.col(),
            lit(true).as(Pairs.IS_FRESH.name()),
            array(KEY.col()).as(Pairs.KEYS.name()));
    return Pairs.weighed(
        Pairs.members(places, records, settings), model, settings, Weigher.EVERY, () -> {});
  }

  private boolean stands(LearntModel model, long records) {
    boolean doubled = records >= 2 * model.records();
    return fits(model)
        && settings.refit() != MatchingSettings.Refit.ALWAYS
        && !(doubled && settings.refit() == MatchingSettings.Refit.WHEN_DOUBLED);
  }

  private boolean fits(LearntModel model) {
    return model.fits(settings)
        && model.isOf(labelled.map(Labelled::fingerprint), settings.threshold());
  }

  private Optional<Compared> anew(Dataset<Row> comparables, long records, StageReport report) {
    Dataset<Row> none = comparables.limit(0);
    Blocks blocks = Blocks.ofAll(lake, comparables, records, settings);
    blocks.report(report);
    Dataset<Row> members = members(blocks, comparables);
    var learning = new Learning(lake, settings, comparables, records, labelled);
    Optional<LearntModel> learnt = learning.learn(blocks, members, report);
    if (learnt.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> likely = likely(members, learnt.get(), report);
    return Optional.of(
        new Compared(
            Optional.of(learning.withThreshold(learnt.get(), likely, report)),
            true,
            comparables,
            none.select(NODE.col()),
            blocks.leftOut(),
            likely));
  }

  /**
   * Compares what is fresh; nothing where blocks have outgrown the model, and it may be learnt.
   *
   * @param mayLearn whether it may, beside what the settings say
   */
  private Optional<Compared> again(
      Dataset<Row> comparables,
      long records,
      Before before,
      LearntModel model,
      boolean mayLearn,
      StageReport report) {
    Blocks blocks = ofFresh(comparables, records, before, model);
    boolean learns = mayLearn && settings.refit() != MatchingSettings.Refit.NEVER;
    if (learns && blocks.areTooMany(settings)) {
      return Optional.empty();
    }
    blocks.refuseTooMany(settings);
    blocks.report(report);
    return Optional.of(
        new Compared(
            Optional.of(model),
            false,
            comparables,
            comparables.where(not(Blocks.IS_FRESH.col())).select(NODE.col()),
            before.leftOut(),
            likely(members(blocks, comparables), model, report)));
  }

  private Blocks ofFresh(Dataset<Row> comparables, long records, Before before, LearntModel model) {
    return Blocks.ofFresh(
        lake, comparables, records, before.leftOut(), model.isOfEverybody(), settings);
  }

  private Dataset<Row> members(Blocks blocks, Dataset<Row> comparables) {
    return lake.scratch("matching/members", Pairs.members(blocks.places(), comparables, settings));
  }

  /** Compares pairs, and tells those that are not out of the question. An action. */
  private Dataset<Row> likely(Dataset<Row> members, LearntModel model, StageReport report) {
    LongAccumulator compared = lake.spark().sparkContext().longAccumulator("pairs compared");
    Dataset<Row> likely =
        lake.scratch(
            "matching/likely",
            Pairs.weighed(members, model, settings, LEAST, () -> compared.add(1)));
    report.rows("pairs_compared", compared.sum());
    return likely.withColumn(PROBABILITY.name(), probability(WEIGHT.col())).drop(KEY.name());
  }

  private Compared nothing(Dataset<Row> contacts) {
    Dataset<Row> none =
        contacts
            .limit(0)
            .select(
                NODE.col(),
                lit(0L).as(HASH.name()),
                array().cast(KEYS.type()).as(KEYS.name()),
                lit(true).as(IS_FRESH.name()));
    StructType schema = new StructType();
    for (Field field : List.of(LEFT, RIGHT, WEIGHT, PROBABILITY)) {
      schema = schema.add(field.name(), field.type());
    }
    return new Compared(
        Optional.empty(),
        false,
        none,
        none.select(NODE.col()),
        none.select(HASH.col().as(KEY.name())),
        lake.spark().createDataFrame(List.of(), schema));
  }
}
