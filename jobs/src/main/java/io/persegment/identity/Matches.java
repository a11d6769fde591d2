package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.conformed.Contacts;
import io.persegment.identity.IdentityModels.Standing;
import io.persegment.matching.Labelled;
import io.persegment.matching.LearntModel;
import io.persegment.matching.Matching;
import io.persegment.matching.Matching.Compared;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Pairs of contacts that may be one person, by how far their values agree.
 *
 * @param matching what judged them
 * @param version of the model that judged them
 * @param threshold from which probability on two records are one person
 * @param compared what was compared, now and before
 * @param likely pairs that are not out of the question, as {@link Matching#LEFT}, {@link
 *     Matching#RIGHT}, {@link Matching#PROBABILITY} and {@link Matching#WEIGHT}
 */
record Matches(
    Matching matching, int version, double threshold, Compared compared, Dataset<Row> likely) {
  /** Rule of links that were found by comparing records. */
  static final String RULE = "matched";

  /**
   * Rule of links between records that no blocking rule brought together: their component is small,
   * and all of it was compared.
   */
  static final String WITHIN = RULE + " in its group";

  private static final List<Field> PAIR = List.of(Matching.LEFT, Matching.RIGHT);

  /** Reason of a pair that was compared and is too unlike. */
  static final String BELOW = "below the threshold";

  /** Compares what is new or changed, and keeps what stood. An action. */
  static Matches find(
      Lake lake, Dataset<Row> contacts, IdentitySettings settings, StageReport report) {
    Start start = Start.of(lake, contacts, settings);
    Compared compared =
        start.matching().compare(numbered(contacts, settings), start.before(), report);
    int version = compared.isNew() ? start.version() + 1 : start.version();
    compared.model().ifPresent(model -> report.metric("matching.model", version));
    boolean stands = compared.model().isPresent() && !compared.isNew();
    Dataset<Row> likely =
        stands
            ? lake.scratch(
                "identity/likely",
                compared.pairs().unionByName(stillCounting(lake, compared.standing())))
            : compared.pairs();
    return new Matches(start.matching(), version, threshold(compared, settings), compared, likely);
  }

  /**
   * Compares what is new or changed among some contacts with all; empty where all are to be
   * compared. An action.
   *
   * @param touched {@link Matching#NODE} of all that may be new, changed or gone
   * @return of what was compared before nothing, as {@link Matching#compareSome}
   */
  static Optional<Matches> ofSome(
      Lake lake,
      Dataset<Row> contacts,
      Dataset<Row> touched,
      IdentitySettings settings,
      StageReport report) {
    Start start = Start.of(lake, contacts, settings);
    Dataset<Row> numbered = numbered(contacts, settings);
    Dataset<Row> others = Region.without(start.before().compared(), touched, Matching.NODE);
    return start
        .matching()
        .compareSome(
            Region.among(numbered, touched, Matching.NODE),
            others.select(Matching.NODE.col(), IdentityCompared.BLOCK_KEYS.col()),
            nodes -> Region.among(numbered, nodes, Matching.NODE),
            contacts.count(),
            start.before(),
            report)
        .map(
            compared -> {
              compared.model().ifPresent(model -> report.metric("matching.model", start.version()));
              return new Matches(
                  start.matching(),
                  start.version(),
                  threshold(compared, settings),
                  compared,
                  compared.pairs());
            });
  }

  /**
   * Returns these pairs, of {@link #ofSome}, with those of a region's records that stood. An
   * action.
   *
   * @param contacts of the region
   */
  Matches with(Lake lake, Region region, Dataset<Row> contacts, IdentitySettings settings) {
    Dataset<Row> replaced =
        Region.without(region.touched(), compared.standing(), Matching.NODE)
            .select(Matching.NODE.col());
    Dataset<Row> stood =
        Region.naming(matched(lake), region.records(), Matching.LEFT.col(), Matching.RIGHT.col());
    for (Field end : PAIR) {
      stood = Region.without(stood, replaced.select(Matching.NODE.col().as(end.name())), end);
    }
    Dataset<Row> records =
        compared.model().isPresent()
            ? lake.scratch("matching/records", matching.comparables(numbered(contacts, settings)))
            : compared.records();
    return new Matches(
        matching,
        version,
        threshold,
        compared.withRecords(records),
        lake.scratch("identity/likely", compared.pairs().unionByName(stood)));
  }

  private static double threshold(Compared compared, IdentitySettings settings) {
    return compared.model().flatMap(LearntModel::threshold).orElse(settings.matching().threshold());
  }

  /**
   * Adds the number that a contact has as a record. What must not link says nothing of who is who
   * and is taken away.
   */
  static Dataset<Row> numbered(Dataset<Row> contacts, IdentitySettings settings) {
    return contacts
        .withColumn(Contacts.EMAIL.name(), unlessNever(Contacts.EMAIL, settings.email()))
        .withColumn(Contacts.PHONE.name(), unlessNever(Contacts.PHONE, settings.phone()))
        .withColumn(IdentityMap.RECORD_TYPE.name(), lit(IdentityMap.CONTACT))
        .withColumn(Matching.NODE.name(), Records.node());
  }

  /** Returns the pairs that are one person, as {@link #likely}. */
  Dataset<Row> linking() {
    return likely.where(not(isBelow()));
  }

  /** Compares records of groups, as {@link Matching#judged}; none where nothing was learnt. */
  Dataset<Row> judged(Dataset<Row> groups) {
    return compared
        .model()
        .map(model -> matching.judged(groups, compared.records(), model))
        .orElse(likely.limit(0).withColumn(Matching.KEY.name(), lit(0L)));
  }

  /** Writes which records were compared: after the links that came of it. */
  void writeCompared(Lake lake) {
    lake.overwrite(IdentityCompared.TABLE, rows());
  }

  /** Writes which records were compared, of {@link #ofSome}; others stay as they were. */
  void writeCompared(Lake lake, Region region) {
    Dataset<Row> before = lake.readOrEmpty(IdentityCompared.TABLE);
    lake.overwrite(
        IdentityCompared.TABLE,
        Region.without(before, region.touched(), Matching.NODE).union(rows()));
  }

  private Dataset<Row> rows() {
    return compared
        .records()
        .withColumn(IdentityCompared.VERSION.name(), lit(version))
        .select(IdentityCompared.TABLE.columns());
  }

  /**
   * Writes the model where it is new. The blocks that it leaves out come first, without which it
   * would compare too many; those of the last are kept, which stands until this one is there.
   */
  void writeModel(Lake lake, LocalDate asOf) {
    if (!compared.isNew()) {
      return;
    }
    Dataset<Row> leftOut =
        compared
            .leftOut()
            .withColumn(IdentityLeftOut.VERSION.name(), lit(version))
            .select(IdentityLeftOut.TABLE.columns());
    lake.replaceWhere(IdentityLeftOut.TABLE, "version <> " + (version - 1), leftOut);
    lake.replaceWhere(
        IdentityModels.TABLE,
        "version = " + version,
        IdentityModels.row(lake, version, asOf, compared.model().orElseThrow(), threshold));
  }

  /** Returns rows of {@link IdentityLinks}. */
  Dataset<Row> rows(Guard guard, Dataset<Row> records) {
    Column ofGuard = Guard.WEIGHT.col();
    Column isFound = Matching.WEIGHT.col().isNotNull();
    Dataset<Row> verdicts =
        named(guard.cut(), Identifiers.CUT).unionByName(named(guard.united(), Guard.WEIGHT), true);
    return keyed(
            likely
                .join(verdicts, Members.names(PAIR), "full")
                .where(isFound.or(ofGuard.isNotNull())), // others are verdicts on identifiers
            records)
        .withColumn(IdentityLinks.RULE.name(), when(isFound, RULE).otherwise(WITHIN))
        .withColumn(
            IdentityLinks.CUT_REASON.name(),
            coalesce(Identifiers.CUT.col(), when(isBelow(), BELOW)))
        .withColumn(IdentityLinks.KEPT.name(), IdentityLinks.CUT_REASON.col().isNull())
        .withColumn(
            Matching.PROBABILITY.name(),
            coalesce(Matching.PROBABILITY.col(), Matching.probability(ofGuard)))
        .withColumn(Matching.WEIGHT.name(), coalesce(Matching.WEIGHT.col(), ofGuard))
        .select(IdentityLinks.TABLE.columns());
  }

  /** Adds the keys of pairs of records. Drops pairs of a record that is no more. */
  static Dataset<Row> keyed(Dataset<Row> pairs, Dataset<Row> records) {
    return pairs
        .join(keys(records, Matching.LEFT, IdentityLinks.LEFT_KEY), Matching.LEFT.name())
        .join(keys(records, Matching.RIGHT, IdentityLinks.RIGHT_KEY), Matching.RIGHT.name());
  }

  /** Returns verdicts of {@link Guard} on pairs, with {@code what} of them. */
  static Dataset<Row> named(Dataset<Row> verdicts, Field what) {
    return verdicts.select(
        Guard.LEFT.col().as(Matching.LEFT.name()),
        Guard.RIGHT.col().as(Matching.RIGHT.name()),
        what.col());
  }

  /**
   * What comparing starts from.
   *
   * @param version of the model that stands; 0 where none does
   */
  private record Start(Matching matching, int version, Matching.Before before) {
    /** An action. */
    static Start of(Lake lake, Dataset<Row> contacts, IdentitySettings settings) {
      Optional<Standing> standing = IdentityModels.newest(lake);
      int version = standing.map(Standing::version).orElse(0);
      Optional<Labelled> labelled =
          settings.labels().map(truth -> LabelledContacts.open(lake, truth, contacts));
      // Without the links that came of it, nothing counts as compared.
      boolean isThere = lake.exists(IdentityLinks.TABLE);
      var before =
          new Matching.Before(
              standing.map(Standing::model),
              lake.readOften(IdentityCompared.TABLE)
                  .where(IdentityCompared.VERSION.col().equalTo(isThere ? version : -1)),
              lake.readOrEmpty(IdentityLeftOut.TABLE)
                  .where(IdentityLeftOut.VERSION.col().equalTo(version)));
      return new Start(new Matching(lake, settings.matching(), labelled), version, before);
    }
  }

  private static Dataset<Row> stillCounting(Lake lake, Dataset<Row> standing) {
    Dataset<Row> left = standing.select(Matching.NODE.col().as(Matching.LEFT.name()));
    Dataset<Row> right = standing.select(Matching.NODE.col().as(Matching.RIGHT.name()));
    return matched(lake)
        .join(left, Matching.LEFT.name())
        .join(right, Matching.RIGHT.name())
        .select(
            Matching.LEFT.col(),
            Matching.RIGHT.col(),
            Matching.PROBABILITY.col(),
            Matching.WEIGHT.col());
  }

  /** Returns the pairs that stand in {@link IdentityLinks}, in the columns of {@link #likely}. */
  private static Dataset<Row> matched(Lake lake) {
    return lake.readOrEmpty(IdentityLinks.TABLE)
        .where(IdentityLinks.RULE.col().equalTo(RULE))
        .select(
            node(IdentityLinks.LEFT_KEY).as(Matching.LEFT.name()),
            node(IdentityLinks.RIGHT_KEY).as(Matching.RIGHT.name()),
            IdentityLinks.MATCH_PROBABILITY.col(),
            IdentityLinks.MATCH_WEIGHT.col());
  }

  private static Column unlessNever(Field value, IdentitySettings.Identifier identifier) {
    return when(not(identifier.isNever(value.col())), value.col());
  }

  /** Returns the number of a contact by its key as it is shown. */
  private static Column node(Field key) {
    return xxhash64(key.col());
  }

  private Column isBelow() {
    return Matching.WEIGHT.col().lt(Matching.bits(threshold));
  }

  private static Dataset<Row> keys(Dataset<Row> records, Field node, Field key) {
    return records.select(Records.NODE.col().as(node.name()), Records.shownKey().as(key.name()));
  }
}
