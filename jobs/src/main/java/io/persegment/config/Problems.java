package io.persegment.config;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Place;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the settings, so that one run tells it all. */
public final class Problems {
  private record Problem(String file, int line, String message) {}

  private final List<Problem> problems = new ArrayList<>();

  /** Notes that what stands at {@code place} is wrong; {@code what} follows the setting's name. */
  public void add(Place place, String what) {
    add(place.file(), place.line(), place.path() + " " + what);
  }

  /** Notes a problem at a place. */
  public void add(String file, int line, String message) {
    var problem = new Problem(file, line, message);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Throws one exception that names every problem with its file and line, if there is any. */
  public void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    var text = new StringBuilder();
    text.append(
        problems.size() == 1
            ? "The settings have a mistake; nothing was run:"
            : "The settings have %d mistakes; nothing was run:".formatted(problems.size()));
    for (Problem problem : problems) {
      text.append("\n  ").append(problem.file());
      if (problem.line() > 0) {
        text.append(":").append(problem.line());
      }
      text.append(": ").append(problem.message());
    }
    throw new PersegmentException(Fault.SETTINGS, text.toString());
  }
}
