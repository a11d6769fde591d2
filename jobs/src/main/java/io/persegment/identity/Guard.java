package io.persegment.identity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/**
 * Keeps apart what only seems to hang together: each component with something doubtful in it is
 * divided by {@link Judgement}. What comes of it depends on the graph alone, not on the order in
 * which records came.
 *
 * @param groups from each node that has another in its component, but the least of its group, to
 *     that one, as edges of {@link Components}
 * @param cut what does not link, as {@link #LEFT}, {@link #RIGHT}, the reason and {@link #PART}
 * @param united matches that brought records together, as {@link #LEFT}, {@link #RIGHT} and {@link
 *     #WEIGHT}: among them those that no blocking rule did, of components in which all were
 *     compared
 */
record Guard(Dataset<Row> groups, Dataset<Row> cut, Dataset<Row> united) {
  static final Field LEFT = Field.required("left", LongType, "Record");
  static final Field RIGHT =
      Field.required(
          "right", LongType, "Other record, of a match; hash of kind and value, of an identifier");

  /** Of larger components only those records are compared that links bring together. */
  private static final int MOST_COMPARED = 40;

  /** Kind of what a record is in a source without duplicates: before the source's name. */
  static final String RECORD_OF = "record of ";

  private static final String NUMBER = "contacts_of_component";
  private static final Field COMPONENT = Members.COMPONENT;
  private static final Field NODE = Records.NODE;
  static final Field WEIGHT = Field.optional("weight", DoubleType, "Match weight in bits");
  static final Field PART =
      Field.optional(
          "part", IntegerType, "Which part of those who have a value it links, from 2; 0 for none");
  private static final Field IS_HARD =
      Field.optional("is_hard", BooleanType, "Whether the limit holds for matches too");

  /** What {@link Judgement} is told, a row a fact. */
  private static final List<Field> FACT =
      List.of(COMPONENT, Identifiers.KIND, LEFT, RIGHT, WEIGHT, Links.RANK, Links.MOST, IS_HARD);

  private static final StructType VERDICT =
      new StructType()
          .add(LEFT.name(), LongType)
          .add(RIGHT.name(), LongType)
          .add(Identifiers.CUT.name(), StringType)
          .add(WEIGHT.name(), DoubleType)
          .add(PART.name(), IntegerType); // all null for a record and the least of its group

  /**
   * Divides all doubtful components: those with a match in them, with more of something than a
   * customer may have, or with records that are declared not to be one. An action.
   *
   * @param components of all that links
   * @param identifiers as {@link Links#judged}
   * @param persons as {@link Mailboxes#persons}
   * @param decisions as {@link Decisions}
   */
  static Guard judge(
      Lake lake,
      Components components,
      Dataset<Row> records,
      Dataset<Row> identifiers,
      Dataset<Row> persons,
      Matches matches,
      Dataset<Row> decisions,
      IdentitySettings settings) {
    double threshold = matches.threshold();
    Dataset<Row> members = members(components.edges());
    Dataset<Row> held =
        lake.scratch(
            "identity/held",
            ofIdentifiers(identifiers)
                .union(ofSources(records, settings.withoutDuplicates()))
                .union(ofMailboxes(persons))
                .join(members, LEFT.col().equalTo(NODE.col()))
                .select(FACT.stream().map(Field::col).toArray(Column[]::new)));
    Dataset<Row> doubtful =
        lake.scratch(
            "identity/doubtful",
            members.join(
                overLimit(held)
                    .union(ofPairs(members, matches.linking(), Matching.RIGHT))
                    .union(ofPairs(members, decisions.where(Decisions.isNever()), Matching.LEFT))
                    .distinct(),
                COMPONENT.name()));
    if (doubtful.isEmpty()) {
      Dataset<Row> none = lake.spark().createDataFrame(List.of(), VERDICT);
      return new Guard(components.edges(), none, none);
    }
    Dataset<Row> facts =
        held.join(
                doubtful.select(COMPONENT.col()).distinct(), Members.names(COMPONENT), "left_semi")
            .union(declared(doubtful, decisions))
            .union(compared(doubtful, lake, matches));
    Dataset<Row> verdicts =
        lake.scratch(
            "identity/verdicts",
            facts
                .groupBy(COMPONENT.col())
                .as(Encoders.LONG(), Encoders.row(facts.schema()))
                .flatMapGroups(
                    (FlatMapGroupsFunction<Long, Row, Row>)
                        (component, rows) -> verdicts(rows, threshold),
                    Encoders.row(VERDICT)));
    Column isOfGroup = Identifiers.CUT.col().isNull().and(WEIGHT.col().isNull());
    Dataset<Row> judged =
        verdicts
            .where(isOfGroup)
            .select(
                LEFT.col().as(Components.LARGER.name()), RIGHT.col().as(Components.SMALLER.name()));
    Dataset<Row> untouched =
        components
            .edges()
            .join(
                doubtful.select(NODE.col().as(Components.LARGER.name())),
                Members.names(Components.LARGER),
                "left_anti")
            .select(Components.LARGER.col(), Components.SMALLER.col());
    return new Guard(
        judged.union(untouched),
        verdicts.where(Identifiers.CUT.col().isNotNull()),
        verdicts.where(WEIGHT.col().isNotNull()));
  }

  /**
   * Returns these verdicts with pairs that were cut before, but for those that brought records
   * together after all.
   */
  Guard with(Dataset<Row> before) {
    Dataset<Row> still = before.join(united, Members.names(LEFT, RIGHT), "left_anti");
    return new Guard(
        groups,
        cut.join(still, Members.names(LEFT, RIGHT), "left_anti").unionByName(still, true),
        united);
  }

  /** Returns node and component of all that have another in their component. */
  static Dataset<Row> members(Dataset<Row> edges) {
    Dataset<Row> least =
        edges
            .select(
                Components.SMALLER.col().as(NODE.name()),
                Components.SMALLER.col().as(COMPONENT.name()))
            .distinct();
    return edges
        .select(
            Components.LARGER.col().as(NODE.name()), Components.SMALLER.col().as(COMPONENT.name()))
        .union(least);
  }

  private static Dataset<Row> ofIdentifiers(Dataset<Row> identifiers) {
    return held(
        identifiers
            .where(Identifiers.CUT.col().isNull())
            .where(Links.RECORDS.col().gt(1).or(Links.MOST.col().isNotNull())),
        Links.COUNTED_AS.col(),
        Identifiers.HASH.col(),
        Links.RANK.col(),
        Links.MOST.col(),
        Identifiers.KIND.col().equalTo(Identifiers.LOGIN));
  }

  /** A customer is one of the persons at an address, unless records match all the same. */
  private static Dataset<Row> ofMailboxes(Dataset<Row> persons) {
    return one(persons, Identifiers.KIND.col(), Identifiers.VALUE.col(), lit(false));
  }

  /** Records of a source without duplicates: a customer may have one. */
  private static Dataset<Row> ofSources(Dataset<Row> records, List<String> withoutDuplicates) {
    return one(
        records.where(
            IdentityMap.SOURCE
                .col()
                .isin(withoutDuplicates.toArray())
                .and(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.CONTACT))),
        concat(lit(RECORD_OF), IdentityMap.SOURCE.col()),
        NODE.col(),
        lit(true));
  }

  /** Returns what links nothing, and of which a customer may have one. */
  private static Dataset<Row> one(Dataset<Row> rows, Column kind, Column value, Column isHard) {
    return held(rows, kind, value, lit(-1), lit(1), isHard);
  }

  /** Returns facts of the kind of {@link Judgement.Held}, without component. */
  private static Dataset<Row> held(
      Dataset<Row> rows, Column kind, Column value, Column rank, Column most, Column isHard) {
    return rows.select(
        kind.as(Identifiers.KIND.name()),
        NODE.col().as(LEFT.name()),
        value.as(RIGHT.name()),
        lit(null).cast(DoubleType).as(WEIGHT.name()),
        rank.as(Links.RANK.name()),
        most.as(Links.MOST.name()),
        isHard.as(IS_HARD.name()));
  }

  private static Dataset<Row> overLimit(Dataset<Row> held) {
    return held.where(Links.MOST.col().isNotNull())
        .groupBy(COMPONENT.col(), Identifiers.KIND.col())
        .agg(
            count_distinct(RIGHT.col()).as(RIGHT.name()),
            max(Links.MOST.col()).as(Links.MOST.name()))
        .where(RIGHT.col().gt(Links.MOST.col()))
        .select(COMPONENT.col());
  }

  /** Returns the components that pairs are in. */
  private static Dataset<Row> ofPairs(Dataset<Row> members, Dataset<Row> pairs, Field end) {
    return pairs
        .select(end.col().as(NODE.name()))
        .distinct()
        .join(members, NODE.name())
        .select(COMPONENT.col());
  }

  private static Dataset<Row> declared(Dataset<Row> doubtful, Dataset<Row> decisions) {
    return pairs(within(doubtful, decisions), Decisions.DECISION.col(), lit(null).cast(DoubleType));
  }

  /** Returns all pairs of contacts of a component; of a large one those that may be one person. */
  private static Dataset<Row> compared(Dataset<Row> doubtful, Lake lake, Matches matches) {
    Dataset<Row> contacts =
        doubtful.join(
            matches.compared().records().select(NODE.col()), Members.names(NODE), "left_semi");
    Column number = count(lit(1)).over(Window.partitionBy(COMPONENT.col()));
    Dataset<Row> few =
        lake.scratch("identity/compared", contacts.withColumn(NUMBER, number))
            .where(col(NUMBER).leq(MOST_COMPARED));
    Dataset<Row> many =
        doubtful.join(
            few.select(COMPONENT.col()).distinct(), Members.names(COMPONENT), "left_anti");
    Column weight = Matching.WEIGHT.col();
    Column none = lit(null).cast(StringType);
    return pairs(inGroups(few, matches), none, weight)
        .union(pairs(within(many, matches.likely()), none, weight));
  }

  private static Dataset<Row> inGroups(Dataset<Row> few, Matches matches) {
    return matches
        .judged(few.select(COMPONENT.col().as(Matching.KEY.name()), NODE.col()))
        .withColumnRenamed(Matching.KEY.name(), COMPONENT.name());
  }

  /** Adds the component to pairs of which both records are in one. */
  private static Dataset<Row> within(Dataset<Row> doubtful, Dataset<Row> pairs) {
    return pairs
        .join(
            doubtful.select(NODE.col().as(Matching.LEFT.name()), COMPONENT.col()),
            Matching.LEFT.name())
        .join(
            doubtful.select(NODE.col().as(Matching.RIGHT.name()), COMPONENT.col()),
            Members.names(Matching.RIGHT, COMPONENT),
            "inner");
  }

  private static Dataset<Row> pairs(Dataset<Row> pairs, Column kind, Column weight) {
    return pairs.select(
        COMPONENT.col(),
        kind.as(Identifiers.KIND.name()),
        Matching.LEFT.col().as(LEFT.name()),
        Matching.RIGHT.col().as(RIGHT.name()),
        weight.as(WEIGHT.name()),
        lit(null).cast(IntegerType).as(Links.RANK.name()),
        lit(null).cast(IntegerType).as(Links.MOST.name()),
        lit(null).cast(BooleanType).as(IS_HARD.name()));
  }

  /** Returns what {@link Judgement} says of the facts of one component. */
  private static Iterator<Row> verdicts(Iterator<Row> facts, double threshold) {
    var judgement = new Judgement();
    while (facts.hasNext()) {
      Row fact = facts.next();
      String kind = fact.getString(1);
      long left = fact.getLong(2);
      long right = fact.getLong(3);
      if (kind == null) {
        double weight = fact.getDouble(4);
        judgement.addCompared(left, right, weight, weight >= Matching.bits(threshold));
      } else if (kind.equals(Decisions.SAME)) {
        judgement.addAlways(left, right);
      } else if (kind.equals(Decisions.DIFFERENT)) {
        judgement.addNever(left, right);
      } else {
        int most = fact.isNullAt(6) ? 0 : fact.getInt(6);
        judgement.add(
            new Judgement.Held(kind, left, right, fact.getInt(5), most, fact.getBoolean(7)));
      }
    }
    judgement.decide();
    List<Row> verdicts = new ArrayList<>();
    judgement
        .groups()
        .forEach((node, least) -> verdicts.add(verdict(node, least, null, null, null)));
    for (Judgement.Cut cut : judgement.cut()) {
      verdicts.add(verdict(cut.left(), cut.right(), cut.reason(), null, cut.part()));
    }
    for (Judgement.Pair match : judgement.united()) {
      verdicts.add(verdict(match.left(), match.right(), null, match.bits(), null));
    }
    return verdicts.iterator();
  }

  private static Row verdict(long left, long right, String cut, Double weight, Integer part) {
    return RowFactory.create(left, right, cut, weight, part);
  }
}
