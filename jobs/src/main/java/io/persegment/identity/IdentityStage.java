package io.persegment.identity;

import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Decides which records are one person. Records that share an identifier, or match by what a model
 * has learnt, are linked; what hangs together is a customer where the guard finds nothing against
 * it, and keeps the id that most of the records had.
 */
public final class IdentityStage implements Stage {
  private final IdentitySettings settings;

  public IdentityStage(IdentitySettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public String summary() {
    return "Decides which records are one person, and gives persons ids that last";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        Contacts.TABLE,
        ContactMerges.TABLE,
        Orders.TABLE,
        WebEvents.TABLE,
        EmailEvents.TABLE,
        Consents.TABLE,
        SurveyAnswers.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(
        IdentityModels.TABLE,
        IdentityLeftOut.TABLE,
        IdentityLinks.TABLE,
        IdentityCompared.TABLE,
        IdentityChanges.TABLE,
        IdentityMap.TABLE);
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  /**
   * Makes sure that what the settings name can be read. An action, where they name anything.
   *
   * @throws io.persegment.error.PersegmentException where it cannot
   */
  public void check(Lake lake) {
    settings.decisions().ifPresent(file -> Decisions.judged(lake.spark(), file));
    settings
        .labels()
        .ifPresent(truth -> LabelledContacts.open(lake, truth, lake.readOrEmpty(Contacts.TABLE)));
  }

  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Inputs inputs = Inputs.read(context);
    inputs.reportWithoutIdentifier(context.report());

    Graph graph = Graph.build(lake, inputs, settings, context.report());
    graph.check(context.report());
    write(context, graph, Outcome.of(lake, graph, inputs));
  }

  /** The map comes last: until it is there, a run that is repeated finds the old one. */
  private void write(StageContext context, Graph graph, Outcome outcome) {
    Lake lake = context.lake();
    Dataset<Row> changes =
        lake.scratch(
            "identity/changes",
            Changes.of(
                outcome.members().union(outcome.gone()), outcome.ids(), context.asOfColumn()));
    reportChanges(changes, context.report());
    graph.matches().writeModel(lake, context.asOf());
    lake.overwrite(IdentityLinks.TABLE, graph.links());
    IdentityLinks.report(lake.read(IdentityLinks.TABLE), context.report());
    graph.matches().writeCompared(lake);
    Column today = IdentityChanges.AS_OF.col().equalTo(context.asOfColumn());
    Dataset<Row> ofToday =
        lake.readOrEmpty(IdentityChanges.TABLE).where(today).union(changes).distinct();
    lake.replaceWhere(IdentityChanges.TABLE, "as_of = DATE'%s'".formatted(context.asOf()), ofToday);
    lake.overwrite(IdentityMap.TABLE, map(outcome.members(), outcome.ids(), context.asOfColumn()));
    context.report().rows("customers", outcome.ids().count());
  }

  /**
   * Who is who, before it is written.
   *
   * @param members as {@link Members#of}
   * @param gone as {@link Members#gone}
   * @param ids as {@link CustomerIds#of}
   */
  record Outcome(Dataset<Row> members, Dataset<Row> gone, Dataset<Row> ids) {
    /** An action. */
    static Outcome of(Lake lake, Graph graph, Inputs inputs) {
      Dataset<Row> oldMap = lake.readOrEmpty(IdentityMap.TABLE);
      Dataset<Row> members =
          lake.scratch(
              "identity/members", Members.of(graph.records(), graph.components().edges(), oldMap));
      Dataset<Row> gone =
          lake.scratch(
              "identity/gone", Members.gone(members, oldMap, graph.identifiers(), inputs.orders()));
      return new Outcome(
          members, gone, lake.scratch("identity/ids", CustomerIds.of(members, gone, oldMap)));
    }
  }

  /** Returns rows of {@link IdentityMap}; a record that stays where it was keeps its date. */
  static Dataset<Row> map(Dataset<Row> members, Dataset<Row> ids, Column asOf) {
    Column stays = Members.OLD_ID.col().equalTo(IdentityMap.CUSTOMER_ID.col());
    return members
        .join(ids, Members.names(List.of(Members.COMPONENT)))
        .withColumn(IdentityMap.SINCE.name(), when(stays, Members.OLD_SINCE.col()).otherwise(asOf))
        .select(IdentityMap.TABLE.columns());
  }

  private static void reportChanges(Dataset<Row> changes, StageReport report) {
    Column change = IdentityChanges.CHANGE.col();
    Row counts =
        changes
            .agg(
                count_if(change.equalTo(Changes.MINTED)).as("customers_minted"),
                count_if(change.equalTo(Changes.ABSORBED)).as("customers_grown"),
                count_if(change.equalTo(Changes.MERGED)).as("customers_merged"),
                count_if(change.equalTo(Changes.SPLIT)).as("customers_split"))
            .head();
    for (String name : counts.schema().fieldNames()) {
      report.rows(name, counts.<Long>getAs(name));
    }
  }
}
