package io.persegment.matching;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;

import io.persegment.conformed.Contacts;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What rules of blocking make of a lake's contacts, counted without making a pair, and which of
 * them to block by.
 *
 * @param records contacts that are compared
 * @param budget how many pairs a rule may make of them
 * @param mostPairs how many pairs all rules together may make
 * @param rules those of the settings, in their order
 * @param candidates others that may be of use
 * @param proposed those to block by, in the order they are to be written
 */
public record Proposal(
    long records,
    long budget,
    long mostPairs,
    List<Counted> rules,
    List<Counted> candidates,
    List<Counted> proposed) {

  /**
   * A rule and what it makes.
   *
   * @param rule its expressions
   * @param records contacts that have all that it asks for
   * @param blocks of two or more contacts
   * @param largest contacts of the largest block
   * @param kept pairs within what a rule may make
   * @param pairsLeftOut pairs of the blocks that are left out, because it would make more
   * @param within the rule that makes all its pairs already: of those before it, or proposed; empty
   *     where none does, or that cannot be told
   */
  public record Counted(
      List<String> rule,
      long records,
      long blocks,
      long largest,
      long kept,
      long pairsLeftOut,
      Optional<List<String>> within) {

    /** Returns how many pairs it would make if all blocks were compared. */
    public long pairs() {
      return kept + pairsLeftOut;
    }

    private Counted within(List<Counted> others) {
      Optional<List<String>> all =
          others.stream().filter(this::isWithin).map(Counted::rule).findFirst();
      return new Counted(rule, records, blocks, largest, kept, pairsLeftOut, all);
    }

    /** Returns whether two contacts who agree on this rule agree on the other, which has room. */
    private boolean isWithin(Counted other) {
      return other.pairsLeftOut == 0
          && other.rule.stream().allMatch(part -> rule.contains(part) || isBeginning(part));
    }

    private boolean isBeginning(String part) {
      Matcher beginning = BEGINNING.matcher(part);
      return beginning.matches() && rule.contains(beginning.group(1));
    }
  }

  private static final Pattern BEGINNING = Pattern.compile("substring\\((\\w+), 1, [1-9]\\d*\\)");

  /** A candidate that makes more than this share of what a rule may is no small addition. */
  private static final double LITTLE = 0.5;

  public Proposal {
    rules = List.copyOf(rules);
    candidates = List.copyOf(candidates);
    proposed = List.copyOf(proposed);
  }

  /**
   * Counts what the rules of {@code settings} make, and further ones. An action: a pass for the
   * attributes that contacts have, and one for all rules.
   */
  public static Proposal of(Lake lake, MatchingSettings settings) {
    Dataset<Row> contacts =
        lake.read(Contacts.TABLE)
            .where(not(Contacts.isEnrichment()))
            .withColumn(Comparables.NODE.name(), lit(0L));
    long records = contacts.count();
    List<List<SqlExpression>> all = new ArrayList<>(settings.blocking());
    all.addAll(Candidates.of(contacts, records, settings));
    long budget = settings.budget(records);
    List<Counted> counted = counted(contacts, settings.withBlocking(all), budget);
    int own = settings.blocking().size();
    List<Counted> rules = new ArrayList<>();
    for (Counted rule : counted.subList(0, own)) {
      rules.add(rule.within(rules));
    }
    List<Counted> candidates = counted.subList(own, counted.size());
    List<Counted> proposed = proposed(rules, candidates, budget, settings.mostPairs());
    List<Counted> told =
        candidates.stream().map(each -> each.within(others(proposed, each))).toList();
    return new Proposal(records, budget, settings.mostPairs(), rules, told, proposed);
  }

  /** Returns whether there are so few contacts that each is compared with every other. */
  public boolean comparesEverybody() {
    return records <= Blocks.FEW;
  }

  /** Returns how many pairs such rules make at most; one that several make counts as often. */
  public static long sum(List<Counted> rules) {
    return rules.stream().mapToLong(Counted::kept).sum();
  }

  private static List<Counted> others(List<Counted> rules, Counted one) {
    return rules.stream().filter(rule -> !rule.rule().equals(one.rule())).toList();
  }

  /**
   * The settings' rules that make anything, and candidates that make little, leave out nothing, and
   * are not made by others: the widest first, as narrower ones are often within it.
   */
  private static List<Counted> proposed(
      List<Counted> rules, List<Counted> candidates, long budget, long mostPairs) {
    List<Counted> proposed = new ArrayList<>(rules);
    proposed.removeIf(rule -> rule.kept() == 0);
    long sum = sum(proposed);
    List<Counted> widestFirst =
        candidates.stream()
            .filter(rule -> rule.kept() > 0 && rule.pairsLeftOut() == 0)
            .filter(rule -> rule.kept() <= LITTLE * budget)
            .sorted(Comparator.comparingLong(Counted::kept).reversed()) // ties stay in their order
            .toList();
    for (Counted candidate : widestFirst) {
      boolean isNew = candidate.within(proposed).within().isEmpty();
      if (isNew && sum + candidate.kept() <= mostPairs) {
        proposed.add(candidate);
        sum += candidate.kept();
      }
    }
    return proposed;
  }

  private static List<Counted> counted(
      Dataset<Row> contacts, MatchingSettings settings, long budget) {
    List<Counted> counted = new ArrayList<>();
    List<Blocks.Rule> kept = new ArrayList<>();
    for (List<SqlExpression> rule : settings.blocking()) {
      List<String> texts = rule.stream().map(SqlExpression::text).toList();
      counted.add(new Counted(texts, 0, 0, 0, 0, 0, Optional.empty()));
      kept.add(new Blocks.Rule("", 0, 0, 0, 0));
    }
    Comparables.of(contacts, settings)
        .select(posexplode(Comparables.KEYS.col()))
        .toDF(Blocks.RULE.name(), Blocks.KEY.name())
        .where(Blocks.KEY.col().isNotNull())
        .groupBy(Blocks.RULE.col(), Blocks.KEY.col())
        .agg(count(lit(1)).as(Blocks.SIZE.name()))
        .groupBy(Blocks.RULE.col(), Blocks.SIZE.col())
        .agg(count(lit(1)).as(Blocks.BLOCKS.name()))
        .orderBy(Blocks.RULE.col(), Blocks.SIZE.col())
        .collectAsList() // as many as blocks have different sizes
        .forEach(
            row -> {
              int place = row.getInt(0);
              long size = row.getLong(1);
              long blocks = row.getLong(2);
              long made = blocks * (size * (size - 1) / 2);
              Blocks.Rule rule = kept.get(place).with(blocks, size, made, budget);
              kept.set(place, rule);
              Counted before = counted.get(place);
              counted.set(
                  place,
                  new Counted(
                      before.rule(),
                      before.records() + blocks * size,
                      before.blocks() + (size > 1 ? blocks : 0),
                      size > 1 ? size : 0,
                      rule.pairs(),
                      rule.pairsLeftOut(),
                      Optional.empty()));
            });
    return counted;
  }
}
