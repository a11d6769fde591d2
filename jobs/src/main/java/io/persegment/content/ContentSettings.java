package io.persegment.content;

import io.persegment.config.Section;
import io.persegment.segments.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What each customer gets.
 *
 * @param tokens in order of their names
 * @param slots places of an e-mail or a page of which each shows one variation
 * @param mappings in order of priority
 * @param otherwise the variation of each slot for whom no mapping says one
 * @param templates in order of their names
 */
public record ContentSettings(
    List<Token> tokens,
    List<String> slots,
    List<Mapping> mappings,
    Map<String, String> otherwise,
    List<Template> templates) {
  /** Such as templates and tools read without quotes. */
  private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{N}_]*");

  public ContentSettings {
    tokens = List.copyOf(tokens);
    slots = List.copyOf(slots);
    mappings = List.copyOf(mappings);
    otherwise = Map.copyOf(otherwise);
    templates = List.copyOf(templates);
  }

  /** Reads the section {@code content}. */
  public static ContentSettings from(Section content, Vocabulary vocabulary) {
    List<String> slots = content.texts("slots");
    slots.forEach(slot -> requirePlain(content, "slots", slot));
    Section written = content.section("tokens");
    Map<String, Token> tokens =
        written.each(
            (name, section) -> {
              requirePlain(written, name, name);
              return Token.from(name, section, vocabulary);
            });
    Section rows = content.section("mapping");
    Map<String, Mapping> mappings =
        rows.each((name, section) -> Mapping.from(name, section, slots, vocabulary));
    requirePriorities(rows, mappings);
    slots.stream()
        .filter(tokens::containsKey)
        .forEach(
            both -> content.problem("slots", "has %s, which is a token as well".formatted(both)));
    return new ContentSettings(
        new ArrayList<>(tokens.values()),
        slots,
        mappings.values().stream().sorted(Comparator.comparing(Mapping::priority)).toList(),
        otherwise(content, slots),
        templates(content, tokens, slots));
  }

  private static List<Template> templates(
      Section content, Map<String, Token> tokens, List<String> slots) {
    List<String> known = Stream.concat(tokens.keySet().stream(), slots.stream()).sorted().toList();
    Map<String, List<String>> lists = new TreeMap<>();
    tokens.values().stream()
        .filter(Token::isList)
        .forEach(token -> lists.put(token.name(), token.ofEach()));
    lists.forEach(
        (name, ofEach) ->
            ofEach.stream()
                .filter(known::contains)
                .forEach(
                    both ->
                        content.problem(
                            "tokens",
                            "has the list %s of what has %s, which is a token or slot as well; call it otherwise"
                                .formatted(name, both))));
    return new ArrayList<>(
        content
            .section("templates")
            .each((name, section) -> Template.from(name, section, known, lists))
            .values());
  }

  private static Map<String, String> otherwise(Section content, List<String> slots) {
    if (slots.isEmpty()) {
      content.has("otherwise");
      return Map.of();
    }
    Map<String, String> otherwise = Mapping.shown(content, "otherwise", slots);
    for (String slot : slots) {
      if (!otherwise.containsKey(slot)) {
        content.problem(
            "otherwise",
            "has no variation of %s; write what those get of whom nothing says one"
                .formatted(slot));
      }
    }
    return otherwise;
  }

  private static void requirePlain(Section section, String key, String name) {
    if (!NAME.matcher(name).matches()) {
      section.problem(
          key, "has a name that is not plain: %s; use letters, digits and _".formatted(name));
    }
  }

  private static void requirePriorities(Section rows, Map<String, Mapping> mappings) {
    var first = new HashMap<Integer, String>();
    mappings.forEach(
        (name, mapping) -> {
          String other = first.putIfAbsent(mapping.priority(), name);
          if (other != null) {
            rows.problem(
                name,
                "has the priority %d, as %s has; which of both comes first must be said"
                    .formatted(mapping.priority(), other));
          }
        });
  }
}
