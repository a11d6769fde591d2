package io.persegment.report;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The report: one HTML file that needs nothing from anywhere. All of it is in tables; the charts
 * are drawn from these where scripts run. Every value is escaped.
 */
public final class Page {
  /** Of the version in the pom. */
  private static final String ECHARTS =
      "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.min.js";

  private Page() {}

  /**
   * Writes the report of {@code summary} into {@code folder}; one of the same date is replaced.
   *
   * @return the file
   */
  public static Path write(Summary summary, Path folder) {
    Path file = folder.resolve("report-%s.html".formatted(summary.asOf()));
    try {
      Files.createDirectories(folder);
      Path partial = folder.resolve("." + file.getFileName() + ".partial");
      Files.writeString(partial, html(summary));
      return Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report to " + file, e);
    }
  }

  static String html(Summary summary) {
    Context context =
        Context.newBuilder(summary)
            .combine("style", resource("/report/report.css"))
            .combine("echarts", resource(ECHARTS))
            .combine("script", resource("/report/report.js"))
            .resolver(MapValueResolver.INSTANCE, MethodValueResolver.INSTANCE)
            .build();
    try {
      return handlebars().compile("report").apply(context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Handlebars handlebars() {
    var handlebars = new Handlebars(new ClassPathTemplateLoader("/report", ".hbs"));
    register(handlebars, "count", value -> Formats.count((Long) value));
    register(handlebars, "percent", value -> Formats.percent((Double) value));
    register(handlebars, "number", value -> Formats.number(((Number) value).doubleValue()));
    register(handlebars, "measure", value -> Formats.measure((Double) value));
    register(handlebars, "score", value -> Formats.score((Double) value));
    register(handlebars, "duration", value -> Formats.duration((Duration) value));
    register(handlebars, "time", value -> Formats.time((Instant) value));
    Helper<Long> part =
        (value, options) -> together(Formats.percent(value, options.<Long>param(0)));
    handlebars.registerHelper("part", part);
    return handlebars;
  }

  /** What is not known is a dash. */
  private static void register(Handlebars handlebars, String name, Format format) {
    Helper<Object> helper =
        (value, options) -> {
          Object plain = value instanceof Optional<?> optional ? optional.orElse(null) : value;
          return plain == null ? "–" : together(format.format(plain));
        };
    handlebars.registerHelper(name, helper);
  }

  /** No line ends between a number and its unit. */
  private static String together(String text) {
    return text.replace(' ', '\u00a0');
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Format {
    String format(Object value);
  }
}
