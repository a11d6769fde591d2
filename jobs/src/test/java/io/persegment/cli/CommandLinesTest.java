package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.run.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What a person is told before Spark starts. */
class CommandLinesTest {
  private final Terminal terminal = new Terminal();

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyCommandHasHelp() {
    return CommandLines.create().getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .map(command -> dynamicTest(command.name(), () -> hasHelp(command)));
  }

  private void hasHelp(CommandSpec command) {
    assertThat(terminal.type(command.name(), "--help")).isZero();
    assertThat(command.usageMessage().description()).isNotEmpty();
    String description = command.usageMessage().description()[0].replace("%n", "");
    assertThat(terminal.out().replaceAll("\\s+", " "))
        .contains("Usage: persegment " + command.name())
        .contains(description.substring(0, Math.min(40, description.length())));
  }

  @Test
  void helpListsEveryStageAndTheExitStatuses() {
    assertThat(terminal.type("--help")).isZero();
    assertThat(terminal.out())
        .contains("run", "consolidate", "check", "report", "demo", "generate", "tables", "stages")
        .contains(Pipeline.stages(PersegmentSettings.none()).stream().map(Stage::name).toList())
        .contains("Exit status: 0 done; 1 unexpected; 2 settings; 3 the data broke a contract;");
  }

  @Test
  void tellsWhichVersionItIsAndWhatItStandsOn() {
    assertThat(terminal.type("--version")).isZero();
    assertThat(terminal.out()).matches("(?s)Persegment .+, Spark 4\\.1\\.\\d+, Java \\d+\\s*");
  }

  @Test
  void anUnknownOptionOrCommandIsToldWithTheNearest() {
    assertThat(terminal.type("stages", "--jsn")).isEqualTo(2);
    assertThat(terminal.err()).contains("Unknown option: '--jsn'", "Possible solutions: --json");
    assertThat(terminal.type("ingst", "--conf", "x.conf")).isEqualTo(2);
    assertThat(terminal.err()).contains("'ingst'", "Did you mean:", "persegment ingest");
  }

  @Test
  void settingsMistakesAreToldTogether() throws IOException {
    Path conf =
        write(
            """
            shop { name = Test, currency = euro }
            lake.root = lake
            lake.rot = other
            audits.freshness-days = soon
            """);
    assertThat(terminal.type("run", "--conf", conf.toString())).isEqualTo(2);
    assertThat(terminal.err())
        .contains(
            conf + ":1: shop.currency is euro; write it as ISO 4217 does, such as EUR",
            conf + ":3: there is no setting rot in lake; did you mean root?",
            conf + ":4: audits.freshness-days is soon; write a span such as 30 days");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void aSettingOnTheCommandLineIsCheckedAsOneInAFile() throws IOException {
    Path conf = write("shop { name = Test, currency = EUR }\nlake.root = lake\n");
    assertThat(terminal.type("run", "--conf", conf.toString(), "--set", "lake.rooot=other"))
        .isEqualTo(2);
    assertThat(terminal.err())
        .contains("--set lake.rooot: there is no setting rooot in lake; did you mean root?");
  }

  @Test
  void aMissingConfFileIsNamedWithAnExample() {
    assertThat(terminal.type("run", "--conf", "no/such.conf")).isEqualTo(2);
    assertThat(terminal.err())
        .contains(
            "There is no settings file no/such.conf. Give one with --conf; conf/garden.conf is an example.");
    assertThat(terminal.type("run")).isEqualTo(2);
    assertThat(terminal.err()).contains("Missing required option: '--conf=FILE'");
  }

  @Test
  void aStageWithCommandsOfItsOwnIsStillAStage() {
    assertThat(terminal.type("identity")).isEqualTo(2);
    assertThat(terminal.err()).contains("Missing required option: '--conf=FILE'");
    assertThat(terminal.type("identity", "--conf", "no/such.conf")).isEqualTo(2);
    assertThat(terminal.err()).contains("There is no settings file no/such.conf.");
    assertThat(terminal.type("identity", "evaluate", "--help")).isZero();
    assertThat(terminal.out())
        .contains("Usage: persegment identity evaluate", "--conf=FILE", "--truth=FILE")
        .contains("--grain=cluster|pair", "Default: cluster.");
    assertThat(terminal.type("identity", "evaluate", "--conf", "x.conf")).isEqualTo(2);
    assertThat(terminal.err()).contains("Missing required option: '--truth=FILE'");
    assertThat(terminal.type("identity", "report", "--help")).isZero();
    assertThat(terminal.out()).contains("Usage: persegment identity report", "--json");
  }

  @Test
  void explainWantsACustomerOrTwoRecords() throws IOException {
    String conf = write("shop { name = Test, currency = EUR }\nlake.root = lake\n").toString();
    assertThat(terminal.type("explain", "--conf", conf)).isEqualTo(2);
    assertThat(terminal.err()).contains("--customer=ID", "--records=KEY,KEY");
    assertThat(terminal.type("explain", "--conf", conf, "--customer", "k", "--records", "a,b"))
        .isEqualTo(2);
    assertThat(terminal.err()).contains("mutually exclusive");
    assertThat(terminal.type("explain", "--conf", conf, "--records", "crm/contact/7")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("--records wants two keys, such as crm/contact/7,shop/contact/12; there are 1");
  }

  @Test
  void theHelpOfProposeAndReviewIsTrue() {
    assertThat(terminal.type("identity", "propose", "--help")).isZero();
    assertThat(terminal.out().replaceAll("\\s+", " "))
        .contains("Usage: persegment identity propose", "before any is compared");
    assertThat(terminal.type("identity", "review", "--help")).isZero();
    assertThat(terminal.out().replaceAll("\\s+", " "))
        .contains("Usage: persegment identity review", "--to=FILE", "Default: 50.")
        .contains("The file holds names, birth dates and addresses of persons");
  }

  @Test
  void aReviewOverwritesNothingAndAsksSomething() throws IOException {
    Path conf = write("shop { name = Test, currency = EUR }\nlake.root = lake\n");
    Path there = Files.writeString(folder.resolve("pairs.csv"), "decision\n");
    assertThat(
            terminal.type(
                "identity", "review", "--conf", conf.toString(), "--to", there.toString()))
        .isEqualTo(2);
    assertThat(terminal.err())
        .contains("--to is " + there + ", which is there already and may hold decisions");
    assertThat(
            terminal.type(
                "identity", "review", "--conf", conf.toString(), "--to", "x.csv", "--pairs", "0"))
        .isEqualTo(2);
    assertThat(terminal.err()).contains("--pairs must be at least 1, but is 0");
  }

  @Test
  void aDateThatIsNoneIsTold() {
    assertThat(terminal.type("run", "--conf", "conf/garden.conf", "--as-of", "yesterday"))
        .isEqualTo(2);
    assertThat(terminal.err())
        .contains("Invalid value for option '--as-of'")
        .contains("'yesterday' is no date; write one such as 2026-06-30");
  }

  @Test
  void stagesAreJsonForSchedulers() throws IOException {
    assertThat(terminal.type("stages", "--json")).isZero();
    JsonNode stages = new ObjectMapper().readTree(terminal.out());
    assertThat(stages.findValuesAsText("stage"))
        .isEqualTo(Pipeline.stages(PersegmentSettings.none()).stream().map(Stage::name).toList());
    assertThat(stages.get(0).get("summary").asText()).isNotEmpty();
    assertThat(stages.get(0).get("writes"))
        .extracting(JsonNode::asText)
        .contains("contacts", "order_lines", "quarantine");
  }

  @Test
  void tablesListEveryColumnWithItsMeaning() {
    assertThat(terminal.type("tables")).isZero();
    assertThat(terminal.out().lines().toList())
        .anyMatch(line -> line.startsWith("identity_map: One source record and the customer"))
        .anyMatch(line -> line.matches(" {2}customer_id +string +\\(required\\) Customer"))
        .anyMatch(line -> line.matches(" {2}record_id +string +\\(key\\) The source's own id.*"));
    assertThat(terminal.type("tables", "--conf", "conf/garden.conf")).isZero();
    assertThat(terminal.out()).contains("orders: One order");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("shop.conf"), text);
  }
}
