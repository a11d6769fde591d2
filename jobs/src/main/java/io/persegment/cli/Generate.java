package io.persegment.cli;

import io.persegment.demo.GardenCompany;
import io.persegment.demo.GardenPlan;
import io.persegment.demo.GardenSummary;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes up The Garden Company's exports, with the truth about its customers. */
@Command(
    name = "generate",
    description = "Make up a shop's exports, with the truth about its customers in truth/.")
final class Generate implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--customers",
      paramLabel = "N",
      description = "People to make up. Default: ${DEFAULT-VALUE}.")
  int customers = GardenPlan.defaults().customers();

  @Option(
      names = "--until",
      paramLabel = "DATE",
      description = "Last day of two years of history. Default: ${DEFAULT-VALUE}.")
  LocalDate until = GardenPlan.defaults().until();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed makes another shop. Default: ${DEFAULT-VALUE}.")
  long seed = GardenPlan.defaults().seed();

  @Option(
      names = "--exports",
      paramLabel = "DIR",
      description = "Folder to write to. Default: ${DEFAULT-VALUE}.")
  Path exports = GardenPlan.defaults().exports();

  @Override
  public Integer call() {
    GardenSummary made = generate(() -> new GardenPlan(customers, until, seed, exports));
    spec.commandLine().getOut().println(inWords(made, exports));
    return 0;
  }

  static GardenSummary generate(Supplier<GardenPlan> plan) {
    try {
      return GardenCompany.generate(plan.get());
    } catch (IllegalArgumentException e) {
      throw new PersegmentException(
          Fault.SETTINGS, "Cannot generate: %s.".formatted(e.getMessage()), e);
    }
  }

  static String inWords(GardenSummary made, Path exports) {
    return "Made up %,d people: %,d orders with %,d lines, %,d web events, %,d e-mail events, in %s."
        .formatted(
            made.persons(),
            made.orders(),
            made.orderLines(),
            made.webEvents(),
            made.emailEvents(),
            exports);
  }
}
