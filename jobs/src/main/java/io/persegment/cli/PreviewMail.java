package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.content.Template;
import io.persegment.content.Template.Part;
import io.persegment.publish.PublishSettings;
import io.persegment.publish.Readers;
import io.persegment.publish.Readers.Reader;
import io.persegment.table.Lake;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes an e-mail for some customers, to be looked at. */
@Command(
    name = "preview",
    sortOptions = false,
    description = {
      "Write an e-mail as some customers of the last release would get it, to be looked at: a file"
          + " each for HTML and text. Whoever may not be written to is shown nothing.",
      ""
    })
final class PreviewMail implements Callable<Integer> {
  private static final int FEW = 3;

  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Parameters(
      paramLabel = "TEMPLATE",
      description = "One of content.templates, as named in the settings.")
  String name;

  @ArgGroup(multiplicity = "1")
  Whom whom;

  /** One of these. */
  static final class Whom {
    @Option(names = "--customer", paramLabel = "ID", description = "This customer.")
    String customer;

    @Option(
        names = "--segment",
        paramLabel = "SEGMENT",
        description = "The first three of a segment, such as lifecycle.Lapsed.")
    String segment;

    @Option(names = "--worst", description = "Three of whom least is known.")
    boolean worst;
  }

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "preview",
      description = "Folder for the files. Default: ${DEFAULT-VALUE}.")
  Path to;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    Template template =
        Choice.of(spec, "template", name, settings.publish().content().templates(), Template::name);
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, false)) {
      List<Reader> readers = run.holding(id -> readers(run.lake(), settings.publish()));
      for (Reader reader : readers) {
        Template.Written written = template.write(reader.values());
        out.println(reader.customerId());
        if (!reader.fallbacks().isEmpty()) {
          out.println("  fallbacks: " + String.join(", ", reader.fallbacks()));
        }
        write(out, reader, written, Part.SUBJECT, "subject.txt");
        write(out, reader, written, Part.HTML, "html");
        write(out, reader, written, Part.TEXT, "txt");
      }
    }
    return 0;
  }

  private void write(
      PrintWriter out, Reader reader, Template.Written written, Part part, String ending) {
    String text = written.parts().get(part);
    if (text == null) {
      return;
    }
    try {
      Files.createDirectories(to);
      Path file = to.resolve("%s-%s.%s".formatted(name, reader.customerId(), ending));
      Files.writeString(file, text);
      out.println("  " + file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the preview to " + to, e);
    }
  }

  private List<Reader> readers(Lake lake, PublishSettings publish) {
    var readers = Readers.of(lake, publish);
    if (whom.customer != null) {
      return readers.customer(whom.customer);
    }
    if (whom.worst) {
      return readers.worst(FEW);
    }
    int dot = whom.segment.indexOf('.');
    if (dot < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--segment is %s; write segmentation.segment, such as lifecycle.Lapsed"
              .formatted(whom.segment));
    }
    return readers.segment(whom.segment.substring(0, dot), whom.segment.substring(dot + 1), FEW);
  }
}
