package io.persegment.cli;

import io.persegment.config.Nearest;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Something that the settings declare and the command line names. */
final class Choice {
  private Choice() {}

  /**
   * Returns the one of that name.
   *
   * @param kind what it is, such as template
   * @throws ParameterException where there is none, with the nearest that there is
   */
  static <T> T of(
      CommandSpec spec, String kind, String name, List<T> all, Function<T, String> named) {
    List<String> names = all.stream().map(named).toList();
    return all.stream()
        .filter(each -> named.apply(each).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    names.isEmpty()
                        ? "The settings have no %s, so not %s either".formatted(kind, name)
                        : "There is no %s %s in the settings; %s"
                            .formatted(kind, name, Nearest.hint(name, names))));
  }
}
