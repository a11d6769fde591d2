package io.persegment.customer;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the values counts that a customer's records give.
 *
 * @param otherwise what holds for fields that have no policy of their own
 * @param fields policies by field of {@link Customers}; {@link #ADDRESS} is that of its parts
 */
public record Survivorship(Policy otherwise, Map<String, Policy> fields) {

  /** What decides between records whose word is worth the same. */
  public enum Rule {
    MOST_RECENT,
    /** The value that most of them give. */
    MOST_FREQUENT,
    /** The longest; of addresses the one of most parts. */
    MOST_COMPLETE
  }

  /**
   * What holds for one field.
   *
   * @param sources whose word goes before that of all others, the first named first
   */
  public record Policy(Rule rule, List<String> sources) {
    public Policy {
      sources = List.copyOf(sources);
    }
  }

  /** Street, city, postcode and region, which are taken from one record. */
  static final String ADDRESS = "address";

  public Survivorship {
    fields = Map.copyOf(fields);
  }

  /**
   * Reads the section {@code customers.survivorship}.
   *
   * @param systems those that records can be of
   */
  public static Survivorship from(Section survivorship, Collection<String> systems) {
    Policy otherwise = policy(survivorship, Optional.empty(), systems);
    Section fields = survivorship.section("fields");
    Map<String, Policy> own =
        fields.each(
            (name, field) -> {
              if (!Golden.FIELDS.contains(name)) {
                fields.problem(
                    name, "is no field of a customer; " + Nearest.hint(name, Golden.FIELDS));
              }
              return policy(field, Optional.of(otherwise), systems);
            });
    return new Survivorship(otherwise, own);
  }

  private static Policy policy(
      Section section, Optional<Policy> otherwise, Collection<String> systems) {
    boolean hasRule = otherwise.isEmpty() || section.has("rule");
    boolean hasSources = otherwise.isEmpty() || section.has("sources");
    List<String> sources = hasSources ? section.texts("sources") : otherwise.get().sources();
    for (String source : sources) {
      if (hasSources && !systems.contains(source)) {
        section.problem("sources", "names %s; %s".formatted(source, Nearest.hint(source, systems)));
      }
    }
    return new Policy(
        hasRule ? section.choice("rule", Rule.class) : otherwise.get().rule(), sources);
  }

  Policy of(String field) {
    return fields.getOrDefault(field, otherwise);
  }
}
