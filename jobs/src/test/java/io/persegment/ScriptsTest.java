package io.persegment;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.cli.CommandLines;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.publish.Audience;
import io.persegment.run.Stage;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.ScoreModels;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.table.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.package$;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/**
 * What of the scripts, the DAG and the notebooks can be checked from their text. That they run is
 * shown by {@code scripts/test --all}, with Airflow and Jupyter.
 */
class ScriptsTest {
  private static final Path SCRIPTS = Path.of("scripts");
  private static final Path DAG = SCRIPTS.resolve("airflow/persegment_dag.py");
  private static final Path NOTEBOOKS = Path.of("notebooks");
  private static final String COMPILES =
      "import sys; compile(sys.stdin.read(), sys.argv[1], 'exec')";
  private static final Pattern READ = Pattern.compile("\\bread\\(\\s*\"(\\w+)\",\\s*\\[([^\\]]*)]");
  private static final Map<String, Table> TABLES =
      Stream.of(
              Segments.TABLE,
              SegmentMembership.TABLE,
              CustomerScores.TABLE,
              ScoreModels.TABLE,
              Customers.TABLE,
              Audience.TABLE)
          .collect(toMap(Table::name, Function.identity()));

  @TestFactory
  Stream<DynamicTest> everyShellScriptIsReadable() throws IOException {
    return files(SCRIPTS)
        .filter(ScriptsTest::isShell)
        .map(
            script ->
                dynamicTest(
                    script.toString(), () -> succeeds("", "bash", "-n", script.toString())));
  }

  @TestFactory
  Stream<DynamicTest> everyPythonFileCompiles() throws IOException {
    return files(SCRIPTS)
        .filter(file -> file.toString().endsWith(".py"))
        .map(file -> dynamicTest(file.toString(), () -> compiles(Files.readString(file), file)));
  }

  @Test
  void stagesAreToldAsJsonInTheirOrder() throws IOException {
    var out = new StringWriter();
    int status =
        CommandLines.create().setOut(new PrintWriter(out, true)).execute("stages", "--json");

    JsonNode stages = new ObjectMapper().readTree(out.toString());

    assertThat(status).isZero();
    assertThat(list(stages)).extracting(stage -> stage.get("stage").asText()).isEqualTo(names());
    assertThat(list(stages)).allSatisfy(stage -> assertThat(stage.get("writes")).isNotEmpty());
  }

  @Test
  void theDagSubmitsWhatTheCommandLineTakes() throws IOException {
    String dag = Files.readString(DAG);

    assertThat(dag).contains("java_class=\"" + Persegment.class.getName() + "\"");
    for (String stage : names()) {
      CommandLine command = CommandLines.create().getSubcommands().get(stage);
      for (String option : List.of("--conf", "--as-of", "--set", "--force")) {
        assertThat(dag).contains("\"" + option + "\"");
        assertThat(command.getCommandSpec().findOption(option)).as(stage + option).isNotNull();
      }
    }
  }

  @Test
  void theDagTriesAgainOnlyWhereThatCanHelp() throws IOException {
    String inVain = between(Files.readString(DAG), "IN_VAIN = {", "}");

    assertThat(all(Pattern.compile("(\\d+):"), inVain))
        .extracting(found -> Integer.valueOf(found.group(1)))
        .containsExactly(Fault.SETTINGS.exitCode(), Fault.DATA.exitCode(), Fault.GATE.exitCode());
  }

  @Test
  void theDagTellsOfEveryVariableThatItReads() throws IOException {
    String dag = Files.readString(DAG);
    String doc = between(dag, "\"\"\"", "\"\"\"");

    assertThat(all(Pattern.compile("\"(PERSEGMENT_\\w+)\""), dag))
        .extracting(found -> found.group(1))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(doc).contains(name));
  }

  @TestFactory
  Stream<DynamicTest> everyNotebookIsCommittedWithoutWhatItSaid() throws IOException {
    return notebooks(
        (file, notebook) -> {
          assertThat(notebook.get("nbformat").asInt()).isEqualTo(4);
          assertThat(cells(notebook, "code"))
              .isNotEmpty()
              .allSatisfy(
                  cell -> {
                    assertThat(cell.get("outputs")).isEmpty();
                    assertThat(cell.get("execution_count").isNull()).isTrue();
                  });
        });
  }

  @TestFactory
  Stream<DynamicTest> everyNotebookCompiles() throws IOException {
    return notebooks((file, notebook) -> compiles(code(notebook), file));
  }

  @TestFactory
  Stream<DynamicTest> everyNotebookReadsColumnsThatThereAre() throws IOException {
    return notebooks(
        (file, notebook) -> {
          List<MatchResult> reads = all(READ, code(notebook));
          assertThat(reads).isNotEmpty();
          for (MatchResult read : reads) {
            assertThat(TABLES).containsKey(read.group(1));
            assertThat(all(Pattern.compile("\"(\\w+)\""), read.group(2)))
                .extracting(column -> column.group(1))
                .isNotEmpty()
                .isSubsetOf(TABLES.get(read.group(1)).columnNames());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> everyEnvironmentIsPinned() throws IOException {
    return files(SCRIPTS.resolve("environments"))
        .map(
            file ->
                dynamicTest(
                    file.toString(),
                    () ->
                        assertThat(Files.readAllLines(file))
                            .allMatch(line -> line.matches("#.*|[A-Za-z0-9._-]+==[\\w.]+"))));
  }

  @Test
  void theClusterIsOfOurSpark() throws IOException {
    assertThat(Files.readAllLines(SCRIPTS.resolve("environments/spark.txt")))
        .contains("pyspark==" + package$.MODULE$.SPARK_VERSION());
  }

  private interface NotebookCheck {
    void check(Path file, JsonNode notebook) throws Exception;
  }

  private static Stream<DynamicTest> notebooks(NotebookCheck check) throws IOException {
    return files(NOTEBOOKS)
        .filter(file -> file.toString().endsWith(".ipynb"))
        .map(
            file ->
                dynamicTest(
                    file.toString(),
                    () -> check.check(file, new ObjectMapper().readTree(file.toFile()))));
  }

  private static String code(JsonNode notebook) {
    var all = new StringBuilder();
    for (JsonNode cell : cells(notebook, "code")) {
      cell.get("source").forEach(line -> all.append(line.asText()));
      all.append('\n');
    }
    return all.toString();
  }

  private static List<JsonNode> cells(JsonNode notebook, String kind) {
    return list(notebook.get("cells")).stream()
        .filter(cell -> cell.get("cell_type").asText().equals(kind))
        .toList();
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static List<String> names() {
    return Pipeline.stages(PersegmentSettings.none()).stream().map(Stage::name).toList();
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  /** Returns the files under a folder in order, but for what Python and Jupyter leave there. */
  private static Stream<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().matches(".*(__pycache__|\\.ipynb_checkpoints).*"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static boolean isShell(Path file) {
    try {
      return file.toString().endsWith(".sh")
          || Files.readString(file).startsWith("#!/usr/bin/env bash");
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private static void compiles(String python, Path file) throws Exception {
    succeeds(python, "python3", "-W", "error", "-c", COMPILES, file.toString());
  }

  private static void succeeds(String input, String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "Skipped: there is no " + command[0]);
      return;
    }
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), said).isZero();
  }
}
