package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.Problems;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Orders;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.spark.sql.functions;

/**
 * Files that nobody would send on purpose, many to a run, at every reader. A run ends with books
 * that balance, or with a message about the file that tells nothing of a row and changed nothing.
 */
class BadInputTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  /** Stands in every row that is made up, and must stand in no message. */
  private static final String CANARY = "canary";

  private static final List<String> COLUMNS =
      List.of("id", "kind", "name", "mail", "tel", "changed", "paid", "born", "land", "zip");

  private static final String TARGETS =
      """
        version = changed, where = "kind <> 'test'", quarantine-limit = 1
        %s
      """;
  private static final String CONTACTS =
      TARGETS.formatted(
          """
          contacts {
            record_id = id, email = mail, phone = tel, first_name = "split(name, ' ')[0]"
            last_name = name, birth_date = born, country = land, postcode = zip, updated_at = changed
          }
          """);
  private static final String ORDERS =
      TARGETS.formatted(
          """
          orders {
            order_id = id, email = mail, phone = tel, ordered_at = changed, status = "'paid'"
            net = paid, gross = name, country = land
          }
          """);
  private static final String GROUPED =
      """
        where = "kind <> 'test'", quarantine-limit = 1
        orders {
          group-by = id, email = "max(mail)", ordered_at = "min(changed)", status = "max('paid')"
          net = "sum(paid)"
        }
      """;

  private static final String SCHEMA =
      """
      schema = "id string, kind string, name string, mail string, tel string, changed string, \
      paid decimal(12, 2), born date, land string, zip bigint, more struct<a: array<string>>"
      """;

  private static final List<String> WILD =
      List.of(
          "0000-01-01",
          "0000-00-00",
          "0001-01-01T00:00:00Z",
          "9999-12-31",
          "9999-12-31T23:59:59.999999999Z",
          "+294247-01-10T04:00:54.775807Z",
          "-290308-12-21",
          "2026-02-30",
          "NaN",
          "Infinity",
          "-inf",
          "1e400",
          "-1e-400",
          "1e999999999",
          "-9".repeat(200),
          "9".repeat(400),
          "0x1p3",
          "1,2,3.4.5",
          "--",
          "\\N",
          "\\",
          "\u0000",
          "\uFEFF",
          "\uFFFD",
          "'",
          "\"",
          "\"\"\"",
          "a\nb\r\nc",
          "\r",
          "\u2028",
          "${x} $1 \\1 %s `id`",
          "\uD83E\uDDD1\u200D\uD83C\uDF3E",
          "\uD800",
          "test@",
          "a@b@c",
          "x@" + "a".repeat(300) + ".com",
          "@xn--a.com",
          "xn--\u0000@xn--zzzz.com",
          "+999999999999999999999",
          "((((((((((",
          "=cmd|' /C calc'!A0",
          "true",
          "null");

  private static final List<String> LONG =
      Stream.of("x", "1", "(", " ", "a@", "-.", "'\u00E9 ", "\"", "Mc", ", ")
          .map(part -> part.repeat(1_000_000 / part.length()))
          .toList();

  private static LocalSpark.Handle spark;
  private static TestLake lake;
  private static Path folder;
  private static int tries;

  @BeforeContainer
  static void start() throws IOException {
    spark = LocalSpark.handle();
    folder = Files.createTempDirectory("bad-input");
    lake = new TestLake(spark, folder.resolve("lake"));
  }

  @AfterContainer
  static void stop() throws IOException {
    delete(folder);
  }

  /** A file of an export. */
  private static final class Made {
    private final String name;
    private final byte[] bytes;

    Made(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    String name() {
      return name;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      String text = new String(bytes, 0, Math.min(bytes.length, 3_000), StandardCharsets.UTF_8);
      return "%s of %,d bytes: %s%n".formatted(name, bytes.length, text);
    }
  }

  @Property(seed = "1")
  void csvWhoseCellsAreWildIsCountedToTheRow(@ForAll("tables") List<Table> tables) {
    List<Made> files = new ArrayList<>();
    for (Table table : tables) {
      files.add(
          table.gzipped()
              ? gzip(made(files, "csv.gz", table.csv()))
              : made(files, "csv", table.csv()));
    }
    long rows = tables.stream().mapToLong(table -> table.rows().size()).sum();

    ingest("wild-csv", "format = csv", CONTACTS, files, OptionalLong.of(rows));
  }

  @Property(seed = "2")
  void csvThatIsBrokenIsTakenInOrToldOf(@ForAll("brokenCsv") List<Made> files) {
    ingest("broken-csv", "format = csv", GROUPED, files, OptionalLong.empty());
  }

  @Property(seed = "3")
  void jsonLinesAreTakenInOrToldOf(
      @ForAll("jsonLines") List<Made> files, @ForAll boolean declared) {
    ingest(
        "json-lines",
        "format = json" + (declared ? "\n" + SCHEMA : ""),
        ORDERS,
        files,
        OptionalLong.empty());
  }

  @Property(seed = "4")
  void pagesOfAnApiAreTakenInOrToldOf(@ForAll("pages") List<Made> files) {
    ingest(
        "pages",
        "format = json, options.multiLine = true, records = data\n" + SCHEMA,
        CONTACTS,
        files,
        OptionalLong.empty());
  }

  @Property(seed = "5")
  void parquetOfAnyTypesIsTakenInOrToldOf(@ForAll("parquet") List<String> selects) {
    List<Made> files = selects.stream().map(BadInputTest::parquetFile).toList();
    ingest("parquet", "format = parquet", ORDERS, files, OptionalLong.of(2L * files.size()));
  }

  @Example
  void eachRowThatAnOpenQuoteSwallowsIsCounted() {
    String rows =
        IntStream.range(0, 500)
            .mapToObj(i -> "%d,person,Ada,,,2026-01-01,1,,,\n".formatted(i))
            .collect(Collectors.joining());
    String open = "x,person,\"Ada,,,2026-01-01,1,,,\n";

    ingest(
        "open-quotes",
        "format = csv",
        CONTACTS,
        List.of(
            new Made("a.csv", bytes(header() + rows.substring(0, 9000) + "\n" + open + rows)),
            new Made("b.csv", bytes(header() + "y,person,Bo,,,2026-01-01,1,,,\"\n" + rows)),
            new Made(
                "c.csv", bytes(header() + "z,person,\"Cy\nlives, so he says,\nhere\",,,,1,,,\n"))),
        OptionalLong.empty());

    Map<String, Long> books = lake.rows("ingest");
    assertThat(books.get("open-quotes.contacts.read")).isGreaterThan(1_200);
    assertThat(books.get("open-quotes.contacts.quarantined")).isGreaterThan(990);
  }

  @Example
  void aQuoteThatIsNotClosedIsToldFromANoteOfSeveralLines() throws IOException {
    Path file = Files.createTempDirectory(folder, "quotes").resolve("few.csv");
    Files.writeString(
        file,
        """
        id,note,mail,zip
        m8,"Flat 3, left, blue, twice
        York, UK, now, please
        1, 2, 3, 4",x,1
        m9,Lee,b,2
        m10,"Ada,c,3
        m11,Bo,d,4
        m12,Cy",e,5
        m13,Dee,f,6
        """);

    assertThat(
            batches("csv", file).get(0).rows().select("id", Batch.CORRUPT).collectAsList().stream()
                .map(row -> row.getString(0) + " " + row.getString(1)))
        .containsExactlyInAnyOrder(
            "m8 null",
            "m9 null",
            "null in quotes: m10,Ada,c,3",
            "null in quotes: m11,Bo,d,4",
            "null in quotes: m12,Cy,e,5",
            "m13 null");
  }

  @Example
  void anEmptyFileIsADayWithoutARow() throws IOException {
    Path of = Files.createTempDirectory(folder, "empty");
    Files.writeString(of.resolve("a.csv"), "");
    Files.writeString(of.resolve("a.json"), "");
    Files.writeString(of.resolve("b.json"), "{}\n");

    assertThat(batches("csv", of.resolve("a.csv"))).isEmpty();
    assertThat(batches("json", of.resolve("a.json"))).isEmpty();
    assertThat(batches("json", of.resolve("b.json"))).as("a row that says nothing").hasSize(1);
  }

  @Example
  void rowsThatNothingElseTellsApartAreNumbered() throws IOException {
    Path file = Files.createTempDirectory(folder, "numbered").resolve("few.csv");
    Files.writeString(file, "mail,zip\na,1\na,1\nb\n\"c\nd\",2\n");

    assertThat(
            batches("csv, row-number = no", file).get(0).rows().collectAsList().stream()
                .map(row -> row.getString(0) + row.<String>getAs("no")))
        .containsExactly("a1", "a2", "b3", "c\nd4");
    assertThatThrownBy(() -> batches("csv, row-number = zip", file))
        .hasMessageContaining("have a column zip already; call read.row-number otherwise");
  }

  private static List<Batch> batches(String format, Path file) {
    var settings =
        PersegmentSettings.from(
            SettingsFile.parse(
                "test.conf",
                """
                shop { name = Test, currency = DKK, country = DK }, lake.root = lake
                sources.few { read { format = %s, path = "%s" }, contacts { record_id = id } }
                """
                    .formatted(format, file)));
    ReadSettings read = settings.sources().get(0).read();
    var reader = new Reader(spark.session());
    return reader.batches(read, reader.list(read, new Problems()));
  }

  @Provide
  Arbitrary<List<Table>> tables() {
    return table().list().ofMinSize(8).ofMaxSize(14);
  }

  @Provide
  Arbitrary<List<Made>> brokenCsv() {
    Arbitrary<byte[]> broken =
        Arbitraries.frequencyOf(
            Tuple.of(12, table().map(Table::csv)),
            Tuple.of(6, table().map(table -> unquoted(table, header()))),
            Tuple.of(
                1,
                Arbitraries.of(
                        "", header(), "\uFEFF" + header(), "\uFEFF", "\n\n", "\"", header() + "\"")
                    .map(BadInputTest::bytes)),
            Tuple.of(1, table().map(table -> unquoted(table, ""))),
            Tuple.of(1, table().map(table -> text(table.csv()).getBytes(StandardCharsets.UTF_16))),
            Tuple.of(
                1, Arbitraries.just(bytes(",".repeat(5_000) + "\n" + ",".repeat(30_000) + "\n"))),
            Tuple.of(2, Arbitraries.just(bytes(header() + ",".repeat(30_000) + "\n"))),
            Tuple.of(
                2, Arbitraries.just(bytes(header() + "1,person,\"" + "x\n".repeat(3_000_000)))),
            Tuple.of(2, Arbitraries.bytes().array(byte[].class).ofMaxSize(2_000)));
    return files(broken, "csv");
  }

  @Provide
  Arbitrary<List<Made>> jsonLines() {
    Arbitrary<String> line =
        Arbitraries.frequencyOf(
            Tuple.of(20, object()),
            Tuple.of(2, object().map(text -> text.substring(0, text.length() / 2))),
            Tuple.of(
                1,
                Arbitraries.of(
                    "", "[]", "{}", "null", "1", "\"x\"", "[[", "{\"id\":\"a\"}{\"id\":\"b\"}")));
    return files(line.list().ofMaxSize(6).map(all -> bytes(String.join("\n", all))), "json");
  }

  @Provide
  Arbitrary<List<Made>> pages() {
    Arbitrary<String> page =
        Arbitraries.frequencyOf(
            Tuple.of(
                20,
                object()
                    .list()
                    .ofMaxSize(6)
                    .map(all -> "{\"data\": [" + String.join(",\n", all) + "]}")),
            Tuple.of(
                1,
                Arbitraries.of(
                    "",
                    "[]",
                    "{}",
                    "{\"data\": null}",
                    "{\"data\": {}}",
                    "{\"data\": 1}",
                    "{\"error\": \"x\"}")),
            Tuple.of(1, Arbitraries.just("{\"data\": [" + "1,".repeat(300_000) + "1]}")));
    return files(page.map(BadInputTest::bytes), "json");
  }

  @Provide
  Arbitrary<List<String>> parquet() {
    Arbitrary<String> value =
        Arbitraries.of(
            "'x'",
            "'2026-01-01'",
            "'1.5'",
            "1",
            "-1L",
            "double('NaN')",
            "double('-infinity')",
            "1e300D",
            "date'0001-01-01'",
            "date'9999-12-31'",
            "timestamp'0001-01-01 00:00:00'",
            "timestamp'9999-12-31 23:59:59'",
            "timestamp_ntz'2026-01-01 00:00:00'",
            "cast(1e37 as decimal(38, 0))",
            "0.00000000001BD",
            "X'00FF'",
            "true",
            "array('a', null)",
            "named_struct('a', 1)",
            "map('a', 1)",
            "cast(null as string)",
            "array(named_struct('x', double('NaN')))",
            "float('NaN')",
            "tinyint(1)");
    return value
        .list()
        .ofSize(COLUMNS.size() - 2)
        .map(
            values ->
                IntStream.range(0, values.size())
                    .mapToObj(i -> values.get(i) + " as `" + COLUMNS.get(i + 2) + "`")
                    .collect(Collectors.joining(", ")))
        .list()
        .ofMinSize(4)
        .ofMaxSize(6);
  }

  /** Most files as they are, some gzipped, cut off, or with bytes changed. */
  private static Arbitrary<List<Made>> files(Arbitrary<byte[]> contents, String ending) {
    Arbitrary<Integer> harm =
        Arbitraries.frequencyOf(
            Tuple.of(60, Arbitraries.just(0)),
            Tuple.of(20, Arbitraries.just(1)),
            Tuple.of(20, Arbitraries.just(2)),
            Tuple.of(20, Arbitraries.just(3)),
            Tuple.of(1, Arbitraries.just(4)),
            Tuple.of(1, Arbitraries.just(5)));
    Arbitrary<Made> made =
        Combinators.combine(contents, harm, Arbitraries.integers().between(0, 1_000))
            .as((bytes, how, where) -> harmed(new Made(ending, bytes), how, where));
    return made.list()
        .ofMinSize(8)
        .ofMaxSize(20)
        .map(
            all ->
                IntStream.range(0, all.size())
                    .mapToObj(i -> new Made(i + "." + all.get(i).name(), all.get(i).bytes()))
                    .toList());
  }

  private static Made harmed(Made file, int how, int where) {
    byte[] bytes = file.bytes().clone();
    int at = (int) ((long) bytes.length * where / 1_001);
    return switch (how) {
      case 1 -> gzip(file);
      case 2 -> new Made(file.name(), Arrays.copyOf(bytes, Math.max(at, bytes.length * 2 / 3)));
      case 3 -> {
        if (bytes.length > 200) { // behind the header
          bytes[200 + (int) ((bytes.length - 200L) * where / 1_001)] ^= (byte) (1 << (where % 8));
        }
        yield new Made(file.name(), bytes);
      }
      case 4 -> {
        byte[] whole = gzip(file).bytes();
        yield new Made(file.name() + ".gz", Arrays.copyOf(whole, whole.length * 2 / 3));
      }
      case 5 -> new Made(file.name() + ".gz", bytes);
      default -> file;
    };
  }

  /** A CSV file that is written as it should be. */
  record Table(List<String> further, List<List<String>> rows, boolean mark, boolean gzipped) {
    byte[] csv() {
      var text = new StringBuilder(mark ? "\uFEFF" : "");
      var names = new ArrayList<>(COLUMNS);
      names.addAll(further);
      text.append(names.stream().map(BadInputTest::quoted).collect(Collectors.joining(",")));
      for (List<String> row : rows) {
        text.append("\r\n")
            .append(row.stream().map(BadInputTest::quoted).collect(Collectors.joining(",")));
      }
      return bytes(text + "\r\n");
    }
  }

  private static Arbitrary<Table> table() {
    Arbitrary<List<String>> further =
        Arbitraries.frequencyOf(
            Tuple.of(10, Arbitraries.of(List.of(), List.of("colour"))),
            Tuple.of(
                3,
                Arbitraries.of(
                        "ID",
                        "a.b",
                        "a`b",
                        "`",
                        "\"",
                        "",
                        " ",
                        "_metadata",
                        "_persegment_corrupt",
                        "_columns",
                        "x\ny",
                        "$",
                        "1",
                        "\u0000",
                        "_c0",
                        "Id",
                        "source",
                        "*",
                        "a[0]")
                    .list()
                    .ofMaxSize(4)));
    Arbitrary<List<List<String>>> rows = row().list().ofMaxSize(6);
    return Combinators.combine(
            further, rows, Arbitraries.of(true, false), Arbitraries.of(true, false))
        .as(Table::new);
  }

  private static Arbitrary<List<String>> row() {
    Arbitrary<List<String>> rest = cell().list().ofSize(COLUMNS.size() - 2);
    Arbitrary<List<String>> whole =
        Combinators.combine(id(), Arbitraries.of("person", "person", "test"), rest)
            .as(
                (id, kind, cells) -> {
                  var row = new ArrayList<>(List.of(id, kind));
                  row.addAll(cells);
                  return List.copyOf(row);
                });
    return Arbitraries.frequencyOf(
        Tuple.of(10, whole),
        Tuple.of(1, whole.map(row -> row.subList(0, 4))),
        Tuple.of(
            1,
            whole.map(
                row -> {
                  var more = new ArrayList<>(row);
                  more.addAll(Collections.nCopies(9, CANARY));
                  return more;
                })));
  }

  private static Arbitrary<String> id() {
    return Arbitraries.frequencyOf(
        Tuple.of(20, Arbitraries.integers().between(1, 100_000).map(String::valueOf)),
        Tuple.of(1, Arbitraries.of("1", "x")));
  }

  private static Arbitrary<String> cell() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            60,
            Arbitraries.of(
                "2026-01-02", "12.50", CANARY + "@example.com", "Ada " + CANARY, "", "DK")),
        Tuple.of(60, Arbitraries.of(WILD)),
        Tuple.of(20, Arbitraries.strings().all().ofMaxLength(40).map(text -> "x" + text)),
        Tuple.of(1, Arbitraries.of(LONG)));
  }

  /** A JSON object in one line. */
  private static Arbitrary<String> object() {
    Arbitrary<String> token =
        Arbitraries.frequencyOf(
            Tuple.of(40, cell().map(BadInputTest::jsonText)),
            Tuple.of(
                20,
                Arbitraries.of(
                    "1",
                    "-0.0",
                    "1e400",
                    "1e999999999",
                    "-1e-999999999",
                    "NaN",
                    "-Infinity",
                    "true",
                    "null",
                    "9".repeat(400),
                    "9".repeat(2_000),
                    "{}",
                    "[]",
                    "[[[[1]]]]",
                    "{\"a\": {\"A\": 1}}",
                    "\"\\ud800\"",
                    "\"\\u0000\"",
                    "{\"a\": [\"x\", null, 3]}",
                    "{\"\": 1}")),
            Tuple.of(
                1,
                Arbitraries.of(
                    "[".repeat(10_000) + "]".repeat(10_000),
                    "[".repeat(10_000),
                    "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
                    "{\"a\":".repeat(500) + "1" + "}".repeat(500),
                    "[" + "1,".repeat(200_000) + "1]")));
    Arbitrary<List<String>> names =
        Arbitraries.frequencyOf(
            Tuple.of(30, Arbitraries.just(COLUMNS.subList(1, COLUMNS.size()))),
            Tuple.of(
                1,
                Arbitraries.of(
                        "kind", "more", "a.b", "`", "", "Changed", "kind", "_metadata", "x y")
                    .list()
                    .ofSize(COLUMNS.size() - 1)));
    return Combinators.combine(id(), names, token.list().ofSize(COLUMNS.size() - 1))
        .as(
            (id, keys, tokens) ->
                "{\"id\": \""
                    + id
                    + "\""
                    + IntStream.range(0, keys.size())
                        .mapToObj(i -> ", %s: %s".formatted(jsonText(keys.get(i)), tokens.get(i)))
                        .collect(Collectors.joining())
                    + "}");
  }

  private static void ingest(
      String source, String read, String rest, List<Made> files, OptionalLong rows) {
    String table = rest.contains("contacts {") ? "contacts" : "orders";
    Path exports = folder.resolve(source);
    String sources =
        "%s {\n read { path = \"%s/*\", %s }\n%s}"
            .formatted(source, exports.resolve("*"), read, rest);
    tries++;
    Path export = exports.resolve("try-" + tries);
    try {
      Files.createDirectories(export);
      for (Made file : files) {
        Files.write(export.resolve(file.name()), file.bytes());
      }
      long before = count(table, source);
      Optional<Throwable> failed = run(sources);
      if (failed.isPresent()) {
        assertThat(rows).as("rows that can be counted: " + failed.get()).isEmpty();
        requireHelp(failed.get(), exports);
        assertThat(count(table, source)).isEqualTo(before);
      } else {
        requireBalance(source + "." + table + ".", rows, count(table, source) - before);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(export);
    }
  }

  private static Optional<Throwable> run(String sources) {
    PersegmentSettings settings =
        PersegmentSettings.from(
            SettingsFile.parse(
                "test.conf",
                """
                shop { name = Test, currency = DKK, country = DK }, lake.root = lake
                sources {
                  wild-csv.retired = keep
                  broken-csv.retired = keep
                  json-lines.retired = keep
                  pages.retired = keep
                  parquet.retired = keep
                  open-quotes.retired = keep
                }
                sources.%s
                """
                    .formatted(sources)
                    .replace(sources.substring(0, sources.indexOf(' ')) + ".retired = keep", "")));
    try {
      lake.run(DAY, true, IngestStage.of(settings.sources(), settings.retiredSources()));
      return Optional.empty();
    } catch (Throwable e) { // whatever it is: that is the question
      return Optional.of(e);
    }
  }

  private static void requireHelp(Throwable failed, Path exports) {
    assertThat(failed).isInstanceOf(PersegmentException.class);
    assertThat(((PersegmentException) failed).fault()).isIn(Fault.DATA, Fault.SETTINGS);
    assertThat(failed.getMessage())
        .contains(exports.getFileName().toString())
        .doesNotContainIgnoringCase(CANARY)
        .doesNotContain("\u0000", "\uFFFD");
    assertThat(failed.getMessage().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(1_500));
  }

  private static void requireBalance(String prefix, OptionalLong rows, long growth) {
    Map<String, Long> books = lake.rows("ingest");
    assertThat(sum(books, prefix, "left_out", "quarantined", "accepted"))
        .isEqualTo(books.get(prefix + "read"));
    assertThat(sum(books, prefix, "in_table", "replaced", "repeated", "folded", "deletions"))
        .isEqualTo(books.get(prefix + "accepted"));
    assertThat(growth)
        .isEqualTo(books.get(prefix + "in_table") - books.getOrDefault(prefix + "removed", 0L));
    rows.ifPresent(known -> assertThat(books.get(prefix + "read")).isEqualTo(known));
  }

  private static long sum(Map<String, Long> books, String prefix, String... measures) {
    return Stream.of(measures).mapToLong(each -> books.getOrDefault(prefix + each, 0L)).sum();
  }

  private static long count(String table, String source) {
    var stored =
        table.equals("orders")
            ? lake.lake().readOrEmpty(Orders.TABLE)
            : lake.lake().readOrEmpty(io.persegment.conformed.Contacts.TABLE);
    return stored.where(Orders.SOURCE.col().equalTo(source)).count();
  }

  private static Made parquetFile(String select) {
    tries++;
    Path to = folder.resolve("parquet-" + tries);
    spark
        .session()
        .range(2)
        .coalesce(1)
        .select(
            functions.expr("concat('p%d-', id) as id".formatted(tries)),
            functions.expr("struct('person' as kind, " + select + ") as s"))
        .select("id", "s.*")
        .write()
        .parquet(to.toString());
    try (Stream<Path> parts = Files.list(to)) {
      Path part =
          parts
              .filter(each -> each.getFileName().toString().startsWith("part"))
              .findFirst()
              .orElseThrow();
      return new Made(tries + ".parquet", Files.readAllBytes(part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Made made(List<Made> before, String ending, byte[] bytes) {
    return new Made(before.size() + "." + ending, bytes);
  }

  private static Made gzip(Made file) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(file.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String name = file.name().endsWith(".gz") ? file.name() : file.name() + ".gz";
    return new Made(name, bytes.toByteArray());
  }

  private static byte[] unquoted(Table table, String header) {
    return bytes(
        header
            + table.rows().stream()
                .map(row -> String.join(",", row))
                .collect(Collectors.joining("\n")));
  }

  private static String header() {
    return String.join(",", COLUMNS) + "\n";
  }

  private static String quoted(String cell) {
    return "\"" + cell.replace("\"", "\"\"") + "\"";
  }

  private static String jsonText(String text) {
    var json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      json.append(
          c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)
              ? "\\u%04x".formatted((int) c)
              : String.valueOf(c));
    }
    return json.append('"').toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
