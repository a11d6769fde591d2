package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.conformed.Contacts;
import io.persegment.identity.ExplanationResult.First;
import io.persegment.identity.ExplanationResult.Found;
import io.persegment.identity.ExplanationResult.Holder;
import io.persegment.identity.ExplanationResult.Hop;
import io.persegment.identity.ExplanationResult.Match;
import io.persegment.identity.ExplanationResult.Member;
import io.persegment.identity.ExplanationResult.OfCustomer;
import io.persegment.identity.ExplanationResult.OfPair;
import io.persegment.identity.ExplanationResult.Shared;
import io.persegment.identity.IdentityModels.Standing;
import io.persegment.matching.Matching;
import io.persegment.matching.Waterfall;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Says why records are one customer or are not. Reads tables as they are, and brings so many rows
 * to the driver as are shown; of a chain, the links of its customers.
 */
public final class Explanation {
  /** So many records, values and pairs of a customer are shown. */
  private static final int SHOWN = 50;

  /** Of so many of its links a chain is looked for. */
  private static final int MOST_LINKS = 200_000;

  private static final String LEFT = "left_record";
  private static final String RIGHT = "right_record";
  private static final Field KEY = Records.KEY;
  private static final Field RECORDS =
      Field.required("records", LongType, "How many records have the value");
  private static final Field HOLDERS =
      Field.required("holders", LongType, "How many of those that are asked about");
  private static final Field LINKED =
      Field.required("linked", LongType, "How many of those the value links");
  private static final Field FIRST =
      Field.required(
          "first_holders",
          createArrayType(new StructType().add("cut_reason", StringType).add("key", StringType)),
          "Some of them, first those that it links");
  private static final Field LEFT_KEY = IdentityLinks.LEFT_KEY;
  private static final Field RIGHT_KEY = IdentityLinks.RIGHT_KEY;
  private static final Field REASON = IdentityLinks.CUT_REASON;

  private final Lake lake;
  private final IdentitySettings settings;
  private final Dataset<Row> records;
  private final Dataset<Row> links;
  private final Optional<Standing> standing;

  private Explanation(Lake lake, IdentitySettings settings) {
    this.lake = lake;
    this.settings = settings;
    this.records =
        lake.read(IdentityMap.TABLE)
            .select(
                Records.shownKey().as(KEY.name()),
                IdentityMap.RECORD_TYPE.col(),
                IdentityMap.CUSTOMER_ID.col());
    this.links = lake.read(IdentityLinks.TABLE);
    this.standing = IdentityModels.newest(lake);
  }

  /**
   * Returns why the records of a customer are one. An action.
   *
   * @throws io.persegment.error.PersegmentException where there is no such customer
   */
  public static OfCustomer ofCustomer(Lake lake, IdentitySettings settings, String customer) {
    return new Explanation(lake, settings).customer(customer);
  }

  /**
   * Returns why two records are one customer or are not. An action.
   *
   * @param left key of the record, as in {@link IdentityLinks}
   * @throws io.persegment.error.PersegmentException where there is no such record
   */
  public static OfPair ofRecords(Lake lake, IdentitySettings settings, String left, String right) {
    if (left.equals(right)) {
      throw IdentityErrors.oneRecord();
    }
    return new Explanation(lake, settings).pair(left, right);
  }

  private OfCustomer customer(String customer) {
    Dataset<Row> keys = keys(IdentityMap.CUSTOMER_ID.col().equalTo(customer));
    long all = keys.count();
    if (all == 0) {
      throw IdentityErrors.noCustomer(customer);
    }
    List<String> some =
        keys.orderBy(KEY.col()).limit(SHOWN).collectAsList().stream() // so many are shown
            .map(row -> row.getString(0))
            .toList();
    Dataset<Row> matched = matched(keys);
    Column isWithin = KEY.of(LEFT).isNotNull().and(KEY.of(RIGHT).isNotNull());
    Column isFar = not(isWithin).and(coalesce(REASON.col().equalTo(Matches.BELOW), lit(false)));
    Row counts = matched.agg(count_if(not(isFar)), count_if(isFar)).head();
    List<Match> matches =
        matches(
            matched
                .where(not(isFar))
                .orderBy(
                    IdentityLinks.KEPT.col().desc(),
                    IdentityLinks.MATCH_WEIGHT.col().desc(),
                    LEFT_KEY.col(),
                    RIGHT_KEY.col())
                .limit(SHOWN)
                .select(IdentityLinks.TABLE.columns()));
    return new OfCustomer(
        customer,
        new First<>(some, all),
        shared(keys, 1),
        new First<>(matches, counts.getLong(0)),
        counts.getLong(1));
  }

  private OfPair pair(String leftKey, String rightKey) {
    Map<String, Member> members = members(leftKey, rightKey);
    Member left = members.get(leftKey);
    Member right = members.get(rightKey);
    Dataset<Row> both = keys(KEY.col().isin(leftKey, rightKey));
    Dataset<Row> found =
        links
            .where(isMatch())
            .where(
                LEFT_KEY
                    .col()
                    .isin(leftKey, rightKey)
                    .and(RIGHT_KEY.col().isin(leftKey, rightKey)));
    Match match =
        matches(found.limit(1)).stream()
            .findFirst()
            .orElseGet(() -> compared(List.of(unfound(leftKey, rightKey))).get(0));
    return new OfPair(left, right, shared(both, 2).some(), match, chain(left, right));
  }

  private Map<String, Member> members(String... keys) {
    Map<String, Member> members = new HashMap<>();
    for (Row row : records.where(KEY.col().isin((Object[]) keys)).collectAsList()) { // two
      members.put(
          row.getString(0), new Member(row.getString(0), row.getString(1), row.getString(2)));
    }
    for (String key : keys) {
      if (!members.containsKey(key)) {
        throw IdentityErrors.noRecord(key);
      }
    }
    return members;
  }

  private Dataset<Row> keys(Column which) {
    return records.where(which).select(KEY.col());
  }

  /** Returns the pairs of {@code keys} with each other and with others that match. */
  private Dataset<Row> matched(Dataset<Row> keys) {
    return paired(keys, isMatch());
  }

  private Dataset<Row> paired(Dataset<Row> keys, Column which) {
    return links
        .where(which)
        .join(keys.as(LEFT), LEFT_KEY.col().equalTo(KEY.of(LEFT)), "left")
        .join(keys.as(RIGHT), RIGHT_KEY.col().equalTo(KEY.of(RIGHT)), "left")
        .where(KEY.of(LEFT).isNotNull().or(KEY.of(RIGHT).isNotNull()));
  }

  /** Returns the values that at least so many of {@code keys} have. */
  private First<Shared> shared(Dataset<Row> keys, int least) {
    Dataset<Row> own =
        links
            .where(Evidence.isIdentifier())
            .join(keys, LEFT_KEY.col().equalTo(KEY.col()))
            .groupBy(RIGHT_KEY.col())
            .agg(
                count(lit(1)).as(HOLDERS.name()),
                count_if(IdentityLinks.KEPT.col()).as(LINKED.name()),
                slice(sort_array(collect_list(struct(REASON.col(), KEY.col()))), 1, SHOWN)
                    .as(FIRST.name()))
            .where(HOLDERS.col().geq(least));
    Dataset<Row> ofAll =
        links
            .join(own.select(RIGHT_KEY.col()), Members.names(RIGHT_KEY), "left_semi")
            .groupBy(RIGHT_KEY.col())
            .agg(count(lit(1)).as(RECORDS.name()));
    List<Shared> some =
        own
            .join(ofAll, RIGHT_KEY.name())
            .select(RIGHT_KEY.col(), RECORDS.col(), HOLDERS.col(), LINKED.col(), FIRST.col())
            .orderBy(LINKED.col().desc(), RIGHT_KEY.col())
            .limit(SHOWN)
            .collectAsList() // so many are shown
            .stream()
            .map(Explanation::shared)
            .toList();
    return new First<>(some, some.size() < SHOWN ? some.size() : own.count());
  }

  private static Shared shared(Row row) {
    List<Holder> holders =
        row.<Row>getList(4).stream()
            .map(each -> new Holder(each.getString(1), Optional.ofNullable(each.getString(0))))
            .toList();
    return new Shared(
        shortened(row.getString(0)), row.getLong(1), new First<>(holders, row.getLong(2)));
  }

  /** Returns the kind of an identifier and the beginning of its hash. */
  private static String shortened(String identifier) {
    String kind = identifier.substring(identifier.indexOf(':') + 1, identifier.lastIndexOf(':'));
    String hash = identifier.substring(identifier.lastIndexOf(':') + 1);
    return "%s %s".formatted(kind, hash.substring(0, Math.min(8, hash.length())));
  }

  private List<Match> matches(Dataset<Row> some) {
    List<Match> found = new ArrayList<>();
    for (Row row : some.collectAsList()) { // as many as are shown
      double weight = row.<Double>getAs(IdentityLinks.MATCH_WEIGHT.name());
      double probability = row.<Double>getAs(IdentityLinks.MATCH_PROBABILITY.name());
      Optional<String> cut = Optional.ofNullable(row.getAs(REASON.name()));
      found.add(
          new Match(
              row.getAs(LEFT_KEY.name()),
              row.getAs(RIGHT_KEY.name()),
              Optional.of(new Found(weight, probability, cut)),
              Optional.empty()));
    }
    return compared(found);
  }

  private static Match unfound(String left, String right) {
    return new Match(left, right, Optional.empty(), Optional.empty());
  }

  /** Compares pairs as they are now, by the model that stands. */
  private List<Match> compared(List<Match> pairs) {
    if (pairs.isEmpty() || standing.isEmpty()) {
      return pairs;
    }
    List<Row> keys =
        pairs.stream().map(pair -> RowFactory.create(pair.left(), pair.right())).toList();
    Column one = xxhash64(LEFT_KEY.col());
    Column other = xxhash64(RIGHT_KEY.col());
    Dataset<Row> numbered =
        lake.spark()
            .createDataFrame(
                keys,
                new StructType().add(LEFT_KEY.name(), StringType).add(RIGHT_KEY.name(), StringType))
            .select(
                least(one, other).as(Matching.LEFT.name()),
                greatest(one, other).as(Matching.RIGHT.name()));
    List<Row> numbers = numbered.collectAsList(); // in the order of pairs
    Object[] nodes =
        numbers.stream().flatMap(row -> List.of(row.get(0), row.get(1)).stream()).toArray();
    Dataset<Row> contacts =
        Matches.numbered(
                lake.readOrEmpty(Contacts.TABLE).where(not(Contacts.isEnrichment())), settings)
            .where(Matching.NODE.col().isin(nodes));
    Map<List<Long>, Waterfall> waterfalls = new HashMap<>();
    Waterfall.of(contacts, numbered.distinct(), standing.get().model())
        .forEach(each -> waterfalls.put(List.of(each.left(), each.right()), each));
    List<Match> compared = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Row number = numbers.get(i);
      Match pair = pairs.get(i);
      Waterfall waterfall = waterfalls.get(List.of(number.getLong(0), number.getLong(1)));
      compared.add(
          new Match(pair.left(), pair.right(), pair.found(), Optional.ofNullable(waterfall)));
    }
    return compared;
  }

  /** Looks for what ties two records: of one customer what links, of two also what was cut. */
  private List<Hop> chain(Member left, Member right) {
    Dataset<Row> keys = keys(IdentityMap.CUSTOMER_ID.col().isin(left.customer(), right.customer()));
    Dataset<Row> identifiers =
        links
            .where(Evidence.isIdentifier())
            .join(keys, LEFT_KEY.col().equalTo(KEY.col()), "left_semi");
    Dataset<Row> matched =
        paired(keys, not(Evidence.isIdentifier()))
            .where(KEY.of(LEFT).isNotNull().and(KEY.of(RIGHT).isNotNull()));
    Column counts = not(coalesce(REASON.col().equalTo(Matches.BELOW), lit(false)));
    List<Chain.Link> all =
        identifiers
            .select(IdentityLinks.TABLE.columns())
            .union(matched.where(counts).select(IdentityLinks.TABLE.columns()))
            .where(left.customer().equals(right.customer()) ? REASON.col().isNull() : lit(true))
            .orderBy(LEFT_KEY.col(), RIGHT_KEY.col())
            .limit(MOST_LINKS)
            .select(LEFT_KEY.col(), RIGHT_KEY.col(), IdentityLinks.RULE.col(), REASON.col())
            .collectAsList() // bounded by MOST_LINKS
            .stream()
            .map(Explanation::link)
            .toList();
    return hops(left.key(), new Chain(all).shortest(left.key(), right.key()));
  }

  static Chain.Link link(Row row) {
    return new Chain.Link(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        Optional.ofNullable(row.getString(3)));
  }

  /** Two links of one identifier, from a record to it and from it to another, are one hop. */
  private List<Hop> hops(String from, List<Chain.Link> path) {
    Map<List<String>, Match> matches = new HashMap<>();
    matchesOf(path).forEach(each -> matches.put(List.of(each.left(), each.right()), each));
    List<Hop> hops = new ArrayList<>();
    String at = from;
    for (int i = 0; i < path.size(); i++) {
      Chain.Link link = path.get(i);
      if (!Chain.isIdentifier(link.right())) {
        String to = link.left().equals(at) ? link.right() : link.left();
        Optional<Match> match =
            Optional.ofNullable(matches.get(List.of(link.left(), link.right())));
        hops.add(new Hop(at, to, Optional.empty(), match, link.cut()));
        at = to;
      } else {
        Chain.Link onward = path.get(++i);
        Optional<String> cut = link.cut().or(onward::cut);
        String identifier = shortened(link.right());
        hops.add(new Hop(at, onward.left(), Optional.of(identifier), Optional.empty(), cut));
        at = onward.left();
      }
    }
    return hops;
  }

  private List<Match> matchesOf(List<Chain.Link> path) {
    List<Chain.Link> matched = path.stream().filter(Chain.Link::isMatch).toList();
    if (matched.isEmpty()) {
      return List.of();
    }
    Column left = LEFT_KEY.col().isin(matched.stream().map(Chain.Link::left).toArray());
    Column right = RIGHT_KEY.col().isin(matched.stream().map(Chain.Link::right).toArray());
    return matches(links.where(isMatch().and(left).and(right)));
  }

  private static Column isMatch() {
    return IdentityLinks.RULE.col().isin(Matches.RULE, Matches.WITHIN);
  }
}
