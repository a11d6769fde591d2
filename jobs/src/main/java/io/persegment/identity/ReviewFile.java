package io.persegment.identity;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The pairs of contacts that the threshold decides most narrowly, as a CSV in which a person writes
 * what they are. Filled in, it is a file of {@link Decisions}.
 */
public final class ReviewFile {
  /**
   * How many pairs were written.
   *
   * @param threshold from which probability on two records are one person
   * @param above that are as likely as the threshold asks, or more
   * @param below that are less likely
   */
  public record Written(double threshold, int above, int below) {
    public int pairs() {
      return above + below;
    }
  }

  private static final Field KEY = Records.KEY;
  private static final Field DECIDED =
      Field.required("decided", StringType, "What became of the pair: kept, or why not");
  private static final List<Field> OF_PAIR =
      List.of(
          IdentityLinks.LEFT_KEY,
          IdentityLinks.RIGHT_KEY,
          Decisions.DECISION,
          IdentityLinks.MATCH_PROBABILITY,
          IdentityLinks.MATCH_WEIGHT,
          DECIDED);
  private static final List<Field> OF_CONTACT =
      List.of(
          Contacts.FIRST_NAME,
          Contacts.LAST_NAME,
          Contacts.BIRTH_DATE,
          Contacts.EMAIL,
          Contacts.PHONE,
          Contacts.STREET,
          Contacts.POSTCODE,
          Contacts.CITY);
  private static final Field LEFT_CUSTOMER =
      Field.required("left_customer", StringType, "Customer of the left contact");
  private static final Field RIGHT_CUSTOMER =
      Field.required("right_customer", StringType, "Customer of the right contact");
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place among the links of the same customers, from 1");
  private static final String KEPT = "kept";

  /** Without it some spreadsheets take UTF-8 for something else, and spoil names. */
  private static final String MARK = "\uFEFF";

  /** With these a spreadsheet takes text for something to work out. */
  private static final String FORMULA = "=+-@\t\r";

  private final Lake lake;
  private final double threshold;

  private ReviewFile(Lake lake, double threshold) {
    this.lake = lake;
    this.threshold = threshold;
  }

  /**
   * Makes sure that nothing is lost by writing to {@code file}.
   *
   * @throws io.persegment.error.PersegmentException where it is there already
   */
  public static void requireNew(Path file) {
    if (Files.exists(file)) {
      throw IdentityErrors.reviewIsThere(file);
    }
  }

  /**
   * Writes the pairs nearest the threshold, the nearest first, half of them above where there are
   * as many; of two customers only the nearest. A pair that a person judged already is not among
   * them, nor any of two customers of whom a pair was judged, nor one below the threshold that
   * other links make one customer; where none is left, no file is written. An action.
   *
   * @param pairs how many, at most
   */
  public static Written write(Lake lake, IdentitySettings settings, Path file, int pairs) {
    requireNew(file);
    double threshold = IdentityModels.threshold(lake, settings.matching());
    var review = new ReviewFile(lake, Matching.bits(threshold));
    Column isAbove = IdentityLinks.MATCH_WEIGHT.col().geq(review.threshold);
    Dataset<Row> asked = review.worthAsking(settings, isAbove);
    List<Row> above = nearest(asked.where(isAbove), IdentityLinks.MATCH_WEIGHT.col().asc(), pairs);
    List<Row> below =
        nearest(asked.where(not(isAbove)), IdentityLinks.MATCH_WEIGHT.col().desc(), pairs);
    int ofAbove = Math.min(above.size(), Math.max(pairs - pairs / 2, pairs - below.size()));
    int ofBelow = Math.min(below.size(), pairs - ofAbove);
    List<Row> chosen = new ArrayList<>(above.subList(0, ofAbove));
    chosen.addAll(below.subList(0, ofBelow));
    chosen.sort(Comparator.comparingDouble(review::distance));
    if (!chosen.isEmpty()) {
      review.write(file, chosen);
    }
    return new Written(threshold, ofAbove, ofBelow);
  }

  /** Leaves out links on which somebody decided, and those of two customers who were judged. */
  private static Dataset<Row> undecided(
      Dataset<Row> links, Dataset<Row> owners, Dataset<Row> judged) {
    Column left = IdentityLinks.LEFT_KEY.col();
    Column right = IdentityLinks.RIGHT_KEY.col();
    Column leftCustomer = LEFT_CUSTOMER.col();
    Column rightCustomer = RIGHT_CUSTOMER.col();
    Dataset<Row> customers =
        withCustomers(judged.select(left, right), owners)
            .where(leftCustomer.notEqual(rightCustomer))
            .select(leftCustomer, rightCustomer);
    return links
        .join(
            judged.select(left, right).union(judged.select(right, left)),
            Members.names(IdentityLinks.LEFT_KEY, IdentityLinks.RIGHT_KEY),
            "left_anti")
        .join(
            customers.union(customers.select(rightCustomer, leftCustomer)),
            Members.names(LEFT_CUSTOMER, RIGHT_CUSTOMER),
            "left_anti");
  }

  /**
   * Returns of the links found by matching between two customers the one nearest the threshold, and
   * within one those that are above it, where nobody decided.
   */
  private Dataset<Row> worthAsking(IdentitySettings settings, Column isAbove) {
    Dataset<Row> owners =
        lake.read(IdentityMap.TABLE)
            .where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.CONTACT))
            .select(Records.shownKey().as(KEY.name()), IdentityMap.CUSTOMER_ID.col());
    Column distance = abs(IdentityLinks.MATCH_WEIGHT.col().minus(threshold));
    Column isApart = LEFT_CUSTOMER.col().notEqual(RIGHT_CUSTOMER.col());
    Column place =
        row_number()
            .over(
                Window.partitionBy(
                        least(LEFT_CUSTOMER.col(), RIGHT_CUSTOMER.col()),
                        greatest(LEFT_CUSTOMER.col(), RIGHT_CUSTOMER.col()))
                    .orderBy(
                        distance, IdentityLinks.LEFT_KEY.col(), IdentityLinks.RIGHT_KEY.col()));
    Dataset<Row> matched =
        withCustomers(
            lake.read(IdentityLinks.TABLE).where(IdentityLinks.RULE.col().equalTo(Matches.RULE)),
            owners);
    return settings
        .decisions()
        .map(file -> undecided(matched, owners, Decisions.judged(lake.spark(), file)))
        .orElse(matched)
        .withColumn(PLACE.name(), place)
        .where(when(isApart, PLACE.col().equalTo(1)).otherwise(isAbove));
  }

  private static Dataset<Row> withCustomers(Dataset<Row> pairs, Dataset<Row> owners) {
    return pairs
        .join(owned(owners, LEFT_CUSTOMER, IdentityLinks.LEFT_KEY), IdentityLinks.LEFT_KEY.name())
        .join(
            owned(owners, RIGHT_CUSTOMER, IdentityLinks.RIGHT_KEY), IdentityLinks.RIGHT_KEY.name());
  }

  private static Dataset<Row> owned(Dataset<Row> owners, Field customer, Field key) {
    return owners.select(
        KEY.col().as(key.name()), IdentityMap.CUSTOMER_ID.col().as(customer.name()));
  }

  private static List<Row> nearest(Dataset<Row> links, Column order, int pairs) {
    return links
        .orderBy(order, IdentityLinks.LEFT_KEY.col(), IdentityLinks.RIGHT_KEY.col())
        .limit(pairs)
        .collectAsList(); // as many as a person asked for
  }

  private double distance(Row link) {
    return Math.abs(link.<Double>getAs(IdentityLinks.MATCH_WEIGHT.name()) - threshold);
  }

  private void write(Path file, List<Row> links) {
    Map<String, List<String>> contacts = contacts(links);
    List<String> unknown = OF_CONTACT.stream().map(field -> "").toList();
    List<List<String>> lines = new ArrayList<>();
    lines.add(header());
    for (Row link : links) {
      List<String> line = new ArrayList<>(ofPair(link));
      line.addAll(contacts.getOrDefault(left(link), unknown));
      line.addAll(contacts.getOrDefault(right(link), unknown));
      lines.add(line);
    }
    List<String> text =
        lines.stream()
            .map(line -> line.stream().map(ReviewFile::quoted).collect(Collectors.joining(",")))
            .toList();
    try {
      Files.createFile(file, ofWriterAlone(file));
      Files.writeString(file, MARK + String.join("\n", text) + "\n");
    } catch (IOException e) {
      throw IdentityErrors.reviewNotWritten(file, e);
    }
  }

  /**
   * The file has names and addresses. Where files know nothing of permissions the folder counts.
   */
  private static FileAttribute<?>[] ofWriterAlone(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static List<String> header() {
    return Stream.of(
            OF_PAIR.stream().map(Field::name),
            OF_CONTACT.stream().map(field -> "left_" + field.name()),
            OF_CONTACT.stream().map(field -> "right_" + field.name()))
        .flatMap(names -> names)
        .toList();
  }

  private static List<String> ofPair(Row link) {
    String reason = link.getAs(IdentityLinks.CUT_REASON.name());
    return List.of(
        left(link),
        right(link),
        "",
        number("%.4f", link.getAs(IdentityLinks.MATCH_PROBABILITY.name())),
        number("%.2f", link.getAs(IdentityLinks.MATCH_WEIGHT.name())),
        reason == null ? KEPT : reason);
  }

  private static String left(Row link) {
    return link.getAs(IdentityLinks.LEFT_KEY.name());
  }

  private static String right(Row link) {
    return link.getAs(IdentityLinks.RIGHT_KEY.name());
  }

  private static String number(String format, Double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Returns what is shown of each contact, by its key. */
  private Map<String, List<String>> contacts(List<Row> links) {
    List<String> keys =
        links.stream().flatMap(link -> Stream.of(left(link), right(link))).distinct().toList();
    Dataset<Row> asked = lake.spark().createDataset(keys, Encoders.STRING()).toDF(KEY.name());
    Column key =
        concat_ws("/", Contacts.SOURCE.col(), lit(IdentityMap.CONTACT), Contacts.RECORD_ID.col());
    Column written = Common.ATTRIBUTES.col().getItem(Contacts.BIRTH_DATE.name());
    Column birthDate = coalesce(Contacts.BIRTH_DATE.col().cast(StringType), written);
    Map<String, List<String>> contacts = new HashMap<>();
    lake.read(Contacts.TABLE)
        .withColumn(KEY.name(), key)
        .withColumn(Contacts.BIRTH_DATE.name(), birthDate)
        .join(broadcast(asked), KEY.name())
        .collectAsList() // two a pair, of as many as a person asked for
        .forEach(row -> contacts.put(row.getAs(KEY.name()), shown(row)));
    return contacts;
  }

  private static List<String> shown(Row contact) {
    return OF_CONTACT.stream()
        .map(
            field -> {
              String value = contact.getAs(field.name());
              // A number such as +4511111111 is harmless, and is to stay one.
              return field.equals(Contacts.PHONE) ? orNothing(value) : harmless(orNothing(value));
            })
        .toList();
  }

  private static String orNothing(String value) {
    return value == null ? "" : value;
  }

  private static String harmless(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  /** Returns {@code text} as RFC 4180 has it. */
  private static String quoted(String text) {
    return text.matches("(?s).*[,\"\\r\\n;].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
