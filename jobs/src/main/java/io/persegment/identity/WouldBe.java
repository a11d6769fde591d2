package io.persegment.identity;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;

import io.persegment.run.StageContext;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the identity stage would change of the customers as they are, by other settings or by what
 * came in since.
 *
 * @param before customers now
 * @param after customers then
 * @param merged how many customers would be of two or more that are now
 * @param split how many customers of now would be several
 * @param minted how many would be of new records alone
 * @param merges some customers that would be of several: the id, then those of now
 * @param splits some customers of now that would be several: the id, then those
 */
public record WouldBe(
    long before,
    long after,
    long merged,
    long split,
    long minted,
    List<List<String>> merges,
    List<List<String>> splits) {

  /** So many examples of each. */
  private static final int EXAMPLES = 20;

  /** So many ids of an example. */
  private static final int IDS = 10;

  private static final String ONE = "one";
  private static final String TOGETHER = "together";

  public WouldBe {
    merges = List.copyOf(merges);
    splits = List.copyOf(splits);
  }

  /** Works it out; writes nothing but scratch. An action. */
  public static WouldBe of(StageContext context, IdentitySettings settings) {
    Inputs inputs = Inputs.read(context);
    Graph graph = Graph.build(context.lake(), inputs, settings, context.report());
    var outcome = IdentityStage.Outcome.of(context.lake(), graph, inputs);
    Column old = Members.OLD_ID.col();
    Column next = IdentityMap.CUSTOMER_ID.col();
    Dataset<Row> moves =
        context
            .lake()
            .scratch(
                "identity/moves",
                outcome
                    .members()
                    .union(outcome.gone()) // an address that a contact has now was a customer too
                    .join(outcome.ids(), Members.names(Members.COMPONENT))
                    .select(old, next)
                    .distinct());
    Dataset<Row> known = moves.where(old.isNotNull());
    Dataset<Row> merges = together(known, next, old);
    Dataset<Row> splits = together(known, old, next);
    long before =
        context
            .lake()
            .readOrEmpty(IdentityMap.TABLE)
            .select(IdentityMap.CUSTOMER_ID.col())
            .distinct()
            .count();
    long after = moves.select(next).distinct().count();
    long kept = known.select(next).distinct().count();
    return new WouldBe(
        before,
        after,
        merges.count(),
        splits.count(),
        after - kept,
        examples(merges),
        examples(splits));
  }

  /** Returns one row for each of {@code one} that has several of {@code others}. */
  private static Dataset<Row> together(Dataset<Row> moves, Column one, Column others) {
    return moves
        .groupBy(one.as(ONE))
        .agg(array_sort(collect_set(others)).as(TOGETHER))
        .where(size(col(TOGETHER)).gt(1));
  }

  private static List<List<String>> examples(Dataset<Row> rows) {
    return rows
        .orderBy(ONE)
        .limit(EXAMPLES)
        .select(col(ONE), slice(col(TOGETHER), 1, IDS))
        .collectAsList() // bounded by EXAMPLES
        .stream()
        .map(
            row ->
                Stream.concat(Stream.of(row.getString(0)), row.<String>getList(1).stream())
                    .toList())
        .toList();
  }
}
