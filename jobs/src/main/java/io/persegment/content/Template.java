package io.persegment.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.HandlebarsError;
import com.github.jknack.handlebars.HandlebarsException;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.Options;
import com.github.jknack.handlebars.TagType;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.helper.EachHelper;
import io.persegment.config.Nearest;
import io.persegment.config.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * An e-mail to be written for one customer: Handlebars over their tokens and the variations of
 * slots, by name. Blocks are {@code {{#if token}}}, {@code {{#eq slot "variation"}}} and, through a
 * list, {@code {{#each token}}}, each with an {@code {{else}}}.
 *
 * @param texts what is written, by part
 * @param lists tokens that are lists, to the names of what each of the list has
 */
public record Template(String name, Map<Part, String> texts, Map<String, List<String>> lists) {
  /** What an e-mail has. */
  public enum Part {
    SUBJECT,
    HTML,
    TEXT
  }

  private static final String EQUAL = "eq";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Who is told of blocks, among what the library hands to helpers. */
  private static final String BLOCKS = "blocks";

  private static final Handlebars ESCAPING = handlebars(EscapingStrategy.HTML_ENTITY);
  private static final Handlebars PLAIN = handlebars(EscapingStrategy.NOOP);

  private static final Set<TagType> VALUES =
      Set.of(TagType.VAR, TagType.AMP_VAR, TagType.TRIPLE_VAR);

  public Template {
    texts = Map.copyOf(texts);
    lists = Map.copyOf(lists);
  }

  /**
   * One customer's e-mail.
   *
   * @param parts what is written, by part
   */
  public record Written(Map<Part, String> parts) {
    public Written {
      parts = Map.copyOf(new TreeMap<>(parts));
    }
  }

  /**
   * Reads a section of {@code content.templates}: subject, and the files html and text.
   *
   * @param tokens names of tokens and slots
   * @param lists those tokens that are lists, to the names of what each of the list has
   */
  static Template from(
      String name, Section section, List<String> tokens, Map<String, List<String>> lists) {
    var texts = new LinkedHashMap<Part, String>();
    texts.put(Part.SUBJECT, section.text("subject"));
    check(section, "subject", "the subject", texts.get(Part.SUBJECT), tokens, lists);
    for (Part part : List.of(Part.HTML, Part.TEXT)) {
      String key = part == Part.HTML ? "html" : "text";
      if (section.has(key)) {
        read(section, key)
            .ifPresent(
                text -> {
                  texts.put(part, text);
                  check(section, key, section.text(key), text, tokens, lists);
                });
      }
    }
    if (texts.size() == 1) {
      section.problem("html", "and text are missing; name a file for one of them at least");
    }
    return new Template(name, texts, lists);
  }

  /** A relative path is one from the folder of the settings that name it. */
  private static Optional<String> read(Section section, String key) {
    try {
      Path settings = Path.of(section.place(key).file());
      return Optional.of(Files.readString(settings.resolveSibling(section.text(key))));
    } catch (IOException | InvalidPathException e) {
      section.problem(key, "names a file that cannot be read: %s".formatted(section.text(key)));
      return Optional.empty();
    }
  }

  private static void check(
      Section section,
      String key,
      String file,
      String text,
      List<String> tokens,
      Map<String, List<String>> lists) {
    try {
      var compiled = handlebars(Part.HTML).compileInline(text);
      List<String> gone = compiled.collectReferenceParameters();
      List<String> known =
          Stream.concat(
                  tokens.stream(),
                  lists.entrySet().stream()
                      .filter(list -> gone.contains(list.getKey()))
                      .flatMap(list -> list.getValue().stream()))
              .toList();
      if (!compiled.collect(TagType.TRIPLE_VAR, TagType.AMP_VAR).isEmpty()) {
        section.problem(
            key, "writes {{{...}}} or {{&...}}, by which a name could be a script; write {{...}}");
      }
      for (String asked : asked(compiled)) {
        if (!known.contains(asked)) {
          section.problem(
              key,
              "writes {{%s}}, which is no token and no slot; %s"
                  .formatted(asked, Nearest.hint(asked, known)));
        }
      }
    } catch (HandlebarsException e) {
      HandlebarsError error = e.getError();
      section.problem(
          key,
          error == null
              ? "is no template: " + e.getMessage()
              : "is no template: %s, line %d, column %d: %s"
                  .formatted(file, error.line, error.column, error.reason));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text needs no reading
    }
  }

  /** Returns every name that the template asks for. */
  private static List<String> asked(com.github.jknack.handlebars.Template compiled) {
    return Stream.concat(
            compiled.collect(VALUES.toArray(TagType[]::new)).stream(),
            compiled.collectReferenceParameters().stream())
        .filter(name -> !name.equals("else") && !name.startsWith("@") && !name.startsWith("this"))
        .distinct()
        .toList();
  }

  /** Returns the tokens and slots that it asks for, in order of their names. */
  public List<String> asked() {
    try {
      var all = new ArrayList<String>();
      for (String text : texts.values()) {
        all.addAll(asked(handlebars(Part.HTML).compileInline(text)));
      }
      List<String> ofEach = lists.values().stream().flatMap(List::stream).toList();
      return all.stream().filter(name -> !ofEach.contains(name)).distinct().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the e-mail of one customer, given values by name. */
  public Written write(Map<String, String> values) {
    return write(values, (place, seen) -> {});
  }

  /**
   * Writes the e-mail of one customer.
   *
   * @param blocks told of each block that is come to: its part, line and condition, and whether it
   *     is seen
   */
  public Written write(Map<String, String> values, BiConsumer<String, Boolean> blocks) {
    var parts = new TreeMap<Part, String>();
    try {
      for (var each : texts.entrySet()) {
        Part part = each.getKey();
        Context context =
            Context.newBuilder(read(values)).resolver(MapValueResolver.INSTANCE).build();
        BiConsumer<String, Boolean> ofPart =
            (place, seen) -> blocks.accept(label(part) + ", " + place, seen);
        context.data(BLOCKS, ofPart);
        String written = handlebars(part).compileInline(each.getValue()).apply(context);
        // A line break in a subject begins another header of the e-mail.
        parts.put(
            part,
            part == Part.SUBJECT ? written.replaceAll("[\\p{Cntrl}]+", " ").strip() : written);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(parts);
  }

  /** A release may be older than the settings, and have a text where a list is now. */
  private static List<?> list(String written) {
    try {
      return written.isEmpty() ? List.of() : JSON.readValue(written, List.class);
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  /** Returns the values with each list, which is written as JSON, as a list. */
  private Map<String, Object> read(Map<String, String> values) {
    Map<String, Object> read = new HashMap<>(values);
    for (String list : lists.keySet()) {
      String written = values.getOrDefault(list, "");
      read.put(list, list(written));
    }
    return read;
  }

  private static Handlebars handlebars(Part part) {
    return part == Part.HTML ? ESCAPING : PLAIN;
  }

  /** Of blocks that stand on lines of their own no empty lines are left. */
  private static Handlebars handlebars(EscapingStrategy escaping) {
    var handlebars =
        new Handlebars().with(escaping).with(new ConcurrentMapTemplateCache()).prettyPrint(true);
    handlebars.registerHelper(
        EQUAL, block((value, options) -> value != null && value.equals(options.param(0))));
    handlebars.registerHelper("if", block((value, options) -> !options.isFalsy(value)));
    handlebars.registerHelper(
        "each",
        (value, options) -> {
          boolean isAny = !options.isFalsy(value);
          tell(options, isAny);
          return isAny ? EachHelper.INSTANCE.apply(value, options) : options.inverse();
        });
    handlebars.registerHelper("unless", block((value, options) -> options.isFalsy(value)));
    return handlebars;
  }

  private static String label(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  /** Whether a block is seen. */
  private interface Seen {
    boolean of(Object value, Options options) throws IOException;
  }

  private static Helper<Object> block(Seen seen) {
    return (value, options) -> {
      boolean isSeen = seen.of(value, options);
      tell(options, isSeen);
      return isSeen ? options.fn() : options.inverse();
    };
  }

  private static void tell(Options options, boolean isSeen) {
    BiConsumer<String, Boolean> blocks = options.data(BLOCKS);
    blocks.accept("line %d: %s".formatted(options.fn.position()[0], condition(options)), isSeen);
  }

  private static String condition(Options options) {
    return options.params.length == 0
        ? "#" + options.helperName
        : "#%s %s".formatted(options.helperName, options.params[0]);
  }
}
